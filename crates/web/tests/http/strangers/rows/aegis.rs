//! Aegis' tokens and users.

use axum::http::Method;

use super::{Row, product};

pub fn rows() -> Vec<Row> {
    const TOKENS: &str = "/api/tokens/{x}";
    const USERS: &str = "/api/users/{x}";
    let guarded = |method, path, body, key| Row { body, no_access: 403, ..product(method, path, 401, key) };
    vec![
        guarded(Method::GET, TOKENS, "", 200).asks("tokens:read"),
        guarded(Method::POST, TOKENS, r#"{"role":"view"}"#, 200)
            .asks("tokens:write")
            .also("*")
            .names(&[(r#"{"role":"<role>"}"#, 400)]),
        guarded(Method::DELETE, TOKENS, "", 404).asks("tokens:write"),
        guarded(Method::GET, USERS, "", 200).asks("users:read").other(200),
        guarded(Method::PUT, USERS, r#"{"isActive":true}"#, 404).asks("users:write"),
        guarded(Method::POST, USERS, r#"{"isActive":true}"#, 404).asks("users:write"),
        guarded(Method::DELETE, USERS, "", 404).asks("users:write"),
    ]
}
