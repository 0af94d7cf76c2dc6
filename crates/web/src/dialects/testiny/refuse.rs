//! Testiny's refusals (testiny.md §3): one flat body, with the request's id in it.

use app::{Failure, Kind};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::JSON_UTF8;
use super::wire::Refused;
use crate::dialects::answer;
use crate::extract::credential::Header;
use crate::frame::RequestMeta;
use crate::refusal::Refusal;

/// The refusal in Testiny's form.
pub(super) fn refuse(refusal: &Refusal, meta: &RequestMeta) -> Response {
    let (status, code, message) = row(refusal);
    let body = Refused { code, status: status.as_u16(), message, reqid: meta.id() };
    let mut response = answer(status, JSON_UTF8, &body);
    refusal.dress(response.headers_mut());
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge(refusal));
    }
    response
}

/// RFC 6750 §3: `error` only where a bearer token was sent and is bad.
fn challenge(refusal: &Refusal) -> HeaderValue {
    HeaderValue::from_static(match refusal {
        Refusal::Unproven { sent: Header::Bearer, .. } => r#"Bearer realm="herald", error="invalid_token""#,
        _ => r#"Bearer realm="herald""#,
    })
}

/// Status, `code`, `message`.
type Row<'r> = (StatusCode, &'r str, &'r str);

/// The row of the contract's table.
fn row(refusal: &Refusal) -> Row<'_> {
    match refusal {
        Refusal::Conflicting => {
            (StatusCode::BAD_REQUEST, INVALID, "The request carries two different identities")
        }
        Refusal::NoCredential | Refusal::Unproven { .. } => NO_KEY,
        Refusal::NotAUser => (StatusCode::FORBIDDEN, DENIED, "This credential does not belong to a user"),
        Refusal::ScopeLacks(_) => (StatusCode::FORBIDDEN, DENIED, "Insufficient scope"),
        Refusal::NoRoute => (StatusCode::NOT_FOUND, NO_ROUTE, "There is no such route"),
        Refusal::Method { .. } => (StatusCode::METHOD_NOT_ALLOWED, NO_ROUTE, "Method not allowed"),
        // No route of this dialect reads a body; the frame can still refuse one.
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, INVALID, "Request body is too large"),
        Refusal::MediaType | Refusal::Body(_) => {
            (StatusCode::BAD_REQUEST, INVALID, "Request body is not a valid JSON object")
        }
        Refusal::TooMany { .. } => TOO_MANY,
        Refusal::Deadline => UNAVAILABLE,
        Refusal::Panicked => INTERNAL,
        Refusal::Failure(failure) => of_failure(failure),
        Refusal::Said(said) => (said.status, said.code, said.text()),
    }
}

fn of_failure(failure: &Failure) -> Row<'_> {
    match failure.kind {
        Kind::Invalid => (StatusCode::BAD_REQUEST, INVALID, &failure.public),
        Kind::Unauthenticated => NO_KEY,
        Kind::Forbidden => (StatusCode::FORBIDDEN, DENIED, &failure.public),
        Kind::Hidden | Kind::NotFound => (StatusCode::NOT_FOUND, INVALID, &failure.public),
        Kind::Conflict => (StatusCode::CONFLICT, INVALID, &failure.public),
        Kind::TooMany { .. } => TOO_MANY,
        Kind::Unavailable { .. } => UNAVAILABLE,
        Kind::Internal => INTERNAL,
    }
}

const INVALID: &str = "API_INVALID_INPUT_DATA";
const DENIED: &str = "API_ACCESS_DENIED";
const NO_ROUTE: &str = "API_ROUTE_NOT_FOUND";
const NO_KEY: Row<'_> = (StatusCode::UNAUTHORIZED, DENIED, "A valid API key is required");
const TOO_MANY: Row<'_> = (StatusCode::TOO_MANY_REQUESTS, "API_TOO_MANY_REQUESTS", "Too many requests");
const UNAVAILABLE: Row<'_> =
    (StatusCode::SERVICE_UNAVAILABLE, "API_SERVICE_UNAVAILABLE", "Service unavailable");
const INTERNAL: Row<'_> = (StatusCode::INTERNAL_SERVER_ERROR, "API_INTERNAL_ERROR", "Internal error");

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::header::RETRY_AFTER;
    use domain::standing::Dead;

    use super::*;

    #[test]
    fn the_challenge_names_an_error_only_for_a_bad_bearer() {
        let by = |sent| challenge(&Refusal::Unproven { dead: Dead::Expired, sent });
        assert_eq!(by(Header::Bearer), r#"Bearer realm="herald", error="invalid_token""#);
        assert_eq!(by(Header::Key), r#"Bearer realm="herald""#);
        assert_eq!(challenge(&Refusal::NoCredential), r#"Bearer realm="herald""#);
    }

    #[test]
    fn every_row_of_the_contract() {
        let denied = (StatusCode::UNAUTHORIZED, "API_ACCESS_DENIED", "A valid API key is required");
        assert_eq!(row(&Refusal::NoCredential), denied);
        assert_eq!(row(&Refusal::ScopeLacks("read")), (StatusCode::FORBIDDEN, DENIED, "Insufficient scope"));
        let no_route = (StatusCode::NOT_FOUND, "API_ROUTE_NOT_FOUND", "There is no such route");
        assert_eq!(row(&Refusal::NoRoute), no_route);
        let internal = Failure::internal(std::io::Error::other("table tokens is damaged"));
        assert_eq!(row(&Refusal::Failure(internal)), INTERNAL);
    }

    #[test]
    fn waiting_is_said_in_whole_seconds() {
        let away = Kind::Unavailable { retry_after: Duration::from_millis(2_100) };
        let refusal = Refusal::Failure(Failure::new(away, "unavailable", "driver"));
        assert_eq!(row(&refusal), UNAVAILABLE);
        let response = refuse(&refusal, &RequestMeta::of_test(crate::Face::Testiny));
        assert_eq!(response.headers().get(RETRY_AFTER).unwrap(), "3");
    }
}
