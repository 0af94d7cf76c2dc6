//! `/v1/me`: who is calling.

use axum::response::Response;

use super::{Native, convert, wire};
use crate::dialects::{JSON, Ready, ready};
use crate::extract::Known;
use crate::refusal::Refusal;

/// Who is calling: user, tenant, roles, permissions, credential.
#[utoipa::path(get, path = "", responses((status = 200, body = wire::Me)))]
pub async fn show(known: Known<Native>) -> Result<Response, Refusal> {
    let principal = &known.entry.principal;
    let profile = principal.profile().ok_or(Refusal::NotAUser)?;
    Ok(ready(&known.entry, Ready::NativeMe, JSON, || convert::me(principal, profile)))
}
