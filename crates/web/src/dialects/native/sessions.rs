//! `/v1/me/sessions`: where one is signed in.

use app::sessions::{end, list};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::SessionId;
use domain::session::Session;

use super::page::{Cursor, Listed, Page, PageParams};
use super::{Native, convert, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Id};
use crate::refusal::Refusal;

/// One's open sessions, newest first.
#[utoipa::path(get, path = "", params(PageParams), responses((status = 200, body = Listed<wire::Session>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    page: Page,
) -> Result<Response, Refusal> {
    let before = page.after.map(|cursor| (cursor.at, cursor.number));
    let open = list::run(&web.ctx, &caller, page.fetch(), before).await?;
    let current = caller.principal().credential.session;
    let at =
        |session: &Session| Cursor { at: session.created_at, number: session.number, id: session.id.uuid() };
    let listed = page.cut(open, at, |session| convert::session(session, current));
    Ok(answer(StatusCode::OK, JSON, &listed))
}

/// End every session but the presented one.
#[utoipa::path(delete, path = "", responses((status = 204, description = "Ended")))]
pub async fn end_others(
    State(web): State<crate::State>,
    caller: Caller<Native>,
) -> Result<StatusCode, Refusal> {
    end::others(&web.ctx, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one session.
#[utoipa::path(delete, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "Not one of one's open sessions"),
))]
pub async fn end(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    Id(id): Id,
) -> Result<StatusCode, Refusal> {
    end::one(&web.ctx, &caller, SessionId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
