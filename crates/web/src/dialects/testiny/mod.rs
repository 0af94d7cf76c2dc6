//! Testiny (testiny.md): the logged-on user and their sessions, at two addresses.

mod account;
mod convert;
mod refuse;
mod wire;

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use domain::decision::Door;

use crate::dialect::Dialect;
use crate::extract::credential::{OtherSchemes, Presented, X_API_KEY, bearer, key};
use crate::extract::{BodyRule, Empty, Media};
use crate::face::Face;
use crate::frame::RequestMeta;
use crate::refusal::Refusal;
use crate::table::{Access, Table, routes};

const JSON_UTF8: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

pub struct Testiny;

impl Dialect for Testiny {
    const FACE: Face = Face::Testiny;
    const DOOR: Door = Door::Product;
    const BODY: BodyRule = BodyRule { media: Media::Ignored, empty: Empty::IsObject };

    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented::either(key(headers, &X_API_KEY), bearer(headers, OtherSchemes::Ignored))
    }

    fn refuse(refusal: &Refusal, meta: &RequestMeta) -> Response {
        refuse::refuse(refusal, meta)
    }
}

pub fn table() -> Table {
    Table::new(Face::Testiny).mounted(&["", "/api/v1"]).get("/account/me", Access::User, routes!(account::me))
}
