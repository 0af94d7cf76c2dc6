//! One user, and the list of them.

use app::tenants::reach;
use app::users::{delete, list, lock, show};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::UserId;

use super::page::{Listed, TextPage};
use super::query::{OfTenant, Searched, asked};
use super::{Native, convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Id, OfAnyone};
use crate::refusal::Refusal;

/// Users by e-mail: for an operator all of them, or one tenant's; for others the members of the credential's tenant.
/// Needs `users:read`.
#[utoipa::path(get, path = "", params(Searched, OfTenant), responses((status = 200, body = Listed<wire::Person>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    page: TextPage,
) -> Result<Response, Refusal> {
    let tenant = match &page.tenant {
        Some(named) => Some(reach(&web.ctx, &caller, named).await?),
        None => None,
    };
    let users = list::run(&web.ctx, &caller, tenant, asked(&page)).await?;
    let listed = page.cut(users, |user| user.email.to_string(), |user| convert::person(&user));
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// One user. Needs `users:read` in a tenant of the user, or to be the user or an operator. Of memberships it shows those
/// that are the caller's to see.
#[utoipa::path(get, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = wire::PersonInPlaces),
    (status = 404, description = "No such user that is yours to see"),
))]
pub async fn show(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let shown = show::run(&web.ctx, &caller, UserId::from_uuid(id)).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::in_places(&shown)))
}

/// Delete a user with memberships, sessions and tokens. For the user, an operator, and with `users:write` in the user's
/// only tenant. The last administrator of a tenant and the last operator stay (409).
#[utoipa::path(delete, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 404, description = "No such user that is yours to see"),
    (status = 409, description = "`last_administrator` or `last_operator`"),
))]
pub async fn delete(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    delete::run(&web.ctx, &caller, UserId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lock a user: the sessions end, the tokens rest until the user is unlocked. For whom [deleting](delete) is.
#[utoipa::path(post, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Locked, now or before"),
    (status = 404, description = "No such user that is yours to see"),
    (status = 409, description = "`last_administrator` or `last_operator`"),
))]
pub async fn lock(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    lock::set(&web.ctx, &caller, UserId::from_uuid(id), true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a locked user in again, also one who is locked out by failed attempts.
#[utoipa::path(post, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Unlocked, now or before"),
    (status = 404, description = "No such user that is yours to see"),
))]
pub async fn unlock(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    lock::set(&web.ctx, &caller, UserId::from_uuid(id), false).await?;
    Ok(StatusCode::NO_CONTENT)
}
