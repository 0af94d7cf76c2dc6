//! The sessions of a user, for whoever looks after him.

use app::sessions::of_others;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::session::Session;
use domain::{SessionId, UserId};

use super::page::{Cursor, Listed, Page, PageParams};
use super::{Native, common};
use crate::dialects::native::convert;
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Id, Ids, OfAnyone};
use crate::refusal::Refusal;

/// A user's open sessions, newest first: with `sessions:admin` those bound to the credential's tenant; all of them for
/// the user and for an operator.
#[utoipa::path(get, path = "", params(("id" = uuid::Uuid, Path), PageParams), responses(
    (status = 200, body = Listed<common::Session>),
    (status = 404, description = "No such user that is yours to see"),
))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(user): Id,
    page: Page,
) -> Result<Response, Refusal> {
    let before = page.after.map(|cursor| (cursor.at, cursor.number));
    let user = UserId::from_uuid(user);
    let open = of_others::list(&web.ctx, &caller, user, page.fetch(), before).await?;
    let current = caller.principal().credential.session;
    let at =
        |session: &Session| Cursor { at: session.created_at, number: session.number, id: session.id.uuid() };
    let listed = page.cut(open, at, |session| convert::session(session, current));
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// End all of a user's sessions that are yours to see.
#[utoipa::path(post, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "No such user that is yours to see"),
))]
pub async fn end_all(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Id(user): Id,
) -> Result<StatusCode, Refusal> {
    of_others::end_all(&web.ctx, &caller, UserId::from_uuid(user)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one of a user's sessions.
#[utoipa::path(delete, path = "", params(("id" = uuid::Uuid, Path), ("session" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "No such user or session that is yours to see"),
))]
pub async fn end(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    Ids(user, session): Ids,
) -> Result<StatusCode, Refusal> {
    let (user, session) = (UserId::from_uuid(user), SessionId::from_uuid(session));
    of_others::end(&web.ctx, &caller, user, session).await?;
    Ok(StatusCode::NO_CONTENT)
}
