//! `/v1/tenants/{tenant}/webhooks`.

use app::tenants::TenantName;
use app::webhooks::{Given, Shown, add, change, list, remove};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::WebhookId;

use super::super::Native;
use super::super::fields::Fields;
use super::super::page::{Cursor, Listed, Page, PageParams};
use super::{convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, InTenant, Object, OfAnyone, WithinTenant};
use crate::refusal::Refusal;

/// One's own webhooks, oldest first; all of the tenant with `tenants:write`. Needs `tokens:read`.
#[utoipa::path(get, path = "", params(("tenant" = String, Path, description = "Key or id"), PageParams), responses(
    (status = 200, body = Listed<wire::Webhook>),
))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    page: Page,
) -> Result<Response, Refusal> {
    let after = page.after.map_or(list::START, |cursor| (cursor.at, WebhookId::from_uuid(cursor.id)));
    let rows = list::run(&web.ctx, &caller, &tenant, (after, page.fetch())).await?;
    let at = |row: &Shown| Cursor { at: row.created_at, number: row.number, id: row.id.uuid() };
    Ok(answer(StatusCode::OK, JSON, &page.cut(rows, at, convert::webhook)))
}

/// Add a webhook of one's own. Needs `tokens:write`.
#[utoipa::path(post, path = "", params(("tenant" = String, Path, description = "Key or id")),
    request_body = wire::NewWebhook, responses(
    (status = 201, body = wire::Webhook),
    (status = 409, description = "One has one of that name, or the tenant has 1000"),
))]
pub async fn add(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    InTenant(tenant): InTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    fields.refuse(&["owner", "id", "number"], "is not given: it is one's own");
    let given = Given {
        name: Some(fields.text("name")),
        url: Some(fields.text("url")),
        kind: Some(fields.text("kind")),
    };
    fields.done()?;
    let id = add::run(&web.ctx, &caller, &tenant, given).await?;
    written(&web, &caller, StatusCode::CREATED, (&tenant, id)).await
}

/// One webhook. Needs `tokens:read`.
#[utoipa::path(get, path = "",
    params(("tenant" = String, Path, description = "Key or id"), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = wire::Webhook)))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, id): WithinTenant,
) -> Result<Response, Refusal> {
    let webhook = list::one(&web.ctx, &caller, &tenant, WebhookId::from_uuid(id)).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::webhook(webhook)))
}

/// Change a webhook: one's own with `tokens:write`, others' with `tenants:write`.
#[utoipa::path(patch, path = "",
    params(("tenant" = String, Path, description = "Key or id"), ("id" = uuid::Uuid, Path)),
    request_body = wire::WebhookChange, responses((status = 200, body = wire::Webhook)))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, id): WithinTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::change(body.map);
    fields.refuse(&["owner", "id", "number", "kind"], "never changes");
    let given = Given { name: fields.optional_text("name"), url: fields.optional_text("url"), kind: None };
    fields.done()?;
    let id = WebhookId::from_uuid(id);
    change::run(&web.ctx, &caller, (&tenant, id), given).await?;
    written(&web, &caller, StatusCode::OK, (&tenant, id)).await
}

/// Remove a webhook: one's own with `tokens:write`, others' with `tenants:write`.
#[utoipa::path(delete, path = "",
    params(("tenant" = String, Path, description = "Key or id"), ("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Removed")))]
pub async fn remove(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, id): WithinTenant,
) -> Result<StatusCode, Refusal> {
    remove::run(&web.ctx, &caller, &tenant, WebhookId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn written(
    web: &crate::State,
    caller: &app::Caller,
    status: StatusCode,
    (tenant, id): (&TenantName, WebhookId),
) -> Result<Response, Refusal> {
    let webhook = list::written(&web.ctx, caller, tenant, id).await?;
    Ok(answer(status, JSON, &convert::webhook(webhook)))
}
