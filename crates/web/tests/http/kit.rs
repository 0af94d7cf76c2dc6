//! One Herald a test, requests as values, answers as snapshots.

use app::oauth::client_credentials;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header, request};
use domain::audit::{Actor, Origin};
use domain::client::Scopes;
use serde_json::{Value, json};
use testkit::{Engine, Server, Setup, World};
use tower::ServiceExt;

/// A program that the demo has not.
pub const GATEWAY: &str = r#"
[[client]]
id = "gateway"
secret = "a secret of the gateway's own"
grants = ["client_credentials"]
scopes = ["read", "write"]
"#;

pub struct Herald {
    pub at: Server,
}

impl Herald {
    /// `demo.toml`.
    pub async fn demo() -> Self {
        Self::with(Setup::on(Engine::Sqlite)).await
    }

    /// The world of a text, and nothing else.
    pub async fn of(world: &str) -> Self {
        Self::with(Setup::on(Engine::Sqlite).world(World::Text(world.to_owned()))).await
    }

    /// With other settings of the use cases; the limit of sign-ins is the usual one.
    pub async fn with(setup: Setup) -> Self {
        Self { at: Server::with(setup, |config| config.sign_in_per_ip = 60).await }
    }

    /// The demo, where an address may ask once a minute.
    pub async fn sparing() -> Self {
        let setup = Setup::on(Engine::Sqlite);
        Self { at: Server::with(setup, |config| config.requests_per_ip = 1).await }
    }

    /// Another node on the same store.
    pub async fn another(&self) -> Self {
        Self { at: self.at.another().await }
    }

    /// As `herald apply` does beside a running server.
    pub async fn apply(&self, world: &str) {
        let actor = Actor { kind: "command line", id: None, credential: None };
        let origin = Origin::default();
        app::world::apply(&self.at.ctx, world, &actor, &origin).await.unwrap();
    }

    /// An access token of a program in its own name, with both scopes that Herald asks for.
    pub async fn client_token(&self) -> String {
        self.apply(GATEWAY).await;
        let client = self.at.client("gateway").await;
        let (scope, origin) = (Scopes::parse("read write"), testkit::origin());
        let command = client_credentials::Command { client, scope, origin };
        client_credentials::run(&self.at.ctx, command).await.unwrap().sign(&self.at.ctx).unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.at.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1024 * 1024).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

/// A request with these headers and no body.
pub fn bare(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    with_body(method, path, headers, Body::empty())
}

pub fn with_body(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    raw(method, path, headers.iter().map(|(name, value)| (*name, value.as_bytes())))
        .body(body.into())
        .unwrap()
}

/// Headers of any bytes.
pub fn raw<'h>(
    method: &str,
    path: &str,
    headers: impl IntoIterator<Item = (&'h str, &'h [u8])>,
) -> request::Builder {
    let builder = Request::builder().method(method).uri(path);
    headers.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value))
}

#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {:?}", self.body))
    }

    /// One header, which may stand once.
    pub fn header(&self, name: impl header::AsHeaderName + Copy) -> Option<&str> {
        assert!(self.headers.get_all(name).iter().count() < 2);
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status, the headers that matter, the body; the request's id is checked, and hidden.
    pub fn shown(&self) -> Value {
        const MATTER: [header::HeaderName; 7] = [
            header::CONTENT_TYPE,
            header::CACHE_CONTROL,
            header::X_CONTENT_TYPE_OPTIONS,
            header::WWW_AUTHENTICATE,
            header::ALLOW,
            header::RETRY_AFTER,
            header::SET_COOKIE,
        ];
        let headers: serde_json::Map<_, _> =
            MATTER.iter().filter_map(|name| Some((name.to_string(), self.header(name)?.into()))).collect();
        json!({"status": self.status.as_u16(), "headers": headers, "body": self.body_shown()})
    }

    fn body_shown(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        let mut body = self.json();
        if let Some(id) = body.get_mut("reqid") {
            assert_eq!(id.as_str(), self.header("x-request-id"));
            *id = "[request id]".into();
        }
        body
    }
}
