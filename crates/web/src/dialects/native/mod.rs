//! Herald's own API, `/v1`, and what an installation says of itself (design §8).

pub mod agents;
pub mod clients;
mod convert;
mod decisions;
mod docs;
pub mod endpoints;
mod fields;
mod files;
mod installation;
pub mod invitations;
mod me;
mod named;
mod page;
mod password;
pub(crate) mod problem;
pub mod roles;
mod sessions;
mod sign_in;
pub mod tenants;
mod texts;
mod tokens;
pub mod trail;
pub mod users;
mod wire;

pub(crate) use page::Mark;
pub(crate) use page::known::known;
pub(crate) use problem::schemas as problem_schemas;

use app::{Failure, FieldFault};
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

    fn holds_nul(name: &str) -> Refusal {
        let fault = FieldFault::new(fields::unknown::shown(name), "must not hold the character U+0000");
        Failure::invalid_fields(vec![fault]).into()
    }

    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented::either(bearer(headers, OtherSchemes::Ignored), key(headers, &X_API_KEY))
    }

    fn refuse(refusal: &Refusal, meta: &RequestMeta) -> Response {
        problem::refuse(refusal, meta)
    }
}

pub fn table() -> Table {
    Table::new(Face::Native)
        .post("/v1/sign-in", Access::Public, routes!(sign_in::sign_in))
        .sign_in()
        .post("/v1/sign-out", Access::User, routes!(sign_in::sign_out))
        .get("/v1/me", Access::User, routes!(me::show))
        .patch("/v1/me", Access::Interactive, routes!(me::change))
        .post("/v1/me/password", Access::Interactive, routes!(password::change))
        .sign_in()
        .get("/v1/me/sessions", Access::User, routes!(sessions::list))
        .delete("/v1/me/sessions", Access::Interactive, routes!(sessions::end_others))
        .delete("/v1/me/sessions/{id}", Access::Interactive, routes!(sessions::end))
        .get("/v1/me/tokens", Access::User, routes!(tokens::list))
        .post("/v1/me/tokens", Access::User, routes!(tokens::mint))
        .delete("/v1/me/tokens/{id}", Access::User, routes!(tokens::revoke))
        .post("/v1/decisions", Access::Live, routes!(decisions::decide))
        .get("/v1/decisions/who-can", Access::Live, routes!(decisions::who_can))
}

/// What stands outside `/v1`.
pub fn installation() -> Table {
    Table::new(Face::Native)
        .get("/healthz", Access::Public, routes!(installation::healthz))
        .get("/readyz", Access::Public, routes!(installation::readyz))
        .get("/metrics", Access::Public, routes!(installation::metrics))
        .get("/.well-known/jwks.json", Access::Public, routes!(installation::jwks))
        .get("/openapi.json", Access::Public, routes!(installation::openapi))
        .get("/docs", Access::Public, routes!(docs::page))
        .get("/docs/docs.js", Access::Public, routes!(docs::script))
        .get("/docs/docs.css", Access::Public, routes!(docs::style))
}
