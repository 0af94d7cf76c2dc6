//! `GET /.well-known/oauth-authorization-server` (insights.md §2c, RFC 8414).

use axum::body::Body;
use serde_json::{Value, json};

use super::desk::{Desk, get};

const METADATA: &str = "/.well-known/oauth-authorization-server";

async fn metadata(desk: &Desk) -> Value {
    let reply = desk.send(get(METADATA).body(Body::empty()).unwrap()).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));
    reply.json()
}

#[tokio::test]
async fn it_names_what_is_there() {
    let desk = Desk::open().await;
    let at = |path: &str| format!("{}{path}", desk.house.ctx.config.public_url);
    let wanted = json!({
        "issuer": at(""), "token_endpoint": at("/oauth/token"), "revocation_endpoint": at("/oauth/revoke"),
        "introspection_endpoint": at("/oauth/introspect"), "jwks_uri": at("/.well-known/jwks.json"),
        "service_documentation": at("/docs"),
        "grant_types_supported": ["password", "refresh_token", "client_credentials"],
        "response_types_supported": [], "scopes_supported": ["read", "write"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "Bearer"],
    });
    let said = metadata(&desk).await;
    assert_eq!(said, wanted);
    for member in [
        "token_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "jwks_uri",
        "service_documentation",
    ] {
        let path = said[member].as_str().unwrap().strip_prefix(&at("")).unwrap();
        assert_ne!(desk.send(get(path).body(Body::empty()).unwrap()).await.status, 404, "{member}");
    }
}

#[tokio::test]
async fn the_password_grant_only_while_some_client_may() {
    let desk = Desk::of_world("").await;
    let grants = async || metadata(&desk).await["grant_types_supported"].clone();
    assert_eq!(grants().await, json!(["refresh_token", "client_credentials"]));
    desk.add_client("a", Some("a secret"), "client_credentials refresh_token", "read").await;
    assert_eq!(grants().await, json!(["refresh_token", "client_credentials"]));
    desk.add_client("b", Some("a secret"), "refresh_token password", "read").await;
    assert_eq!(grants().await, json!(["password", "refresh_token", "client_credentials"]));
}
