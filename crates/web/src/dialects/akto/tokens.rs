//! Keys and webhooks of the caller (akto.md §3.6).

use app::tokens::reveal;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::guard::{Guarded, Tokens};
use super::{Akto, convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::Object;
use crate::refusal::Refusal;

/// The caller's keys and webhooks in the current account; a key in clear where it may be shown again. Needs
/// `tokens:read`.
#[utoipa::path(post, path = "", responses(
    (status = 200, body = wire::ApiTokens, example = json!({"apiTokenList": [
        {"id": 1, "key": "********", "utility": "EXTERNAL_API", "userId": 4102, "name": "external_api",
         "username": "mira.holt@northwind.example", "timestamp": 1_795_507_200, "accountId": 1_712_000_111},
        {"id": 1, "key": "https://hooks.slack.example/T0/B0/xyz", "utility": "SLACK", "userId": 4102,
         "name": "alerts-prod", "username": "mira.holt@northwind.example", "timestamp": 1_795_507_200,
         "accountId": 1_712_000_111}]})),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn api_tokens(
    State(web): State<crate::State>,
    caller: Guarded<Tokens>,
    _: Object<Akto>,
) -> Result<Response, Refusal> {
    let profile = caller.user().ok_or(Refusal::NotAUser)?;
    let tenant = &caller.membership().ok_or(Refusal::NotAUser)?.tenant;
    let revealed = reveal::run(&web.ctx, &caller).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::api_tokens(profile, tenant, revealed)))
}
