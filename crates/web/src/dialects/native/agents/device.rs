//! `GET /v1/agents/{agent}/devices/{device}`.

use app::Failure;
use app::agents::analysis;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::named::tenant;
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, OfAnyone};
use crate::refusal::Refusal;

/// What the activities of one agent on one device add up to. Needs `agents:read`.
#[utoipa::path(get, path = "", params(
    ("agent" = String, Path),
    ("device" = String, Path),
    ("tenant" = Option<String>, Query, description = "Key or id; without it, the tenant of the credential"),
), responses(
    (status = 200, body = wire::Deeds),
    (status = 404, description = "Nothing is known of them in this tenant"),
))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    RawQuery(query): RawQuery,
    names: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Refusal> {
    let tenant = tenant(&query.unwrap_or_default())?;
    let (agent, device) = named(names).ok_or_else(Failure::not_found)?;
    let tally = analysis::run(&web.ctx, &caller, tenant.as_ref(), &agent, &device).await?;
    let tally = tally.ok_or_else(Failure::not_found)?;
    Ok(answer(StatusCode::OK, JSON, &convert::device(agent, device, tally)))
}

/// What is no text, or holds what no store of ours can keep, names nothing that is there.
fn named(names: Result<Path<(String, String)>, PathRejection>) -> Option<(String, String)> {
    let Path((agent, device)) = names.ok()?;
    (!agent.contains('\0') && !device.contains('\0')).then_some((agent, device))
}
