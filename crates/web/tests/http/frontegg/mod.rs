//! frontegg.md; tests are named after its cases.

mod hostile;
mod jwt;
mod logout;
mod me;
mod refresh;
mod sign_in;
mod world;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use testkit::demo;

use crate::kit::{Answer, Herald, bare, with_body};

const SIGN_IN: &str = "/identity/resources/auth/v1/user";
const REFRESH: &str = "/identity/resources/auth/v1/user/token/refresh";
const LOGOUT: &str = "/identity/resources/auth/v1/logout";
const ME: &str = "/identity/resources/users/v3/me";

/// The routes that there are, with their methods.
const ROUTES: [(&str, &str); 4] = [("POST", SIGN_IN), ("POST", REFRESH), ("POST", LOGOUT), ("GET", ME)];

/// The client of demo.toml that stands for the environment.
const ENVIRONMENT: &str = "7f4b6f0e-52c4-4c37-8f0a-2d6c1c5b9e01";
/// The refresh cookie's name, as it is set.
const COOKIE: &str = "fe_refresh_7f4b6f0e52c4-4c37-8f0a-2d6c1c5b9e01";
const NORTHWIND: &str = "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01";

const UNAUTHORIZED: &str = r#"{"errors":["Unauthorized"]}"#;
const FORBIDDEN: &str = r#"{"errors":["Forbidden"]}"#;
const INVALID: &str = r#"{"errors":["Invalid authentication"],"errorCode":"ER-01013"}"#;

const JSON: (&str, &str) = ("content-type", "application/json");

fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    with_body("POST", path, &[JSON], body)
}

fn me(token: &str) -> Request<Body> {
    bare("GET", ME, &[("authorization", &format!("Bearer {token}"))])
}

/// Somebody's e-mail and password.
fn credentials(email: &str, password: &str) -> String {
    json!({"email": email, "password": password}).to_string()
}

/// What a sign-in handed out.
struct Signed {
    answer: Answer,
    access: String,
    refresh: String,
}

impl Signed {
    /// Of a sign-in or refresh that went well.
    fn of(answer: Answer) -> Self {
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap_or_else(|| panic!("{name}: {body}")).to_owned();
        let (access, refresh) = (text("accessToken"), text("refreshToken"));
        assert!(access.starts_with("eyJ") && refresh.starts_with("hr_"), "{body}");
        Self { answer, access, refresh }
    }

    fn claims(&self) -> Value {
        part(&self.access, 1)
    }
}

/// Header (0) or claims (1) of a JWT.
fn part(token: &str, at: usize) -> Value {
    let part = token.split('.').nth(at).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

impl Herald {
    /// A person of the demo, signed in at this door.
    async fn signed_in(&self, email: &str) -> Signed {
        let answer = self.send(post(SIGN_IN, credentials(email, demo::password(email)))).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        Signed::of(answer)
    }

    /// A refresh by body, well or not.
    async fn refreshed(&self, token: &str) -> Answer {
        self.send(post(REFRESH, json!({"refreshToken": token}).to_string())).await
    }

    async fn status_of_me(&self, token: &str) -> u16 {
        self.send(me(token)).await.status.as_u16()
    }
}

/// Status and body of a refusal, which is JSON, is not kept, and names the request.
fn said(answer: &Answer) -> (u16, &str) {
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("frontegg-trace-id"), answer.header("x-request-id"));
    assert!(answer.header("frontegg-trace-id").is_some());
    (answer.status.as_u16(), std::str::from_utf8(&answer.body).unwrap())
}
