//! Akto (akto.md): eight read calls, all `POST /api/<name>`, the credential in `X-API-KEY`.

mod convert;
mod me;
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
use crate::table::{Access, Table, routes};

pub struct Akto;

impl Dialect for Akto {
    const FACE: Face = Face::Akto;
    const DOOR: Door = Door::Product;
    const BODY: BodyRule = BodyRule { media: Media::Ignored, empty: Empty::IsObject };
    const TAKES_OAUTH: bool = false;

    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented::with_stranger(key(headers, &X_API_KEY), bearer(headers, OtherSchemes::Ignored))
    }

    fn refuse(refusal: &Refusal, _: &RequestMeta) -> Response {
        refuse::refuse(refusal)
    }
}

pub fn table() -> Table {
    Table::new(Face::Akto).post("/api/me", Access::User, routes!(me::me))
}
