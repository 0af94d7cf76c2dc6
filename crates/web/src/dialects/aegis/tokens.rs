//! API tokens (aegis.md §3). The one segment behind `/api/tokens/` is a provider or the id of a token, by method.

use std::time::Duration;

use app::tokens::{of_provider, revoke, sign};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Permission, TokenId};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

use super::segment::Segment;
use super::{Aegis, convert, guard, listed, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Object};
use crate::refusal::Refusal;

/// How long a token lives that names no expiry: 30 days, in seconds.
const MONTH: u64 = 2_592_000;

/// Make a signed API token; it is shown this once. Needs `tokens:write`.
#[utoipa::path(post, path = "", params(("x" = String, Path, description = "Provider", example = "local")),
    request_body(content = wire::NewToken, example = json!({"role": "view", "expiry": 3600})),
    responses(
        (status = 200, body = wire::MintedToken, example = json!({
            "token": "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln",
            "expiry": "2026-11-24T09:15:30Z",
            "id": "0193a1c2-6b1e-7c55-9a51-2f5d3b7c9a11",
        })),
        (status = "4XX", body = wire::Refused),
        (status = "5XX", body = wire::Refused),
    ))]
pub async fn create(
    State(web): State<crate::State>,
    caller: Caller<Aegis>,
    Segment(provider): Segment,
    body: Result<Object<Aegis>, Refusal>,
) -> Result<Response, Refusal> {
    guard(&web, &caller, &Permission::TOKENS_WRITE).await?;
    let fields = body?.map;
    let max = web.ctx.config.tokens.max_ttl.as_secs();
    let command = command(&web, provider, &fields, max)?;
    let signed = sign::run(&web.ctx, &caller, command).await.map_err(|error| refused(error, max))?;
    let minted = wire::MintedToken {
        token: signed.jwt.expose_secret(),
        expiry: signed.token.expires_at.map(domain::Timestamp::rfc3339_secs).unwrap_or_default(),
        id: signed.token.id.uuid(),
    };
    Ok(answer(StatusCode::OK, JSON, &minted))
}

/// The live tokens of a provider: one's own, with `tokens:admin` the whole tenant's. Needs `tokens:read`.
#[utoipa::path(get, path = "", params(("x" = String, Path, description = "Provider", example = "local")), responses(
    (status = 200, body = Vec<wire::Token>, example = json!([{
        "id": "0193a1c2-0000-7000-8000-00000000000a", "name": "external_api", "provider": "local", "role": "admin",
        "createdBy": "mira.holt@northwind.example", "createdAt": "2026-11-24T08:00:00Z", "expiry": null,
    }])),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Aegis>,
    Segment(provider): Segment,
) -> Result<Response, Refusal> {
    let tokens = of_provider::run(&web.ctx, &caller, provider.unwrap_or_default()).await;
    let tokens = tokens.map_err(|error| match error {
        of_provider::Error::Refused(failure) => failure.into(),
        of_provider::Error::Provider => no_provider(),
    })?;
    let rows: Vec<_> = tokens.listed.iter().map(convert::token).collect();
    Ok(listed(&rows, tokens.truncated))
}

/// Revoke a token: one's own, with `tokens:admin` anybody's of the tenant. Needs `tokens:write`.
#[utoipa::path(delete, path = "", params(("x" = String, Path, description = "Id of the token")), responses(
    (status = 200, body = wire::Passed, example = json!({"status": "pass"})),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn revoke(
    State(web): State<crate::State>,
    caller: Caller<Aegis>,
    Segment(id): Segment,
) -> Result<Response, Refusal> {
    guard(&web, &caller, &Permission::TOKENS_WRITE).await?;
    let missing = || Refusal::said(StatusCode::NOT_FOUND, "", "token not found");
    let id = id.and_then(|id| TokenId::parse(&id)).ok_or_else(missing)?;
    revoke::of_tenant(&web.ctx, &caller, id).await.map_err(|failure| match failure.kind {
        app::Kind::NotFound => missing(),
        _ => failure.into(),
    })?;
    Ok(answer(StatusCode::OK, JSON, &wire::Passed { status: wire::Pass::Pass }))
}

/// The provider is looked for before the fields are judged.
fn command(
    web: &crate::State,
    provider: Option<String>,
    fields: &Map<String, Value>,
    max: u64,
) -> Result<sign::Command, Refusal> {
    let provider = provider.filter(|name| app::tokens::is_provider(&web.ctx.config, name));
    let provider = provider.ok_or_else(no_provider)?;
    let role = fields.get("role").and_then(Value::as_str).ok_or_else(no_role)?;
    let lives = match fields.get("expiry") {
        None | Some(Value::Null) => MONTH.min(max),
        Some(value) => value.as_u64().ok_or_else(|| bad_expiry(max))?,
    };
    let name = match fields.get("name") {
        None | Some(Value::Null) => "",
        Some(Value::String(name)) if !name.is_empty() => name,
        Some(_) => return Err(bad_name()),
    };
    let role = convert::role_key(role).to_owned();
    Ok(sign::Command { provider, role, lives: Duration::from_secs(lives), name: name.to_owned() })
}

fn refused(error: sign::Error, max: u64) -> Refusal {
    match error {
        sign::Error::Refused(failure) => failure.into(),
        sign::Error::Provider => no_provider(),
        sign::Error::Role => no_role(),
        sign::Error::Lives => bad_expiry(max),
        sign::Error::Name => bad_name(),
        sign::Error::Exceeds => Refusal::said(StatusCode::FORBIDDEN, "", "role exceeds your own"),
        sign::Error::Quota => Refusal::said(StatusCode::FORBIDDEN, "", "quota exceeded: api_tokens"),
    }
}

fn no_provider() -> Refusal {
    Refusal::said(StatusCode::NOT_FOUND, "", "provider not found")
}

fn no_role() -> Refusal {
    Refusal::said(StatusCode::BAD_REQUEST, "", "role is unknown")
}

fn bad_expiry(max: u64) -> Refusal {
    let text = format!("expiry must be a whole number of seconds between 1 and {max}");
    Refusal::said(StatusCode::BAD_REQUEST, "", text)
}

fn bad_name() -> Refusal {
    Refusal::said(StatusCode::BAD_REQUEST, "", "name is invalid")
}
