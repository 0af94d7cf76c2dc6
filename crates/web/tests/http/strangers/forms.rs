//! What a refusal looks like in each dialect, as its contract has it.

use herald_web::Face;
use serde_json::{Value, json};
use testkit::Answer;

/// The header in which the face looks for a credential.
pub fn header(face: Face, credential: &str) -> (&'static str, String) {
    match face {
        Face::Akto => ("x-api-key", credential.to_owned()),
        Face::Native | Face::OAuth | Face::Testiny | Face::Insights | Face::Frontegg | Face::Aegis => {
            ("authorization", format!("Bearer {credential}"))
        }
    }
}

/// Media type of a refusal, and the keys of its body: those that must be there, those that may.
const fn shape(face: Face) -> (&'static str, &'static [&'static str], &'static [&'static str]) {
    match face {
        Face::Native => (
            "application/problem+json",
            &["type", "title", "status", "detail", "code", "request_id"],
            &["decision", "fields"],
        ),
        Face::Akto => ("application/json", &["actionErrors"], &[]),
        Face::Testiny => ("application/json; charset=utf-8", &["code", "status", "message", "reqid"], &[]),
        Face::OAuth | Face::Insights => {
            ("application/json;charset=UTF-8", &["error", "error_description"], &["scope"])
        }
        Face::Frontegg => ("application/json", &["errors"], &["errorCode"]),
        Face::Aegis => ("application/json", &["status", "message"], &[]),
    }
}

/// Whatever refuses, refuses in the words of the face, and is kept by nobody.
pub fn is_refusal(face: Face, answer: &Answer, asked: &str) {
    let (media, must, may) = shape(face);
    assert_eq!(answer.header("content-type"), Some(media), "{asked}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{asked}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{asked}");
    let body = answer.json();
    let keys: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert!(must.iter().all(|key| keys.contains(key)), "{asked}: {body}");
    assert!(keys.iter().all(|key| must.contains(key) || may.contains(key)), "{asked}: {body}");
    let status = answer.status.as_u16();
    assert!(body.get("status").is_none_or(|said| !said.is_number() || *said == status), "{asked}: {body}");
    for id in ["request_id", "reqid"] {
        assert!(
            body.get(id).is_none_or(|said| said.as_str() == answer.header("x-request-id")),
            "{asked}: {body}"
        );
    }
    let challenged = answer.header("www-authenticate").is_some();
    // RFC 9110 §11.6.1 wants a challenge with every 401; Insights has one where a scope lacks, too (RFC 6750 §3.1).
    let wanted = status == 401 || body["error"] == "insufficient_scope";
    assert_eq!(challenged, wanted && face != Face::Akto, "{asked}: WWW-Authenticate");
}

/// What a dead credential, or none, is told: never why, but for Insights' "expired".
pub fn is_dead(face: Face, answer: &Answer, (sent, expired): (bool, bool), asked: &str) {
    let realm = r#"Bearer realm="herald""#;
    let invalid = r#"Bearer realm="herald", error="invalid_token""#;
    let (status, challenge, wanted) = match face {
        Face::Native => (401, Some("Bearer"), nobody()),
        Face::Akto => (403, None, json!({"actionErrors": ["Invalid API key"]})),
        Face::Testiny => {
            let message = "A valid API key is required";
            let body = json!({"code": "API_ACCESS_DENIED", "status": 401, "message": message});
            (401, Some(if sent { invalid } else { realm }), body)
        }
        Face::OAuth | Face::Insights => {
            (401, Some(if sent { invalid } else { realm }), insights(sent, expired))
        }
        Face::Frontegg => (401, Some("Bearer"), json!({"errors": ["Unauthorized"]})),
        Face::Aegis => {
            let body = json!({"status": "fail", "message": "unauthorized"});
            (401, Some(if sent { invalid } else { realm }), body)
        }
    };
    assert_eq!(answer.status.as_u16(), status, "{asked}: {}", answer.text());
    assert_eq!(answer.header("www-authenticate"), challenge, "{asked}");
    assert_eq!(unnamed(answer), wanted, "{asked}");
    is_refusal(face, answer, asked);
}

fn nobody() -> Value {
    json!({"type": "about:blank", "title": "Unauthorized", "status": 401, "code": "unauthenticated",
           "detail": "A valid credential is required."})
}

fn insights(sent: bool, expired: bool) -> Value {
    match (sent, expired) {
        (false, _) => json!({"error": "unauthorized",
            "error_description": "Full authentication is required to access this resource"}),
        (true, true) => json!({"error": "invalid_token", "error_description": "Access token expired"}),
        (true, false) => json!({"error": "invalid_token", "error_description": "Invalid access token"}),
    }
}

/// The body without what is another at every request.
pub fn unnamed(answer: &Answer) -> Value {
    let mut body = if answer.body.is_empty() { Value::Null } else { answer.json() };
    if let Value::Object(fields) = &mut body {
        for name in ["request_id", "reqid", "decision"] {
            fields.remove(name);
        }
        // A decision's own.
        if fields.contains_key("allowed") {
            fields.remove("id");
        }
    }
    body
}
