//! Aegis (aegis.md): who am I and out, API tokens, users, with a Bearer token.

mod auth;
mod convert;
mod refuse;
mod wire;

use axum::http::HeaderMap;
use axum::response::Response;
use domain::decision::Door;

use crate::dialect::Dialect;
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

pub fn table() -> Table {
    Table::new(Face::Aegis)
        .head(Head::Unlisted)
        .get("/auth/me", Access::User, routes!(auth::me))
        .head(Head::Refused)
        .get("/auth/logout", Access::User, routes!(auth::logout))
        .head(Head::Unlisted)
}
