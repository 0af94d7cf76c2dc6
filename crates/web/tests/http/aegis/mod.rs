//! aegis.md; tests are named after its cases.

mod logout;
mod me;
mod refused;

use axum::body::Body;
use axum::http::Request;
use testkit::demo;

use crate::kit::bare;

/// `GET` with a bearer token.
fn get(path: &str, token: &str) -> Request<Body> {
    bare("GET", path, &[("authorization", &format!("Bearer {token}"))])
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
