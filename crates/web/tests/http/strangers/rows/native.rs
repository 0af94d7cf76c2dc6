//! Herald's own API.

use axum::http::Method;

use super::{Row, own, public};

pub fn rows() -> Vec<Row> {
    let decision = r#"{"permission":"users:read"}"#;
    vec![
        public(Method::POST, "/v1/sign-in", r#"{"email":"a@b.example","password":"x"}"#),
        own(Method::POST, "/v1/sign-out", "", 400, 204),
        own(Method::GET, "/v1/me", "", 200, 200),
        own(Method::PATCH, "/v1/me", r#"{"phone":"1"}"#, 403, 200),
        own(Method::POST, "/v1/me/password", r#"{"current_password":"a","new_password":"b"}"#, 403, 403),
        own(Method::GET, "/v1/me/sessions", "", 200, 200),
        own(Method::DELETE, "/v1/me/sessions", "", 403, 204),
        own(Method::DELETE, "/v1/me/sessions/{id}", "", 403, 404),
        own(Method::GET, "/v1/me/tokens", "", 200, 403).asks("tokens:read"),
        own(Method::POST, "/v1/me/tokens", r#"{"name":"n"}"#, 201, 403)
            .asks("tokens:write")
            .names(&[(r#"{"name":"n","role":"<role>"}"#, 400)]),
        own(Method::DELETE, "/v1/me/tokens/{id}", "", 404, 403).asks("tokens:write"),
        Row { client: 200, ..own(Method::POST, "/v1/decisions", decision, 200, 200) }.names(&[
            (r#"{"permission":"users:read","tenant":"<tenants>"}"#, 200),
            (r#"{"permission":"users:read","user":"<users>"}"#, 404),
            (r#"{"permission":"users:read","user":"<e-mail>"}"#, 404),
        ]),
        own(Method::GET, "/v1/decisions/who-can", "?permission=users:read", 200, 403)
            .asks("decisions:read")
            .names(&[("?permission=users:read&tenant=<tenants>", 403)]),
    ]
}
