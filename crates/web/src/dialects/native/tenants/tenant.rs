//! `/v1/tenants` and `/v1/tenants/{tenant}`.

use app::tenants::{TenantName, change, create, delete, list, show};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::TenantId;

use super::super::Native;
use super::super::fields::Fields;
use super::super::page::{Listed, TextPage};
use super::{convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, InTenant, Object, OfAnyone};
use crate::refusal::Refusal;

/// The tenants one reaches, by key: an operator all of them, others that of their credential.
#[utoipa::path(get, path = "", params(wire::SearchByKey), responses((status = 200, body = Listed<wire::TenantListed>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    page: TextPage,
) -> Result<Response, Refusal> {
    let rows = list::run(&web.ctx, &caller, &page.search, (&page.after, page.fetch())).await?;
    Ok(answer(StatusCode::OK, JSON, &page.cut(rows, |row| row.key.clone(), convert::listed)))
}

/// Make a tenant. Operators only.
#[utoipa::path(post, path = "", request_body = wire::NewTenant, responses(
    (status = 201, body = wire::TenantShown),
    (status = 409, description = "The key is taken"),
))]
pub async fn create(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let settings = convert::settings(&mut fields);
    fields.done()?;
    let id = create::run(&web.ctx, &caller, settings).await?;
    whole(&web, &caller, StatusCode::CREATED, id).await
}

/// A tenant, its features, its quotas and how much of them is used.
#[utoipa::path(get, path = "", params(("tenant" = String, Path, description = "Key or id")), responses(
    (status = 200, body = wire::TenantShown),
))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
) -> Result<Response, Refusal> {
    let shown = show::run(&web.ctx, &caller, &tenant).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::shown(shown)))
}

/// Change a tenant. Needs `tenants:write`; key, features, quotas and billing id are the operators'.
#[utoipa::path(patch, path = "", params(("tenant" = String, Path, description = "Key or id")),
    request_body = wire::TenantChange, responses(
    (status = 200, body = wire::TenantShown),
    (status = 409, description = "The key is taken"),
))]
pub async fn change(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::change(body.map);
    let settings = convert::settings(&mut fields);
    fields.done()?;
    let id = change::run(&web.ctx, &caller, &tenant, settings).await?;
    whole(&web, &caller, StatusCode::OK, id).await
}

/// Delete a tenant and all that is bound to it; its sessions and tokens end at once. Operators only.
#[utoipa::path(delete, path = "", params(("tenant" = String, Path, description = "Key or id")), responses(
    (status = 204, description = "Deleted"),
))]
pub async fn delete(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    InTenant(tenant): InTenant,
) -> Result<StatusCode, Refusal> {
    delete::run(&web.ctx, &caller, &tenant).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn whole(
    web: &crate::State,
    caller: &app::Caller,
    status: StatusCode,
    id: TenantId,
) -> Result<Response, Refusal> {
    let shown = show::run(&web.ctx, caller, &TenantName::Id(id)).await?;
    Ok(answer(status, JSON, &convert::shown(shown)))
}
