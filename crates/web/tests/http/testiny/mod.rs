//! testiny.md; tests are named after its cases.

mod account;
mod refused;
mod sessions;

use axum::body::Body;
use axum::http::Request;
use testkit::demo;

use crate::kit::bare;

const PATH: &str = "/account/me";

/// `GET /account/me` with a key.
fn me(key: &str) -> Request<Body> {
    bare("GET", PATH, &[("x-api-key", key)])
}

/// The same with a bearer token.
fn bearer(token: &str) -> Request<Body> {
    bare("GET", PATH, &[("authorization", &format!("Bearer {token}"))])
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
