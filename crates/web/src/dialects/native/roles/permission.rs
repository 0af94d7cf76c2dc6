//! `/v1/permissions`.

use app::permissions::{declare, list, withdraw};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::Permission;

use super::super::Native;
use super::super::fields::Fields;
use super::super::page::{Listed, TextPage};
use super::super::tenants::wire::ByKey;
use super::{convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Object, OfAnyone};
use crate::refusal::Refusal;

/// The permissions that there are: Herald's own and those declared here, by key. Needs `roles:read`.
#[utoipa::path(get, path = "", params(ByKey), responses((status = 200, body = Listed<wire::Permission>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    page: TextPage,
) -> Result<Response, Refusal> {
    let rows = list::run(&web.ctx, &caller, &page.after, page.fetch()).await?;
    let listed = page.cut(rows, |row| row.permission.as_str().to_owned(), convert::permission);
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// Declare a permission of a product. Operators only.
#[utoipa::path(post, path = "", request_body = wire::NewPermission, responses(
    (status = 201, body = wire::Permission),
    (status = 409, description = "It is there already"),
))]
pub async fn declare(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let key = fields.required("key", Permission::parse, "must be of the form resource:verb");
    let description = fields.optional_text("description").unwrap_or_default();
    let key = fields.done_with(key)?;
    let declared = declare::run(&web.ctx, &caller, key, description).await?;
    Ok(answer(StatusCode::CREATED, JSON, &convert::permission(declared)))
}

/// Withdraw a declared permission that no role names. Operators only.
#[utoipa::path(delete, path = "", params(("key" = String, Path)), responses(
    (status = 204, description = "Withdrawn"),
    (status = 409, description = "`builtin`, or `in_use`"),
))]
pub async fn withdraw(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Path(key): Path<String>,
) -> Result<StatusCode, Refusal> {
    let permission = Permission::parse(&key).ok_or_else(app::Failure::not_found)?;
    withdraw::run(&web.ctx, &caller, permission).await?;
    Ok(StatusCode::NO_CONTENT)
}
