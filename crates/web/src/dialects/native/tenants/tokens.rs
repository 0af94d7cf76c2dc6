//! `/v1/tenants/{tenant}/tokens`: all tokens of a tenant, and keys that are its own.

use std::time::Duration;

use app::tokens::entrust::{Command, Entrusted};
use app::tokens::list::After;
use app::tokens::survey::Surveyed;
use app::tokens::{entrust, revoke, survey};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::TokenId;
use domain::token::Utility;
use secrecy::ExposeSecret;

use super::super::Native;
use super::super::fields::Fields;
use super::super::page::{Cursor, Listed, Page, PageParams};
use super::{convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, InTenant, Object, OfAnyone, WithinTenant};
use crate::refusal::Refusal;

/// The live tokens of a tenant, whoever owns them, oldest first. Needs `tokens:admin`.
#[utoipa::path(get, path = "", params(("tenant" = String, Path, description = "Key or id"), PageParams), responses(
    (status = 200, body = Listed<wire::TokenOfTenant>),
))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    page: Page,
) -> Result<Response, Refusal> {
    let after = page.after.map_or(After::START, |cursor| After(cursor.at, TokenId::from_uuid(cursor.id)));
    let rows = survey::of_tenant(&web.ctx, &caller, &tenant, (after, page.fetch())).await?;
    let at = |Surveyed { token, .. }: &Surveyed| Cursor {
        at: token.created_at,
        number: token.number,
        id: token.id.uuid(),
    };
    let listed = page.cut(rows, at, |row| convert::token(row.token, row.owner, row.roles));
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// Make an API key of the tenant's own; it is shown this once, and outlives its maker. Needs `tokens:admin`.
#[utoipa::path(post, path = "", params(("tenant" = String, Path, description = "Key or id")),
    request_body = wire::NewTokenOfTenant, responses(
    (status = 201, body = wire::MintedTokenOfTenant),
    (status = 403, description = "`quota_exceeded`, or a role is more than the credential may give or permits"),
))]
pub async fn mint(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    fields.refuse(&["owner", "id", "number"], "is not given: the token is the tenant's own");
    let command = Command {
        name: fields.text("name"),
        roles: fields.texts("roles"),
        lives: fields.optional_count("expires_in").map(Duration::from_secs),
        utility: fields.optional("utility", Utility::parse, "must be EXTERNAL_API, CICD or BURP"),
        revealable: fields.optional_bool("revealable"),
    };
    fields.done()?;
    let Entrusted { token, key, roles } = entrust::run(&web.ctx, &caller, &tenant, command).await?;
    let row = convert::token(token, None, roles);
    let minted = wire::MintedTokenOfTenant { token: key.expose_secret().to_owned(), row };
    Ok(answer(StatusCode::CREATED, JSON, &minted))
}

/// Revoke any token of a tenant. Needs `tokens:admin`.
#[utoipa::path(delete, path = "",
    params(("tenant" = String, Path, description = "Key or id"), ("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Revoked")))]
pub async fn revoke(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, id): WithinTenant,
) -> Result<StatusCode, Refusal> {
    revoke::any(&web.ctx, &caller, &tenant, TokenId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
