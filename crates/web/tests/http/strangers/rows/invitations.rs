//! Invitations, password resets, and their pages.

use axum::http::Method;

use super::{Row, own, public};

pub fn rows() -> Vec<Row> {
    let invitation = r#"{"email":"neu@northwind.example","roles":["guest"]}"#;
    vec![
        own(Method::GET, "/v1/tenants/{tenant}/invitations", "", 200, 403).asks("users:read"),
        own(Method::POST, "/v1/tenants/{tenant}/invitations", invitation, 201, 403)
            .asks("users:write")
            .names(&[
                (r#"{"email":"x@x.example","roles":["<role>"]}"#, 400),
                (r#"{"email":"x@x.example","roles":["<roles>"]}"#, 400),
                (r#"{"email":"x@x.example","sites":["<site>"]}"#, 400),
            ]),
        own(Method::DELETE, "/v1/tenants/{tenant}/invitations/{id}", "", 404, 403).asks("users:write"),
        public(Method::POST, "/v1/invitations/accept", r#"{"token":"hi_x","password":"a long enough one"}"#),
        public(Method::POST, "/v1/password-resets", r#"{"email":"a@b.example"}"#),
        public(
            Method::POST,
            "/v1/password-resets/complete",
            r#"{"token":"hp_x","password":"a long enough one"}"#,
        ),
        own(Method::POST, "/v1/users/{id}/password-reset", "", 404, 403).asks("users:write"),
        public(Method::GET, "/invitation", ""),
        public(Method::GET, "/password-reset", ""),
        public(Method::GET, "/pages/link.js", ""),
        public(Method::GET, "/pages/link.css", ""),
    ]
}
