//! akto.md; tests are named after its cases.

mod access_types;
mod analysis;
mod billing;
mod bodies;
mod calls;
mod elsewhere;
mod last_login;
mod me;
mod refused;
mod roles;
mod tokens;

use app::sessions::sign_in::Through;
use axum::body::Body;
use axum::http::Request;
use testkit::{Engine, Setup, demo};

use crate::kit::{Herald, bare, with_body};

/// `POST /api/me` with a key.
fn me(key: &str) -> Request<Body> {
    bare("POST", "/api/me", &[("x-api-key", key)])
}

/// The same with a body.
fn me_with(key: &str, body: impl Into<Body>) -> Request<Body> {
    with_body("POST", "/api/me", &[("x-api-key", key)], body)
}

/// The eight, each with a body that would do.
const CALLS: [(&str, &str); 8] = [
    ("/api/me", ""),
    ("/api/fetchUserLastLoginTs", ""),
    ("/api/getCustomRoles", ""),
    ("/api/getRoleHierarchy", ""),
    ("/api/getAccessTypes", r#"{"urls":["/v1/orders"]}"#),
    ("/api/fetchApiTokens", ""),
    ("/api/getUserAnalysis", r#"{"agentId":"claude-desktop","deviceId":"lt-4471"}"#),
    ("/api/getCustomerStiggDetails", r#"{"customerId":"550e8400-e29b-41d4-a716-446655440000"}"#),
];

/// The demo, with the secret of the contract's vectors.
async fn signing() -> Herald {
    let setup = Setup::on(Engine::Sqlite);
    Herald::with(setup.config(|config| config.stigg_signing_secret = Some("test-signing-secret".into())))
        .await
}

/// One of the calls with a key and a body, empty for none.
fn call(path: &str, key: &str, body: impl Into<Body>) -> Request<Body> {
    with_body("POST", path, &[("x-api-key", key)], body)
}

/// A revealable key of mira's, made with an OAuth token of these scopes.
async fn bound(herald: &Herald, scopes: &str) -> String {
    let scope = domain::client::Scopes::parse(scopes);
    let through = Through::Oauth { client: herald.at.client(demo::CLIENT).await, scope };
    let command = testkit::command(demo::MIRA, demo::password(demo::MIRA), through);
    let bearer = format!("Bearer {}", herald.at.try_command(command).await.unwrap().token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = serde_json::json!({"name": scopes, "utility": "EXTERNAL_API"}).to_string();
    let minted = herald.send(with_body("POST", "/v1/me/tokens", &headers, body)).await;
    assert_eq!(minted.status, 201);
    let shown: Vec<&str> = scopes.split(' ').collect();
    assert_eq!(minted.json()["scopes"], serde_json::json!(shown));
    minted.json()["token"].as_str().unwrap().to_owned()
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
