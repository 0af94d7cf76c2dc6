//! What the grants have in common: how they hand out, and how they refuse.

use app::sessions::Grant;
use app::{Ctx, Failure};
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::User;
use serde::Serialize;

use super::refuse::MEDIA;
use super::{convert, uncached};
use crate::dialects;
use crate::extract::Form;
use crate::refusal::Refusal;

/// A 200 that is not to be kept.
pub fn said(body: &impl Serialize) -> Response {
    uncached(dialects::answer(StatusCode::OK, MEDIA, body))
}

/// The 200 of a grant whose rows are durable: only now is anything signed.
pub fn granted(ctx: &Ctx, grant: &Grant, user: &User) -> Result<Response, Refusal> {
    let access_token = grant.sign_oauth(ctx).map_err(Failure::internal)?;
    let token = convert::token(grant, access_token, user, ctx.now());
    Ok(said(&token))
}

pub fn invalid_grant(text: &'static str) -> Refusal {
    Refusal::said(StatusCode::BAD_REQUEST, "invalid_grant", text)
}

/// Line 12 of the contract's table.
///
/// # Errors
/// Where it is absent or empty, by its name.
pub fn required<'f>(form: &'f Form, name: &'static str) -> Result<&'f str, Refusal> {
    let absent = || {
        let text = format!("Missing parameter: {name}");
        Refusal::said(StatusCode::BAD_REQUEST, "invalid_request", text)
    };
    form.get(name).ok_or_else(absent)
}
