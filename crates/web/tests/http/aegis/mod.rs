//! aegis.md; tests are named after its cases.

mod logout;
mod me;
mod refused;
mod role_names;
mod tokens;
mod tokens_listed;
mod users;
mod users_active;
mod users_last;
mod users_listed;

use axum::body::Body;
use axum::http::Request;
use testkit::demo;

use crate::kit::{Answer, Herald, bare, with_body};

/// `GET` with a bearer token.
fn get(path: &str, token: &str) -> Request<Body> {
    bare("GET", path, &[("authorization", &format!("Bearer {token}"))])
}

/// A call with a bearer token and a body, under the content type that `curl -d` sends.
async fn call(herald: &Herald, method: &str, path: &str, token: &str, body: &str) -> Answer {
    let line = format!("Bearer {token}");
    let headers = [("authorization", &*line), ("content-type", "application/x-www-form-urlencoded")];
    herald.send(with_body(method, path, &headers, body.to_owned())).await
}

/// Status and message of a refusal.
fn said(answer: &Answer) -> (u16, String) {
    let body = answer.json();
    assert_eq!((body["status"].as_str(), body.as_object().unwrap().len()), (Some("fail"), 2), "{body}");
    (answer.status.as_u16(), body["message"].as_str().unwrap().to_owned())
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
