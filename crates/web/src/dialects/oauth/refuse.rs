//! OAuth's refusals: RFC 6749 §5.2 for the endpoint, RFC 6750 §3.1 for what its tokens open (insights.md §1, 4).
//! Insights speaks the same words.

use std::borrow::Cow;

use app::{Failure, Kind};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use domain::standing::Dead;

use super::wire::Problem;
use crate::dialects::answer;
use crate::refusal::{BodyFault, Refusal};

/// The media type of every body here, spelled as the product spells it.
pub const MEDIA: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

pub(crate) fn refuse(refusal: &Refusal) -> Response {
    let words = words(refusal);
    let scope = if let Refusal::ScopeLacks(scope) = refusal { Some(*scope) } else { None };
    let body = Problem { error: words.error, error_description: words.description.into_owned(), scope };
    let mut response = answer(words.status, MEDIA, &body);
    if let Some(challenge) = challenge(refusal) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    refusal.dress(response.headers_mut());
    response
}

/// Status, `error` and `error_description`.
#[derive(Debug, PartialEq, Eq)]
struct Words<'r> {
    status: StatusCode,
    error: &'static str,
    description: Cow<'r, str>,
}

impl<'r> Words<'r> {
    fn new(status: StatusCode, error: &'static str, description: impl Into<Cow<'r, str>>) -> Self {
        Self { status, error, description: description.into() }
    }
}

fn words(refusal: &Refusal) -> Words<'_> {
    let invalid = |text| Words::new(StatusCode::BAD_REQUEST, "invalid_request", text);
    match refusal {
        Refusal::Failure(failure) => of_failure(failure),
        Refusal::Said(said) => Words::new(said.status, said.code, said.text()),
        Refusal::NoCredential => {
            let text = "Full authentication is required to access this resource";
            Words::new(StatusCode::UNAUTHORIZED, "unauthorized", text)
        }
        Refusal::Unproven { dead, .. } => {
            Words::new(StatusCode::UNAUTHORIZED, "invalid_token", of_dead(*dead))
        }
        Refusal::Conflicting => invalid("The request carries two different identities"),
        Refusal::NotAUser => {
            Words::new(StatusCode::FORBIDDEN, "access_denied", "This credential does not belong to a user")
        }
        Refusal::ScopeLacks(_) => {
            Words::new(StatusCode::FORBIDDEN, "insufficient_scope", "Insufficient scope")
        }
        Refusal::NoRoute => Words::new(StatusCode::NOT_FOUND, "not_found", "There is no such endpoint"),
        Refusal::Method { allow } => of_method(allow),
        Refusal::TooLarge => {
            Words::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "Request body is too large")
        }
        Refusal::MediaType => invalid("The body must be application/x-www-form-urlencoded"),
        Refusal::Body(BodyFault::Repeated) => invalid("Repeated parameter"),
        Refusal::Body(
            BodyFault::Malformed | BodyFault::NotAnObject | BodyFault::TooDeep | BodyFault::Nul,
        ) => invalid("Malformed request body"),
        Refusal::TooMany { .. } => too_many(),
        Refusal::Deadline => unavailable(),
        Refusal::Panicked => internal(),
    }
}

/// "Expired" is said of what is ours and whole but for its time; all else is one answer.
fn of_dead(dead: Dead) -> &'static str {
    match dead {
        Dead::Expired => "Access token expired",
        Dead::Unknown
        | Dead::Revoked
        | Dead::OwnerInactive
        | Dead::OwnerLocked
        | Dead::MembershipEnded
        | Dead::ClientGone => "Invalid access token",
    }
}

/// `Allow` begins with the method that the route is about.
fn of_method(allow: &HeaderValue) -> Words<'static> {
    let method = allow.to_str().unwrap_or_default().split(',').next().unwrap_or_default();
    let text = format!("Only {method} is supported");
    Words::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", text)
}

fn of_failure(failure: &Failure) -> Words<'_> {
    let say = |status, error| Words::new(status, error, &*failure.public);
    match failure.kind {
        Kind::Invalid => say(StatusCode::BAD_REQUEST, "invalid_request"),
        Kind::Unauthenticated => {
            Words::new(StatusCode::UNAUTHORIZED, "invalid_token", of_dead(Dead::Unknown))
        }
        Kind::Forbidden => say(StatusCode::FORBIDDEN, "access_denied"),
        Kind::Hidden | Kind::NotFound => say(StatusCode::NOT_FOUND, "not_found"),
        Kind::Conflict => say(StatusCode::CONFLICT, "conflict"),
        Kind::TooMany { .. } => too_many(),
        Kind::Unavailable { .. } => unavailable(),
        Kind::Internal => internal(),
    }
}

fn too_many() -> Words<'static> {
    Words::new(StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", "Too many attempts")
}

fn unavailable() -> Words<'static> {
    Words::new(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "Service unavailable")
}

fn internal() -> Words<'static> {
    Words::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "Internal error")
}

/// RFC 6750 §3. A client that failed to prove itself has its `Basic` challenge with its words.
fn challenge(refusal: &Refusal) -> Option<HeaderValue> {
    let bearer = |rest: &str| HeaderValue::try_from(format!("Bearer realm=\"herald\"{rest}")).ok();
    match refusal {
        Refusal::NoCredential => bearer(""),
        Refusal::Unproven { .. } | Refusal::Failure(Failure { kind: Kind::Unauthenticated, .. }) => {
            bearer(", error=\"invalid_token\"")
        }
        Refusal::ScopeLacks(scope) => bearer(&format!(", error=\"insufficient_scope\", scope=\"{scope}\"")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::credential::Header;
    use axum::http::header::{ALLOW, HeaderName, RETRY_AFTER};
    use std::time::Duration;

    fn said(refusal: &Refusal) -> (u16, &'static str, String) {
        let words = words(refusal);
        (words.status.as_u16(), words.error, words.description.into_owned())
    }

    fn header(refusal: &Refusal, name: &HeaderName) -> Option<String> {
        refuse(refusal).headers().get(name).map(|value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn only_time_alone_is_called_expired() {
        let dead = |dead| said(&Refusal::Unproven { dead, sent: Header::Bearer });
        assert_eq!(dead(Dead::Expired), (401, "invalid_token", "Access token expired".to_owned()));
        for other in
            [Dead::Unknown, Dead::Revoked, Dead::OwnerLocked, Dead::OwnerInactive, Dead::MembershipEnded]
        {
            assert_eq!(dead(other).2, "Invalid access token");
        }
    }

    #[test]
    fn challenges_are_those_of_the_contract() {
        let of = |refusal| header(&refusal, &WWW_AUTHENTICATE);
        assert_eq!(of(Refusal::NoCredential).unwrap(), "Bearer realm=\"herald\"");
        let dead = Refusal::Unproven { dead: Dead::Unknown, sent: Header::Bearer };
        assert_eq!(of(dead).unwrap(), "Bearer realm=\"herald\", error=\"invalid_token\"");
        let lacks = "Bearer realm=\"herald\", error=\"insufficient_scope\", scope=\"read\"";
        assert_eq!(of(Refusal::ScopeLacks("read")).unwrap(), lacks);
        assert_eq!(of(Refusal::NotAUser), None);
        assert_eq!(of(Refusal::TooLarge), None);
    }

    #[test]
    fn a_wrong_method_names_the_right_one() {
        for (allow, text) in [("POST", "Only POST is supported"), ("GET, HEAD", "Only GET is supported")] {
            let refusal = Refusal::Method { allow: HeaderValue::from_static(allow) };
            assert_eq!(said(&refusal), (405, "method_not_allowed", text.to_owned()));
            assert_eq!(header(&refusal, &ALLOW).as_deref(), Some(allow));
        }
    }

    #[test]
    fn waiting_is_told_in_seconds() {
        let many = Refusal::TooMany { retry_after: Duration::from_millis(1_200) };
        assert_eq!(said(&many), (429, "temporarily_unavailable", "Too many attempts".to_owned()));
        assert_eq!(header(&many, &RETRY_AFTER).as_deref(), Some("2"));
        let away = Kind::Unavailable { retry_after: Duration::from_secs(2) };
        let away = Refusal::Failure(Failure::new(away, "unavailable", "a cause within"));
        assert_eq!(said(&away), (503, "temporarily_unavailable", "Service unavailable".to_owned()));
        assert_eq!(header(&away, &RETRY_AFTER).as_deref(), Some("2"));
    }

    #[test]
    fn a_fault_says_nothing_of_its_cause() {
        let fault = Refusal::Failure(Failure::new(Kind::Internal, "internal", "column 7 of users"));
        for refusal in [fault, Refusal::Panicked] {
            assert_eq!(said(&refusal), (500, "server_error", "Internal error".to_owned()));
        }
    }
}
