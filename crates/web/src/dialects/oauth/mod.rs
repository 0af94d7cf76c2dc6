//! OAuth 2: `POST /oauth/token` and what stands around it (contract insights §1, 2).
//!
//! Beside it stand revocation (RFC 7009), introspection (RFC 7662) and metadata (RFC 8414), §2c.
//!
//! A token request is read in the order of the contract's table of refusals: `request` (lines 2 to 5), `client`
//! (6, 7), `grant` (8 to 10), `scope` (11), then the grant's own file (12 to 15).

mod answer;
mod client;
mod client_credentials;
mod convert;
mod grant;
mod introspect;
mod metadata;
mod password;
mod refresh;
pub(crate) mod refuse;
mod request;
mod revoke;
mod scope;
mod token;
pub mod wire;

use axum::http::header::PRAGMA;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use domain::decision::Door;

use crate::dialect::Dialect;
use crate::extract::credential::{OtherSchemes, Presented, bearer};
use crate::extract::{BodyRule, Empty, Media};
use crate::face::Face;
use crate::frame::RequestMeta;
use crate::refusal::Refusal;
use crate::table::{Access, Table, routes};

pub struct OAuth;

impl Dialect for OAuth {
    const FACE: Face = Face::OAuth;
    const DOOR: Door = Door::Own;
    const BODY: BodyRule = BodyRule { media: Media::Json, empty: Empty::IsMalformed };

    fn presented(headers: &HeaderMap) -> Presented<'_> {
        Presented::only(bearer(headers, OtherSchemes::Counted))
    }

    fn refuse(refusal: &Refusal, _: &RequestMeta) -> Response {
        uncached(refuse::refuse(refusal))
    }
}

/// Always there, whichever products are switched off.
pub fn table() -> Table {
    Table::new(Face::OAuth)
        .post("/oauth/token", Access::Client, routes!(token::token))
        .reads_late()
        .post("/oauth/revoke", Access::Client, routes!(revoke::revoke))
        .reads_late()
        .post("/oauth/introspect", Access::Client, routes!(introspect::introspect))
        .reads_late()
        .get("/.well-known/oauth-authorization-server", Access::Public, routes!(metadata::metadata))
}

/// RFC 6749 §5.1 asks for this besides `Cache-Control: no-store`, which every answer has.
fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
