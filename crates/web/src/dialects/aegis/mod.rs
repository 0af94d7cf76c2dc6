//! Aegis (aegis.md): who am I and out, API tokens, users, with a Bearer token.

mod auth;
mod convert;
mod deprecated;
mod refuse;
mod segment;
mod tokens;
mod users;
mod wire;

use app::Caller;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use domain::Permission;
use domain::decision::Door;
use serde::Serialize;

use self::deprecated::deprecated;
use crate::dialect::Dialect;
use crate::dialects::{JSON, answer};
use crate::extract::credential::{OtherSchemes, Presented, X_API_KEY, bearer, key};
use crate::extract::{BodyRule, Empty, Media};
use crate::face::Face;
use crate::frame::RequestMeta;
use crate::refusal::Refusal;
use crate::table::{Access, Head, Table, routes};

pub struct Aegis;

impl Dialect for Aegis {
    const FACE: Face = Face::Aegis;
    const DOOR: Door = Door::Product;
    const BODY: BodyRule = BodyRule { media: Media::Ignored, empty: Empty::IsMalformed };

    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented::with_stranger(bearer(headers, OtherSchemes::Counted), key(headers, &X_API_KEY))
    }

    fn refuse(refusal: &Refusal, _: &RequestMeta) -> Response {
        refuse::refuse(refusal)
    }
}

#[expect(deprecated, reason = "the one place that serves it")]
pub fn table() -> Table {
    Table::new(Face::Aegis)
        .head(Head::Unlisted)
        .get("/auth/me", Access::User, routes!(auth::me))
        .head(Head::Refused)
        .get("/auth/logout", Access::User, routes!(auth::logout))
        .head(Head::Unlisted)
        .get("/api/tokens/{x}", Access::User, routes!(tokens::list))
        .post("/api/tokens/{x}", Access::User, routes!(tokens::create))
        .delete("/api/tokens/{x}", Access::User, routes!(tokens::revoke))
        .get("/api/users/{x}", Access::User, routes!(users::list))
        .put("/api/users/{x}", Access::User, routes!(users::update))
        .post("/api/users/{x}", Access::User, routes!(users::update_deprecated))
        .around(deprecated)
        .delete("/api/users/{x}", Access::User, routes!(users::delete))
}

/// Asks for the permission before the body is judged and before anything is looked up (aegis.md §1): the use case, which
/// asks too, has its command only afterwards.
async fn guard(web: &crate::State, caller: &Caller, permission: &Permission) -> Result<(), Refusal> {
    app::authorize::authorize(&web.ctx, caller, permission, caller.principal().tenant).await?;
    Ok(())
}

const TRUNCATED: HeaderName = HeaderName::from_static("x-herald-truncated");

/// A bare array, and whether there is more.
fn listed(rows: &impl Serialize, truncated: bool) -> Response {
    let mut response = answer(StatusCode::OK, JSON, rows);
    if truncated {
        response.headers_mut().insert(TRUNCATED, HeaderValue::from_static("true"));
    }
    response
}
