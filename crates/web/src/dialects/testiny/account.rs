//! The logged-on user (testiny.md §2).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{JSON_UTF8, Testiny, convert, wire};
use crate::dialects::answer;
use crate::extract::Caller;
use crate::refusal::Refusal;

/// The caller, the open sessions of the caller, features and quotas of the tenant.
#[utoipa::path(get, path = "", responses(
    (status = 200, body = wire::AuthInfo),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn me(State(web): State<crate::State>, caller: Caller<Testiny>) -> Result<Response, Refusal> {
    let account = app::account::run(&web.ctx, &caller).await?;
    let profile = caller.user().ok_or(Refusal::NotAUser)?;
    Ok(answer(StatusCode::OK, JSON_UTF8, &convert::auth_info(profile, caller.principal(), account)))
}
