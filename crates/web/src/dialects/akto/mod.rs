//! Akto (akto.md): eight read calls, all `POST /api/<name>`, the credential in `X-API-KEY`.

mod access_types;
mod analysis;
mod billing;
mod convert;
mod guard;
mod me;
mod refuse;
mod roles;
mod tokens;
mod wire;

use axum::http::{HeaderMap, StatusCode};
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
    // JSON is JSON here, and unknown keys are ignored, whatever they hold (akto.md §1).
    const TAKES_NUL: bool = true;
    const TAKES_OAUTH: bool = false;

    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented::with_stranger(key(headers, &X_API_KEY), bearer(headers, OtherSchemes::Ignored))
    }

    fn refuse(refusal: &Refusal, _: &RequestMeta) -> Response {
        refuse::refuse(refusal)
    }
}

pub fn table() -> Table {
    Table::new(Face::Akto)
        .post("/api/me", Access::User, routes!(me::me))
        .post("/api/fetchUserLastLoginTs", Access::User, routes!(me::last_login))
        .post("/api/getCustomRoles", Access::User, routes!(roles::custom_roles))
        .post("/api/getRoleHierarchy", Access::User, routes!(roles::hierarchy))
        .post("/api/getAccessTypes", Access::User, routes!(access_types::access_types))
        .post("/api/fetchApiTokens", Access::User, routes!(tokens::api_tokens))
        .post("/api/getCustomerStiggDetails", Access::User, routes!(billing::customer_details))
        .post("/api/getUserAnalysis", Access::User, routes!(analysis::user_analysis))
}

/// A field that is missing, or does not fit: 422 with the text that the contract has for it.
fn faulty(text: &'static str) -> Refusal {
    Refusal::said(StatusCode::UNPROCESSABLE_ENTITY, "", text)
}
