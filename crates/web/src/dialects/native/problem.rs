//! Herald's own refusals: RFC 9457 problem details (design §8).

use std::borrow::Cow;

use app::{Failure, FieldFault, Kind};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::dialects::answer;
use crate::frame::RequestMeta;
use crate::refusal::{BodyFault, Refusal, SOON};

const MEDIA: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A refusal.
#[derive(Serialize, ToSchema)]
pub struct Problem<'a> {
    /// Always `about:blank`: `code` says which.
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    /// Stable, for programs.
    code: &'static str,
    request_id: &'a str,
    /// Id of the decision that refused it, where one of permission did.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Uuid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Field<'a>>,
}

/// What is wrong with one field of the request.
#[derive(Serialize, ToSchema)]
pub struct Field<'a> {
    field: &'a str,
    message: &'a str,
}

/// The shape of every refusal, for the document.
pub(crate) fn schemas() -> Vec<(String, RefOr<Schema>)> {
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    schemas
}

pub(super) fn refuse(refusal: &Refusal, meta: &RequestMeta) -> Response {
    let (status, code, detail) = words(refusal);
    let problem = Problem {
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        detail: &detail,
        code,
        request_id: meta.id(),
        decision: decision(refusal).or(meta.decision()),
        fields: fields(refusal),
    };
    let mut response = answer(status, MEDIA, &problem);
    let headers = response.headers_mut();
    refusal.dress(headers);
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn decision(refusal: &Refusal) -> Option<Uuid> {
    if let Refusal::Failure(failure) = refusal { failure.decision.as_deref().copied() } else { None }
}

/// The code of a 403 that no decision stands behind yet.
pub(crate) fn undecided(refusal: &Refusal) -> Option<&'static str> {
    let told = matches!(refusal, Refusal::Failure(failure) if failure.untold.is_some());
    let (status, code, _) = words(refusal);
    (status == StatusCode::FORBIDDEN && !told && decision(refusal).is_none()).then_some(code)
}

fn fields(refusal: &Refusal) -> Vec<Field<'_>> {
    let faults: &[FieldFault] = if let Refusal::Failure(failure) = refusal { &failure.fields } else { &[] };
    faults.iter().map(|fault| Field { field: &fault.field, message: &fault.message }).collect()
}

type Words<'a> = (StatusCode, &'static str, Cow<'a, str>);

fn words(refusal: &Refusal) -> Words<'_> {
    let (status, code, detail) = match refusal {
        Refusal::Failure(failure) => return of_failure(failure),
        Refusal::Said(said) => return (said.status, said.code, said.text().into()),
        Refusal::ScopeLacks(scope) => {
            let detail = format!("The credential lacks the scope {scope}.");
            return (StatusCode::FORBIDDEN, "forbidden", detail.into());
        }
        Refusal::NoCredential | Refusal::Unproven { .. } => {
            return of_failure(&Failure::unauthenticated()).owned();
        }
        Refusal::Conflicting => (
            StatusCode::BAD_REQUEST,
            "conflicting_credentials",
            "The request carries two different identities.",
        ),
        Refusal::NotAUser => {
            (StatusCode::FORBIDDEN, "forbidden", "This credential does not belong to a user.")
        }
        Refusal::NoRoute => (StatusCode::NOT_FOUND, "not_found", "There is no such route."),
        Refusal::Method { .. } => (
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This method is not allowed here; see Allow.",
        ),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is too large."),
        Refusal::MediaType => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "The body must be application/json.",
        ),
        Refusal::Body(fault) => (StatusCode::BAD_REQUEST, "invalid_body", of_body(*fault)),
        Refusal::TooMany { .. } => {
            (StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests; see Retry-After.")
        }
        Refusal::Deadline => {
            let kind = Kind::Unavailable { retry_after: SOON };
            return of_failure(&Failure::new(kind, "deadline", "The request took too long.")).owned();
        }
        Refusal::Panicked => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error."),
    };
    (status, code, detail.into())
}

fn of_body(fault: BodyFault) -> &'static str {
    match fault {
        BodyFault::Malformed => "The body is not valid JSON for this route.",
        BodyFault::NotAnObject => "The body must be a JSON object.",
        BodyFault::Repeated => "The body holds a key twice.",
        BodyFault::TooDeep => "The body is nested deeper than 64.",
        BodyFault::Nul => "A text in the body holds U+0000.",
    }
}

fn of_failure(failure: &Failure) -> Words<'_> {
    let status = match failure.kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Hidden | Kind::NotFound => {
            // What another tenant has and what nobody has must look the same.
            return (StatusCode::NOT_FOUND, "not_found", "There is no such thing.".into());
        }
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, failure.code, (&*failure.public).into())
}

/// Words that outlive what they were made of.
trait Owned {
    fn owned(self) -> Words<'static>;
}

impl Owned for Words<'_> {
    fn owned(self) -> Words<'static> {
        (self.0, self.1, self.2.into_owned().into())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::{ALLOW, RETRY_AFTER};
    use http_body_util::BodyExt;
    use serde_json::{Value, json};

    use super::*;
    use crate::face::Face;

    async fn said(refusal: Refusal) -> (Response<()>, Value) {
        let response = refuse(&refusal, &RequestMeta::of_test(Face::Native));
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (Response::from_parts(parts, ()), serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_missing_credential_is_challenged() {
        let (response, body) = said(Refusal::NoCredential).await;
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let wanted = json!({"type": "about:blank", "title": "Unauthorized", "status": 401,
            "detail": "A valid credential is required.", "code": "unauthenticated", "request_id": "test-1"});
        assert_eq!(body, wanted);
    }

    #[tokio::test]
    async fn faulty_fields_are_named() {
        let (response, body) = said(Failure::invalid_field("email", "is not an e-mail address").into()).await;
        assert_eq!(response.status(), 400);
        assert_eq!(body["code"], "invalid_field");
        assert_eq!(body["fields"], json!([{"field": "email", "message": "is not an e-mail address"}]));
    }

    #[tokio::test]
    async fn headers_go_with_what_they_belong_to() {
        let allow = HeaderValue::from_static("GET, HEAD");
        let (response, _) = said(Refusal::Method { allow }).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()[ALLOW]),
            (405, &"GET, HEAD".parse().unwrap())
        );
        let (response, _) =
            said(Refusal::TooMany { retry_after: std::time::Duration::from_millis(1500) }).await;
        assert_eq!((response.status().as_u16(), &response.headers()[RETRY_AFTER]), (429, &2.into()));
        let (response, body) = said(Refusal::Deadline).await;
        assert_eq!((response.status().as_u16(), &body["code"]), (503, &json!("deadline")));
        assert!(response.headers().contains_key(RETRY_AFTER));
    }

    #[tokio::test]
    async fn a_hidden_row_looks_like_none() {
        let hidden = Failure::new(Kind::Hidden, "hidden", "Of another tenant.");
        assert_eq!(said(hidden.into()).await.1, said(Failure::not_found().into()).await.1);
    }
}
