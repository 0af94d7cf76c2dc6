//! `/v1/me`: who is calling.

use std::sync::Arc;

use app::principal::Entry;
use app::users::change_profile::{self, Command};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::fields::Fields;
use super::{Native, convert, wire};
use crate::dialects::{JSON, Ready, ready};
use crate::extract::caller::prove;
use crate::extract::{Caller, Known, Object};
use crate::refusal::Refusal;

/// Who is calling: user, tenant, roles, permissions, credential.
#[utoipa::path(get, path = "", responses((status = 200, body = wire::Me)))]
pub async fn show(known: Known<Native>) -> Result<Response, Refusal> {
    answer(&known.entry)
}

/// Change one's profile; answers what it is then.
#[utoipa::path(patch, path = "", request_body = wire::ProfileChange, responses((status = 200, body = wire::Me)))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    headers: HeaderMap,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::change(body.map);
    let command = Command {
        name: fields.clearable_text("name"),
        first_name: fields.clearable_text("first_name"),
        middle_name: fields.clearable_text("middle_name"),
        last_name: fields.clearable_text("last_name"),
        phone: fields.clearable_text("phone"),
        picture: fields.clearable_text("picture"),
        metadata: fields.optional_object("metadata").map(|map| serde_json::Value::Object(map).to_string()),
    };
    fields.done()?;
    change_profile::run(&web.ctx, &caller, command).await?;
    // The caller was proved before the change.
    answer(&prove::<Native>(&headers, &web).await?)
}

fn answer(entry: &Arc<Entry>) -> Result<Response, Refusal> {
    let principal = &entry.principal;
    let profile = principal.profile().ok_or(Refusal::NotAUser)?;
    Ok(ready(entry, Ready::NativeMe, JSON, || convert::me(principal, profile)))
}
