//! `/v1/me/tokens`: keys for programs that act as oneself.

use std::time::Duration;

use app::tokens::list::{After, Listed as Row};
use app::tokens::mint::{Command, Minted};
use app::tokens::{list, mint, revoke};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::TokenId;
use domain::token::Utility;
use secrecy::ExposeSecret;

use super::fields::Fields;
use super::page::{Cursor, Listed, Page, PageParams};
use super::{Native, convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Id, Object};
use crate::refusal::Refusal;

/// One's live tokens in the credential's tenant, oldest first. Needs `tokens:read`.
#[utoipa::path(get, path = "", params(PageParams), responses((status = 200, body = Listed<wire::Token>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    page: Page,
) -> Result<Response, Refusal> {
    let after = page.after.map_or(After::START, |cursor| After(cursor.at, TokenId::from_uuid(cursor.id)));
    let rows = list::run(&web.ctx, &caller, after, page.fetch()).await?;
    let at =
        |row: &Row| Cursor { at: row.token.created_at, number: row.token.number, id: row.token.id.uuid() };
    let listed = page.cut(rows, at, |row| convert::token(row.token, row.role));
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// Make an API key; it is shown this once. Needs `tokens:write`.
#[utoipa::path(post, path = "", request_body = wire::NewToken, responses((status = 201, body = wire::MintedToken)))]
pub async fn mint(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let command = Command {
        name: fields.text("name"),
        role: fields.optional_text("role"),
        lives: fields.optional_count("expires_in").map(Duration::from_secs),
        utility: fields.optional("utility", Utility::parse, "must be EXTERNAL_API, CICD or BURP"),
        revealable: fields.optional_bool("revealable"),
    };
    fields.done()?;
    let Minted { token, key, role } =
        mint::run(&web.ctx, &caller, command).await.map_err(app::Failure::from)?;
    let minted =
        wire::MintedToken { token: key.expose_secret().to_owned(), row: convert::token(token, role) };
    Ok(answer(StatusCode::CREATED, JSON, &minted))
}

/// Revoke one token. Needs `tokens:write`.
#[utoipa::path(delete, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Revoked"),
    (status = 404, description = "Not one of one's live tokens"),
))]
pub async fn revoke(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    revoke::run(&web.ctx, &caller, TokenId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
