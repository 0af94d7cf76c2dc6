//! Aegis' refusals (aegis.md §1): `fail` and a text.

use app::{Failure, Kind};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::wire::{Fail, Refused};
use crate::dialects::{JSON, answer};
use crate::refusal::Refusal;

/// The refusal in Aegis' form.
pub(super) fn refuse(refusal: &Refusal) -> Response {
    let (status, message) = row(refusal);
    let mut response = answer(status, JSON, &Refused { status: Fail::Fail, message });
    refusal.dress(response.headers_mut());
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge(refusal));
    }
    response
}

/// RFC 6750 §3: `error` only where a credential was sent.
fn challenge(refusal: &Refusal) -> HeaderValue {
    HeaderValue::from_static(match refusal {
        Refusal::Unproven { .. } => r#"Bearer realm="herald", error="invalid_token""#,
        _ => r#"Bearer realm="herald""#,
    })
}

/// The row of the contract's table.
fn row(refusal: &Refusal) -> (StatusCode, &str) {
    match refusal {
        Refusal::Method { .. } => (StatusCode::METHOD_NOT_ALLOWED, "method not allowed"),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "request body is too large"),
        Refusal::NoCredential | Refusal::Unproven { .. } => NOBODY,
        Refusal::Conflicting => (StatusCode::BAD_REQUEST, "the request carries two different identities"),
        Refusal::NotAUser => (StatusCode::FORBIDDEN, "this credential does not belong to a user"),
        Refusal::ScopeLacks(_) => DENIED,
        Refusal::MediaType | Refusal::Body(_) => {
            (StatusCode::BAD_REQUEST, "request body is not a valid JSON object")
        }
        Refusal::NoRoute => (StatusCode::NOT_FOUND, "not found"),
        Refusal::TooMany { .. } => TOO_MANY,
        Refusal::Deadline => UNAVAILABLE,
        Refusal::Panicked => INTERNAL,
        Refusal::Failure(failure) => of_failure(failure),
        Refusal::Said(said) => (said.status, said.text()),
    }
}

/// A call that has texts of its own says them by [`Refusal::said`].
fn of_failure(failure: &Failure) -> (StatusCode, &str) {
    match failure.kind {
        Kind::Invalid => (StatusCode::BAD_REQUEST, &failure.public),
        Kind::Unauthenticated => NOBODY,
        Kind::Forbidden => DENIED,
        Kind::Hidden | Kind::NotFound => (StatusCode::NOT_FOUND, &failure.public),
        Kind::Conflict => (StatusCode::CONFLICT, &failure.public),
        Kind::TooMany { .. } => TOO_MANY,
        Kind::Unavailable { .. } => UNAVAILABLE,
        Kind::Internal => INTERNAL,
    }
}

const NOBODY: (StatusCode, &str) = (StatusCode::UNAUTHORIZED, "unauthorized");
const DENIED: (StatusCode, &str) = (StatusCode::FORBIDDEN, "permission denied");
const TOO_MANY: (StatusCode, &str) = (StatusCode::TOO_MANY_REQUESTS, "too many requests");
const UNAVAILABLE: (StatusCode, &str) = (StatusCode::SERVICE_UNAVAILABLE, "service unavailable");
const INTERNAL: (StatusCode, &str) = (StatusCode::INTERNAL_SERVER_ERROR, "internal error");

#[cfg(test)]
mod tests {
    use domain::standing::Dead;

    use super::*;
    use crate::extract::credential::Header;
    use crate::refusal::BodyFault;

    #[test]
    fn the_challenge_names_an_error_only_where_something_was_sent() {
        let of = |refusal: &Refusal| refuse(refusal).headers().get(WWW_AUTHENTICATE).cloned();
        let dead = Refusal::Unproven { dead: Dead::OwnerLocked, sent: Header::Bearer };
        assert_eq!(of(&dead).unwrap(), r#"Bearer realm="herald", error="invalid_token""#);
        assert_eq!(of(&Refusal::NoCredential).unwrap(), r#"Bearer realm="herald""#);
        assert_eq!(of(&Refusal::Conflicting), None);
    }

    #[test]
    fn a_permission_and_a_scope_lack_alike() {
        assert_eq!(row(&Refusal::Failure(Failure::forbidden())), DENIED);
        assert_eq!(row(&Refusal::ScopeLacks("write")), DENIED);
    }

    #[test]
    fn a_body_and_a_cause_are_not_repeated() {
        let expected = (StatusCode::BAD_REQUEST, "request body is not a valid JSON object");
        assert_eq!(row(&Refusal::Body(BodyFault::Repeated)), expected);
        let internal = Failure::internal(std::io::Error::other("table tokens is damaged"));
        assert_eq!(row(&Refusal::Failure(internal)), INTERNAL);
    }
}
