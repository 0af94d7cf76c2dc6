//! What becomes of a handler that panics or never answers.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use testkit::Installation;
use tower::{Layer, ServiceExt};

use super::Frame;
use crate::{Face, State, WebConfig};

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    json: Value,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// One handler in the frame, behind a face.
async fn framed<F, T>(herald: &Installation, face: Face, handler: F) -> Answer
where
    F: axum::handler::Handler<T, ()>,
    T: 'static,
{
    let mut config = WebConfig::at("http://127.0.0.1:8080");
    config.deadline = Duration::from_millis(20);
    let state = State::new(herald.ctx.clone(), config);
    let service = Frame::of(&state, face, "/test").layer(axum::routing::any(handler));
    let response = service.oneshot(Request::new(Body::empty())).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, json: serde_json::from_slice(&bytes).unwrap() }
}

async fn broken() -> StatusCode {
    panic!("on purpose")
}

#[tokio::test]
async fn a_panic_is_a_fault_in_every_face() {
    let herald = Installation::start().await;
    for (face, body) in [
        (Face::Akto, json!({"actionErrors": ["Internal error"]})),
        (Face::Aegis, json!({"status": "fail", "message": "internal error"})),
        (Face::Frontegg, json!({"errors": ["Internal server error"]})),
        (Face::OAuth, json!({"error": "server_error", "error_description": "Internal error"})),
        (Face::Insights, json!({"error": "server_error", "error_description": "Internal error"})),
    ] {
        let answer = framed(&herald, face, broken).await;
        assert_eq!((answer.status.as_u16(), &answer.json), (500, &body), "{face:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let answer = framed(&herald, Face::Testiny, broken).await;
    assert_eq!(answer.json["reqid"], answer.header("x-request-id"));
    assert_eq!(framed(&herald, Face::Native, broken).await.json["code"], "internal");
}

#[tokio::test]
async fn the_deadline_is_an_absence_in_every_face() {
    let herald = Installation::start().await;
    for face in
        [Face::Native, Face::OAuth, Face::Akto, Face::Testiny, Face::Insights, Face::Frontegg, Face::Aegis]
    {
        let answer = framed(&herald, face, || async { std::future::pending::<StatusCode>().await }).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "2"), "{face:?}");
    }
}
