//! The dialects, and what their answers have in common.

pub mod aegis;
pub mod akto;
pub mod frontegg;
pub mod insights;
pub mod native;
pub mod oauth;
pub mod testiny;

pub use aegis::Aegis;
pub use akto::Akto;
pub use frontegg::Frontegg;
pub use insights::Insights;
pub use native::Native;
pub use oauth::OAuth;
pub use testiny::Testiny;

use std::sync::Arc;

use app::principal::Entry;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use serde::Serialize;

use crate::table::Table;

/// The tables of all dialects: the one list of what Herald serves.
pub fn tables() -> Vec<Table> {
    vec![
        native::table(),
        native::agents::table(),
        native::endpoints::table(),
        native::installation(),
        native::tenants::table(),
        native::roles::table(),
        native::users::table(),
        native::invitations::table(),
        native::clients::table(),
        native::trail::table(),
        oauth::table(),
        akto::table(),
        testiny::table(),
        insights::table(),
        frontegg::table(),
        aegis::table(),
    ]
}

/// Which of an entry's ready answers is whose: each body is made once and lives as long as the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Ready {
    NativeMe = 0,
    AktoMe = 1,
    InsightsDetail = 2,
    FronteggMe = 3,
    AegisMe = 4,
}

/// `application/json`, and nothing else said of it.
pub const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer with a JSON body.
pub fn answer(status: StatusCode, media: HeaderValue, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => rendered(status, media, body.into()),
        // Our wire types are maps with string keys; this cannot be reached by any input.
        Err(_) => rendered(StatusCode::INTERNAL_SERVER_ERROR, media, Bytes::from_static(b"{}")),
    }
}

/// The bytes of an answer that is kept.
pub fn body(of: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(of).unwrap_or_default()
}

/// An answer whose bytes are there already.
pub fn rendered(status: StatusCode, media: HeaderValue, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, media);
    response
}

/// The answer that `which` has ready in `entry`, made by `make` at the first call. Only for what depends on the entry
/// alone: neither on the moment nor on anything that the change feed does not take back.
pub fn ready<T: Serialize>(
    entry: &Arc<Entry>,
    which: Ready,
    media: HeaderValue,
    make: impl FnOnce() -> T,
) -> Response {
    let Some(slot) = entry.answers.get(which as usize) else {
        return answer(StatusCode::OK, media, &make());
    };
    let body = slot.get_or_init(|| serde_json::to_vec(&make()).unwrap_or_default().into());
    rendered(StatusCode::OK, media, Bytes::from_owner(Arc::clone(body)))
}
