//! Herald's own API, `/v1`, and what an installation says of itself (design §8).

mod convert;
mod installation;
mod me;
mod problem;
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

pub struct Native;

impl Dialect for Native {
    const FACE: Face = Face::Native;
    const DOOR: Door = Door::Own;
    const BODY: BodyRule = BodyRule { media: Media::Json, empty: Empty::IsMalformed };

    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented::either(bearer(headers, OtherSchemes::Ignored), key(headers, &X_API_KEY))
    }

    fn refuse(refusal: &Refusal, meta: &RequestMeta) -> Response {
        problem::refuse(refusal, meta)
    }
}

pub fn table() -> Table {
    Table::new(Face::Native).get("/v1/me", Access::User, routes!(me::show))
}

/// What stands outside `/v1`.
pub fn installation() -> Table {
    Table::new(Face::Native)
        .get("/healthz", Access::Public, routes!(installation::healthz))
        .get("/readyz", Access::Public, routes!(installation::readyz))
        .get("/metrics", Access::Public, routes!(installation::metrics))
        .get("/openapi.json", Access::Public, routes!(installation::openapi))
}
