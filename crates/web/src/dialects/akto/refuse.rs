//! Akto's refusals (akto.md §1): texts in `actionErrors`, and 403 where others say 401.

use app::{Failure, Kind};
use axum::http::StatusCode;
use axum::response::Response;

use super::wire::Refused;
use crate::dialects::{JSON, answer};
use crate::refusal::Refusal;

/// The refusal in Akto's form.
pub(super) fn refuse(refusal: &Refusal) -> Response {
    let (status, text) = row(refusal);
    let mut response = answer(status, JSON, &Refused { action_errors: vec![text] });
    refusal.dress(response.headers_mut());
    response
}

/// The row of the contract's table.
fn row(refusal: &Refusal) -> (StatusCode, &str) {
    match refusal {
        Refusal::Method { .. } => (StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Request body is too large"),
        // One answer for all of these: it never says what is wrong with a key.
        Refusal::NoCredential | Refusal::Unproven { .. } | Refusal::NotAUser => NO_KEY,
        // All eight calls ask for `read`.
        Refusal::ScopeLacks(_) => (StatusCode::FORBIDDEN, "The API key lacks the scope 'read'."),
        Refusal::Conflicting => (StatusCode::FORBIDDEN, "The request carries two different identities"),
        Refusal::MediaType | Refusal::Body(_) => {
            (StatusCode::BAD_REQUEST, "Request body is not a valid JSON object")
        }
        Refusal::TooMany { .. } => TOO_MANY,
        Refusal::Deadline => UNAVAILABLE,
        Refusal::Panicked => INTERNAL,
        Refusal::NoRoute => NOT_FOUND,
        Refusal::Failure(failure) => of_failure(failure),
        Refusal::Said(said) => (said.status, said.text()),
    }
}

/// An endpoint whose contract has a text for it says that by [`Refusal::said`].
fn of_failure(failure: &Failure) -> (StatusCode, &str) {
    match failure.kind {
        Kind::Unauthenticated => NO_KEY,
        Kind::Forbidden => (StatusCode::FORBIDDEN, &failure.public),
        Kind::Invalid | Kind::Conflict => (StatusCode::UNPROCESSABLE_ENTITY, &failure.public),
        Kind::Hidden | Kind::NotFound => NOT_FOUND,
        Kind::TooMany { .. } => TOO_MANY,
        Kind::Unavailable { .. } => UNAVAILABLE,
        Kind::Internal => INTERNAL,
    }
}

const NO_KEY: (StatusCode, &str) = (StatusCode::FORBIDDEN, "Invalid API key");
const NOT_FOUND: (StatusCode, &str) = (StatusCode::NOT_FOUND, "Not found");
const TOO_MANY: (StatusCode, &str) = (StatusCode::TOO_MANY_REQUESTS, "Too many requests");
const UNAVAILABLE: (StatusCode, &str) = (StatusCode::SERVICE_UNAVAILABLE, "Service unavailable");
const INTERNAL: (StatusCode, &str) = (StatusCode::INTERNAL_SERVER_ERROR, "Internal error");

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::HeaderValue;
    use axum::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
    use domain::standing::Dead;

    use super::*;
    use crate::extract::credential::Header;
    use crate::refusal::BodyFault;

    #[test]
    fn no_text_tells_why_a_key_is_refused() {
        let refused = |refusal: Refusal| row(&refusal) == NO_KEY;
        for dead in [Dead::Unknown, Dead::Revoked, Dead::OwnerLocked, Dead::MembershipEnded, Dead::Expired] {
            assert!(refused(Refusal::Unproven { dead, sent: Header::Key }));
        }
        assert!(refused(Refusal::NoCredential));
        assert!(refused(Refusal::NotAUser));
        assert!(refused(Refusal::Failure(Failure::unauthenticated())));
        assert!(refuse(&Refusal::NoCredential).headers().get(WWW_AUTHENTICATE).is_none());
    }

    #[test]
    fn every_fault_of_a_body_is_the_same() {
        for fault in [BodyFault::Malformed, BodyFault::NotAnObject, BodyFault::Repeated, BodyFault::TooDeep] {
            let expected = (StatusCode::BAD_REQUEST, "Request body is not a valid JSON object");
            assert_eq!(row(&Refusal::Body(fault)), expected);
        }
    }

    #[test]
    fn a_cause_is_never_shown_and_waiting_is_said() {
        let internal = Failure::internal(std::io::Error::other("table tokens is damaged"));
        assert_eq!(row(&Refusal::Failure(internal)), INTERNAL);
        let away =
            Failure::new(Kind::Unavailable { retry_after: Duration::from_secs(2) }, "unavailable", "driver");
        let refusal = Refusal::Failure(away);
        assert_eq!(row(&refusal), UNAVAILABLE);
        assert_eq!(refuse(&refusal).headers().get(RETRY_AFTER).unwrap(), "2");
        let limited = Refusal::TooMany { retry_after: Duration::from_millis(300) };
        assert_eq!(row(&limited), TOO_MANY);
        assert_eq!(refuse(&limited).headers().get(RETRY_AFTER).unwrap(), "1");
    }

    #[test]
    fn another_method_is_told_which_one_is_right() {
        let response = refuse(&Refusal::Method { allow: HeaderValue::from_static("POST") });
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers().get(ALLOW).unwrap(), "POST");
    }
}
