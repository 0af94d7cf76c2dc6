//! The refusals of frontegg.md §3: `{"errors":[…],"errorCode"?}`.

use std::borrow::Cow;

use app::{Failure, Kind};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::wire::Refused;
use crate::dialects::{JSON, answer};
use crate::refusal::Refusal;

/// Unknown e-mail, wrong password, no live membership: the same for all.
pub fn invalid_authentication() -> Refusal {
    Refusal::said(StatusCode::UNAUTHORIZED, "ER-01013", "Invalid authentication")
}

/// Only the right password learns of the lock.
pub fn locked() -> Refusal {
    const TEXT: &str = "User is locked out. To unlock user, please contact your administrators";
    Refusal::said(StatusCode::UNAUTHORIZED, "ER-01034", TEXT)
}

/// A wrong one-time code.
pub fn invalid_code() -> Refusal {
    Refusal::said(StatusCode::UNAUTHORIZED, "ER-01011", "Invalid code")
}

/// An account that the user is not in, or that does not exist: the same for both.
pub fn tenant_not_assigned() -> Refusal {
    Refusal::said(StatusCode::NOT_FOUND, "ER-01008", "Tenant is not assigned to the user")
}

/// In the form of the product; nothing of the request is in it.
pub fn refuse(refusal: &Refusal) -> Response {
    let (status, errors) = row(refusal);
    let body = Refused { errors, error_code: code(refusal) };
    let mut response = answer(status, JSON, &body);
    refusal.dress(response.headers_mut());
    if wants_bearer(refusal) {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Status and texts.
type Row<'r> = (StatusCode, Vec<Cow<'r, str>>);

/// The row of the contract's table.
fn row(refusal: &Refusal) -> Row<'_> {
    let (status, text) = match refusal {
        Refusal::Failure(failure) => return of_failure(failure),
        Refusal::Said(said) => return (said.status, said.texts.clone()),
        Refusal::NoCredential | Refusal::Unproven { .. } => UNAUTHORIZED,
        Refusal::Conflicting => (StatusCode::BAD_REQUEST, "Conflicting credentials"),
        Refusal::NotAUser | Refusal::ScopeLacks(_) => FORBIDDEN,
        Refusal::NoRoute => NOT_FOUND,
        Refusal::Method { .. } => (StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large"),
        Refusal::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type"),
        Refusal::Body(_) => (StatusCode::BAD_REQUEST, "Invalid input json"),
        Refusal::TooMany { .. } => TOO_MANY,
        Refusal::Deadline => UNAVAILABLE,
        Refusal::Panicked => INTERNAL,
    };
    (status, vec![text.into()])
}

fn of_failure(failure: &Failure) -> Row<'_> {
    let (status, text) = match failure.kind {
        Kind::Invalid if !failure.fields.is_empty() => {
            let texts = failure.fields.iter().map(|f| format!("{} {}", f.field, f.message).into());
            return (StatusCode::BAD_REQUEST, texts.collect());
        }
        Kind::Invalid => (StatusCode::BAD_REQUEST, &*failure.public),
        Kind::Unauthenticated => UNAUTHORIZED,
        Kind::Forbidden => FORBIDDEN,
        Kind::Hidden | Kind::NotFound => NOT_FOUND,
        Kind::Conflict => (StatusCode::CONFLICT, &*failure.public),
        Kind::TooMany { .. } => TOO_MANY,
        Kind::Unavailable { .. } => UNAVAILABLE,
        Kind::Internal => INTERNAL,
    };
    (status, vec![text.into()])
}

const UNAUTHORIZED: (StatusCode, &str) = (StatusCode::UNAUTHORIZED, "Unauthorized");
const FORBIDDEN: (StatusCode, &str) = (StatusCode::FORBIDDEN, "Forbidden");
const NOT_FOUND: (StatusCode, &str) = (StatusCode::NOT_FOUND, "Not Found");
const TOO_MANY: (StatusCode, &str) = (StatusCode::TOO_MANY_REQUESTS, "Too many requests");
const UNAVAILABLE: (StatusCode, &str) = (StatusCode::SERVICE_UNAVAILABLE, "Service unavailable");
const INTERNAL: (StatusCode, &str) = (StatusCode::INTERNAL_SERVER_ERROR, "Internal server error");

/// `errorCode`, where the table names one.
fn code(refusal: &Refusal) -> Option<&str> {
    match refusal {
        Refusal::Body(_) => Some("ER-00006"),
        Refusal::Said(said) => Some(said.code).filter(|code| !code.is_empty()),
        _ => None,
    }
}

/// Whether a live token would have helped.
fn wants_bearer(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::NoCredential | Refusal::Unproven { .. } => true,
        Refusal::Failure(failure) => failure.kind == Kind::Unauthenticated,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::refusal::BodyFault;

    async fn shown(refusal: Refusal) -> String {
        let response = refuse(&refusal);
        let header = |name: &str| {
            response.headers().get(name).map(|value| format!(" {name}={}", value.to_str().unwrap()))
        };
        let headers: String =
            ["www-authenticate", "retry-after", "allow"].into_iter().filter_map(header).collect();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
        format!("{status}{headers} {}", String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_rows_of_the_table() {
        let busy =
            Failure::new(Kind::Unavailable { retry_after: Duration::from_millis(1500) }, "busy", "secret");
        for (refusal, wanted) in [
            (Refusal::NoCredential, r#"401 www-authenticate=Bearer {"errors":["Unauthorized"]}"#),
            (Failure::unauthenticated().into(), r#"401 www-authenticate=Bearer {"errors":["Unauthorized"]}"#),
            (invalid_authentication(), r#"401 {"errors":["Invalid authentication"],"errorCode":"ER-01013"}"#),
            (
                locked(),
                r#"401 {"errors":["User is locked out. To unlock user, please contact your administrators"],"errorCode":"ER-01034"}"#,
            ),
            (invalid_code(), r#"401 {"errors":["Invalid code"],"errorCode":"ER-01011"}"#),
            (
                tenant_not_assigned(),
                r#"404 {"errors":["Tenant is not assigned to the user"],"errorCode":"ER-01008"}"#,
            ),
            (Refusal::NotAUser, r#"403 {"errors":["Forbidden"]}"#),
            (Refusal::ScopeLacks("read"), r#"403 {"errors":["Forbidden"]}"#),
            (Refusal::Conflicting, r#"400 {"errors":["Conflicting credentials"]}"#),
            (Refusal::NoRoute, r#"404 {"errors":["Not Found"]}"#),
            (
                Refusal::Method { allow: HeaderValue::from_static("POST") },
                r#"405 allow=POST {"errors":["Method Not Allowed"]}"#,
            ),
            (
                Refusal::Body(BodyFault::TooDeep),
                r#"400 {"errors":["Invalid input json"],"errorCode":"ER-00006"}"#,
            ),
            (
                Refusal::TooMany { retry_after: Duration::from_secs(3) },
                r#"429 retry-after=3 {"errors":["Too many requests"]}"#,
            ),
            (busy.into(), r#"503 retry-after=2 {"errors":["Service unavailable"]}"#),
            (Refusal::Panicked, r#"500 {"errors":["Internal server error"]}"#),
            (
                Failure::invalid_field("name", "must be a string").into(),
                r#"400 {"errors":["name must be a string"]}"#,
            ),
        ] {
            assert_eq!(shown(refusal).await, wanted);
        }
    }
}
