//! `/v1/roles`.

use app::roles::create::{Command, Place};
use app::roles::{change, create, delete, list, show};
use app::tenants::TenantName;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::RoleId;

use super::super::Native;
use super::super::fields::Fields;
use super::super::page::{Listed, TextPage};
use super::{convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Id, Object, OfAnyone};
use crate::refusal::Refusal;

/// The roles that may be held in a tenant, strongest first. Needs `roles:read`.
#[utoipa::path(get, path = "", params(wire::RolesOf), responses((status = 200, body = Listed<wire::Role>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    page: TextPage,
) -> Result<Response, Refusal> {
    let rows = list::run(&web.ctx, &caller, page.tenant.as_ref(), (&page.after, page.fetch())).await?;
    Ok(answer(StatusCode::OK, JSON, &page.cut(rows, list::place, convert::role)))
}

/// Make a custom role of a tenant; operators may make one of the whole installation. Needs `roles:write`.
#[utoipa::path(post, path = "", request_body = wire::NewRole, responses(
    (status = 201, body = wire::Role),
    (status = 403, description = "It would permit, or let give, more than the credential does"),
    (status = 409, description = "The key is taken, here or in the whole installation"),
))]
pub async fn create(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let place = match fields.clearable_text("tenant") {
        None => Place::Mine,
        Some(None) => Place::Everywhere,
        Some(Some(text)) => Place::Tenant(TenantName::parse(&text)),
    };
    let command = Command { place, key: fields.text("key"), given: convert::given(&mut fields) };
    fields.done()?;
    let id = create::run(&web.ctx, &caller, command).await?;
    written(&web, &caller, StatusCode::CREATED, id).await
}

/// One role. Needs `roles:read`.
#[utoipa::path(get, path = "", params(("id" = uuid::Uuid, Path)), responses((status = 200, body = wire::Role)))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let role = show::run(&web.ctx, &caller, RoleId::from_uuid(id)).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::role(role)))
}

/// Change a custom role; all who hold it feel it at once. Needs `roles:write`.
#[utoipa::path(patch, path = "", params(("id" = uuid::Uuid, Path)), request_body = wire::RoleChange, responses(
    (status = 200, body = wire::Role),
    (status = 403, description = "It permits, or would, more than the credential does"),
    (status = 409, description = "`builtin`, or `last_administrator`"),
))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::change(body.map);
    fields.refuse(&["key", "tenant"], "never changes");
    let given = convert::given(&mut fields);
    fields.done()?;
    let id = RoleId::from_uuid(id);
    change::run(&web.ctx, &caller, id, given).await?;
    written(&web, &caller, StatusCode::OK, id).await
}

/// Delete a custom role that nobody and nothing holds. Needs `roles:write`.
#[utoipa::path(delete, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 409, description = "`builtin`, or `in_use`"),
))]
pub async fn delete(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    delete::run(&web.ctx, &caller, RoleId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn written(
    web: &crate::State,
    caller: &app::Caller,
    status: StatusCode,
    id: RoleId,
) -> Result<Response, Refusal> {
    let role = show::written(&web.ctx, caller, id).await?;
    Ok(answer(status, JSON, &convert::role(role)))
}
