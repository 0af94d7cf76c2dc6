//! Aegis' tokens and users.

use axum::http::Method;

use super::{Row, product};

pub fn rows() -> Vec<Row> {
    let guarded = |method, path, body, key| Row { body, no_access: 403, ..product(method, path, 401, key) };
    vec![
        guarded(Method::GET, "/api/tokens/{x}", "", 404),
        guarded(Method::POST, "/api/tokens/{x}", r#"{"role":"view"}"#, 404),
        guarded(Method::DELETE, "/api/tokens/{x}", "", 404),
        guarded(Method::GET, "/api/users/{x}", "", 200),
        guarded(Method::PUT, "/api/users/{x}", r#"{"isActive":true}"#, 404),
        guarded(Method::POST, "/api/users/{x}", r#"{"isActive":true}"#, 404),
        guarded(Method::DELETE, "/api/users/{x}", "", 404),
    ]
}
