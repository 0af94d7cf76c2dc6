//! `/v1/tenants/{tenant}/sites`.

use app::sites::{add, change, list, remove};
use app::tenants::TenantName;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::SiteId;

use super::super::Native;
use super::super::fields::Fields;
use super::super::page::{Listed, TextPage};
use super::{convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, InTenant, Object, OfAnyone, WithinTenant};
use crate::refusal::Refusal;

/// The sites of a tenant, by key.
#[utoipa::path(get, path = "", params(("tenant" = String, Path, description = "Key or id"), wire::ByKey), responses(
    (status = 200, body = Listed<wire::Site>),
))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    page: TextPage,
) -> Result<Response, Refusal> {
    let rows = list::run(&web.ctx, &caller, &tenant, (&page.after, page.fetch())).await?;
    Ok(answer(StatusCode::OK, JSON, &page.cut(rows, |row| row.key.clone(), convert::site)))
}

/// Add a site. Needs `tenants:write`.
#[utoipa::path(post, path = "", params(("tenant" = String, Path, description = "Key or id")),
    request_body = wire::NewSite, responses(
    (status = 201, body = wire::Site),
    (status = 409, description = "The key is taken, or the tenant has 1000 sites"),
))]
pub async fn add(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let command = add::Command { key: fields.text("key"), name: fields.text("name") };
    fields.done()?;
    let id = add::run(&web.ctx, &caller, &tenant, command).await?;
    whole(&web, &caller, StatusCode::CREATED, (&tenant, id)).await
}

/// One site.
#[utoipa::path(get, path = "", params(("tenant" = String, Path, description = "Key or id"), ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = wire::Site)))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, id): WithinTenant,
) -> Result<Response, Refusal> {
    whole(&web, &caller, StatusCode::OK, (&tenant, SiteId::from_uuid(id))).await
}

/// Rename a site. Needs `tenants:write`.
#[utoipa::path(patch, path = "",
    params(("tenant" = String, Path, description = "Key or id"), ("id" = uuid::Uuid, Path)),
    request_body = wire::SiteChange, responses((status = 200, body = wire::Site)))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, id): WithinTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::change(body.map);
    fields.refuse(&["id", "key"], "never changes");
    let name = fields.optional_text("name");
    fields.done()?;
    let id = SiteId::from_uuid(id);
    change::run(&web.ctx, &caller, (&tenant, id), name).await?;
    whole(&web, &caller, StatusCode::OK, (&tenant, id)).await
}

/// Remove a site; memberships lose it. One that open invitations name stays (409 `in_use`). Needs `tenants:write`.
#[utoipa::path(delete, path = "",
    params(("tenant" = String, Path, description = "Key or id"), ("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Removed"),
        (status = 409, description = "`in_use`: open invitations name it")))]
pub async fn remove(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    WithinTenant(tenant, id): WithinTenant,
) -> Result<StatusCode, Refusal> {
    remove::run(&web.ctx, &caller, &tenant, SiteId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn whole(
    web: &crate::State,
    caller: &app::Caller,
    status: StatusCode,
    (tenant, id): (&TenantName, SiteId),
) -> Result<Response, Refusal> {
    let site = list::one(&web.ctx, caller, tenant, id).await?;
    Ok(answer(status, JSON, &convert::site(site)))
}
