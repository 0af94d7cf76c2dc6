//! What is logged of a request: never its query, its headers, its body.

use std::time::Duration;

use app::Kind;
use axum::http::{Method, StatusCode};
use tracing::{error, info};

use super::RequestMeta;
use crate::refusal::Refusal;

/// The one line. The route is the template, so nothing in it was chosen by the caller. Address and credential are there
/// for who has to find out what a leaked key has read, which no trail of writes can tell; a credential's id opens nothing.
pub(super) fn line(
    meta: &RequestMeta,
    route: &'static str,
    method: &Method,
    status: StatusCode,
    took: Duration,
) {
    let known = matches!(method.as_str(), "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS");
    info!(
        request_id = meta.id(),
        face = meta.face.name(),
        method = if known { method.as_str() } else { "other" },
        route,
        status = status.as_u16(),
        ip = %meta.ip,
        credential = meta.credential().map(tracing::field::display),
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "request"
    );
}

/// The cause of an answer that is our fault, once.
pub(super) fn cause(refusal: &Refusal, meta: &RequestMeta) {
    let request_id = meta.id();
    match refusal {
        Refusal::Failure(failure) => {
            let ours = matches!(failure.kind, Kind::Unavailable { .. } | Kind::Internal);
            if let Some(cause) = failure.source.as_deref().filter(|_| ours) {
                error!(request_id, code = failure.code, cause = %chain(cause), "failed");
            }
        }
        Refusal::Panicked => error!(request_id, "a handler panicked"),
        Refusal::Deadline => error!(request_id, "over the deadline"),
        Refusal::Unproven { dead, .. } => tracing::debug!(request_id, ?dead, "credential refused"),
        Refusal::NoCredential
        | Refusal::Conflicting
        | Refusal::NotAUser
        | Refusal::ScopeLacks(_)
        | Refusal::NoRoute
        | Refusal::Method { .. }
        | Refusal::TooLarge
        | Refusal::MediaType
        | Refusal::Body(_)
        | Refusal::TooMany { .. }
        | Refusal::Said(_) => {}
    }
}

/// An error with what lies under it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut under = error.source();
    while let Some(error) = under {
        text.push_str(": ");
        text.push_str(&error.to_string());
        under = error.source();
    }
    text
}
