//! Insights: the logged-in user in detail, `GET /api/v2/users/loggedIn/detail` (contract insights §4). It refuses in
//! the words of OAuth, whose tokens it takes.

mod convert;
mod detail;
pub mod wire;

use axum::http::HeaderMap;
use axum::response::Response;
use domain::decision::Door;

use super::oauth;
use crate::dialect::Dialect;
use crate::extract::credential::{OtherSchemes, Presented, X_API_KEY, bearer, key};
use crate::extract::{BodyRule, Empty, Media};
use crate::face::Face;
use crate::frame::RequestMeta;
use crate::refusal::Refusal;
use crate::table::{Access, Table, routes};

pub struct Insights;

impl Dialect for Insights {
    const FACE: Face = Face::Insights;
    const DOOR: Door = Door::Product;
    const BODY: BodyRule = BodyRule { media: Media::Ignored, empty: Empty::IsObject };

    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented::with_stranger(bearer(headers, OtherSchemes::Counted), key(headers, &X_API_KEY))
    }

    fn refuse(refusal: &Refusal, _: &RequestMeta) -> Response {
        oauth::refuse::refuse(refusal)
    }
}

pub fn table() -> Table {
    Table::new(Face::Insights).get("/api/v2/users/loggedIn/detail", Access::User, routes!(detail::detail))
}
