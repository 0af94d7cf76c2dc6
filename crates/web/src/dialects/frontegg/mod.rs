//! Frontegg: sign-in, refresh, logout and `GET /identity/resources/users/v3/me` (contract frontegg).

mod claims;
mod convert;
mod cookie;
mod fields;
mod grant;
mod logout;
mod me;
mod refresh;
mod refuse;
#[cfg(test)]
mod sample;
mod sign_in;
mod who;
pub mod wire;

use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;
use domain::decision::Door;

use crate::dialect::Dialect;
use crate::extract::credential::{OtherSchemes, Presented, bearer, key};
use crate::extract::{BodyRule, Empty, Media};
use crate::face::Face;
use crate::frame::RequestMeta;
use crate::refusal::Refusal;
use crate::table::{Access, Table, routes};

/// The other header that a vendor's token may come in (frontegg.md §2, 2).
const X_ACCESS_TOKEN: HeaderName = HeaderName::from_static("x-access-token");

pub struct Frontegg;

impl Dialect for Frontegg {
    const FACE: Face = Face::Frontegg;
    const DOOR: Door = Door::Product;
    const BODY: BodyRule = BodyRule { media: Media::Json, empty: Empty::IsObject };

    /// A user's token comes as Bearer alone; another principal in the vendor's header beside it is a conflict.
    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented {
            main: bearer(headers, OtherSchemes::Ignored),
            beside: key(headers, &X_ACCESS_TOKEN),
            beside_may_be_dead: false,
        }
    }

    fn refuse(refusal: &Refusal, _: &RequestMeta) -> Response {
        refuse::refuse(refusal)
    }
}

/// At the root of the host and below `/frontegg`, each path with one trailing slash or none (frontegg.md §2, 1).
pub fn table() -> Table {
    Table::new(Face::Frontegg)
        .also_below(&["/frontegg"])
        .with_slash()
        // General
        .post("/identity/resources/auth/v1/user", Access::Public, routes!(sign_in::sign_in))
        .sign_in()
        .post("/identity/resources/auth/v1/user/token/refresh", Access::Public, routes!(refresh::refresh))
        .post("/identity/resources/auth/v1/logout", Access::Public, routes!(logout::logout))
        // Users
        .get("/identity/resources/users/v3/me", Access::Interactive, routes!(me::me))
}
