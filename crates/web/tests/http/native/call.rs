//! Calling a router without a socket.

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use testkit::Installation;
use tower::ServiceExt;

use herald_web::{WebConfig, router};

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A request as text: `"POST /v1/me"`.
pub fn ask(line: &str) -> axum::http::request::Builder {
    let (method, path) = line.split_once(' ').unwrap();
    Request::builder().method(method).uri(path)
}

pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

pub async fn get(router: &Router, path: &str, token: &str) -> Answer {
    send(router, with(ask(&format!("GET {path}")), token).body(Body::empty()).unwrap()).await
}

/// A call with a JSON body; `token` may be `""`.
pub async fn call(router: &Router, line: &str, token: &str, body: &Value) -> Answer {
    let request = with(ask(line), token).header(CONTENT_TYPE, "application/json");
    send(router, request.body(Body::from(body.to_string())).unwrap()).await
}

fn with(request: axum::http::request::Builder, token: &str) -> axum::http::request::Builder {
    if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) }
}

pub fn served(herald: &Installation, change: impl FnOnce(&mut WebConfig)) -> Router {
    let mut config = WebConfig::at("http://127.0.0.1:8080");
    change(&mut config);
    router(herald.ctx.clone(), config)
}
