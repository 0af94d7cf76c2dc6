//! akto.md; tests are named after its cases.

mod bodies;
mod me;
mod refused;

use axum::body::Body;
use axum::http::Request;
use testkit::demo;

use crate::kit::{bare, with_body};

/// `POST /api/me` with a key.
fn me(key: &str) -> Request<Body> {
    bare("POST", "/api/me", &[("x-api-key", key)])
}

/// The same with a body.
fn me_with(key: &str, body: impl Into<Body>) -> Request<Body> {
    with_body("POST", "/api/me", &[("x-api-key", key)], body)
}

fn mira() -> &'static str {
    demo::key(demo::MIRA)
}

fn gus() -> &'static str {
    demo::key(demo::GUS)
}

fn otto() -> &'static str {
    demo::key(demo::OTTO)
}
