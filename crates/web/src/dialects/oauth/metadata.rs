//! `GET /.well-known/oauth-authorization-server` (insights.md §2c, RFC 8414).

use app::{Failure, catalogue};
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::grant::GrantType;
use super::wire;
use crate::dialects::{JSON, answer};
use crate::refusal::Refusal;

/// Where OAuth's endpoints are, and what they take.
///
/// The password grant is named only while some client may use it.
#[utoipa::path(get, path = "", responses(
    (status = 200, body = wire::Metadata, example = json!({
        "issuer": "https://id.example.com", "token_endpoint": "https://id.example.com/oauth/token",
        "revocation_endpoint": "https://id.example.com/oauth/revoke",
        "introspection_endpoint": "https://id.example.com/oauth/introspect",
        "jwks_uri": "https://id.example.com/.well-known/jwks.json",
        "service_documentation": "https://id.example.com/docs",
        "grant_types_supported": ["password", "refresh_token", "client_credentials"],
        "response_types_supported": [], "scopes_supported": ["read", "write"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "Bearer"],
    })),
    (status = "5XX", body = wire::Problem),
))]
pub async fn metadata(State(web): State<crate::State>) -> Result<Response, Refusal> {
    let password = GrantType::Password;
    let served = catalogue::some_client_may(&web.ctx, password.as_str()).await.map_err(Failure::from)?;
    let grants = GrantType::ALL.into_iter().filter(|grant| *grant != password || served);
    let metadata = describe(&web.ctx.config.public_url, grants.map(GrantType::as_str).collect());
    let mut response = answer(StatusCode::OK, JSON, &metadata);
    // It changes with the configuration, and with a client's grants.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    Ok(response)
}

/// `issuer` is what the tokens have as `iss`.
fn describe(issuer: &str, grant_types_supported: Vec<&'static str>) -> wire::Metadata {
    /// A public client has no secret to send.
    const CLIENTS: [&str; 3] = ["client_secret_basic", "client_secret_post", "none"];
    let at = |path: &str| format!("{issuer}{path}");
    wire::Metadata {
        issuer: issuer.to_owned(),
        token_endpoint: at("/oauth/token"),
        revocation_endpoint: at("/oauth/revoke"),
        introspection_endpoint: at("/oauth/introspect"),
        jwks_uri: at("/.well-known/jwks.json"),
        service_documentation: at("/docs"),
        grant_types_supported,
        // There is no authorization endpoint; the member is required all the same (§2).
        response_types_supported: [],
        scopes_supported: ["read", "write"],
        token_endpoint_auth_methods_supported: CLIENTS,
        revocation_endpoint_auth_methods_supported: CLIENTS,
        introspection_endpoint_auth_methods_supported: [
            "client_secret_basic",
            "client_secret_post",
            "Bearer",
        ],
    }
}
