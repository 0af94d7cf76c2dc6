//! Users and the members of tenants. The key is an administrator's; `{id}` is nobody's.

use axum::http::Method;

use super::{Row, own};

pub fn rows() -> Vec<Row> {
    const USER: &str = "/v1/users/{id}";
    const MEMBER: &str = "/v1/tenants/{tenant}/members/{user}";
    let new = r#"{"email":"new@northwind.example"}"#;
    let somebody = r#"{"email":"otto.vance@contoso.example"}"#;
    vec![
        own(Method::GET, "/v1/users", "", 200, 403)
            .asks("users:read")
            .names(&[("?tenant=<tenants>", 404), ("?search=<e-mail>", 200)]),
        own(Method::POST, "/v1/users", new, 201, 403).asks("users:write").names(&[
            (r#"{"email":"x@x.example","tenant":"<tenants>"}"#, 404),
            (r#"{"email":"x@x.example","roles":["<role>"]}"#, 400),
            (r#"{"email":"x@x.example","roles":["<roles>"]}"#, 400),
            (r#"{"email":"x@x.example","sites":["<site>"]}"#, 400),
            (r#"{"email":"x@x.example","sites":["<sites>"]}"#, 400),
        ]),
        own(Method::GET, USER, "", 404, 403).asks("users:read"),
        own(Method::PATCH, USER, r#"{"name":"x"}"#, 404, 403).asks("users:write"),
        own(Method::DELETE, USER, "", 404, 403).asks("users:write"),
        own(Method::POST, "/v1/users/{id}/lock", "", 404, 403).asks("users:write"),
        own(Method::POST, "/v1/users/{id}/unlock", "", 404, 403).asks("users:write"),
        own(Method::POST, "/v1/users/{id}/password", r#"{"password":"long enough to be one"}"#, 404, 403)
            .asks("users:write"),
        own(Method::GET, "/v1/users/{id}/sessions", "", 404, 403).asks("sessions:admin"),
        own(Method::POST, "/v1/users/{id}/sessions/end", "", 404, 403).asks("sessions:admin"),
        own(Method::DELETE, "/v1/users/{id}/sessions/{session}", "", 404, 403).asks("sessions:admin"),
        // A client is in no tenant, so that no tenant is there for it.
        Row { client: 404, ..own(Method::GET, "/v1/tenants/{tenant}/members", "", 200, 403) }
            .asks("users:read"),
        Row { client: 404, ..own(Method::POST, "/v1/tenants/{tenant}/members", somebody, 403, 403) }
            // An operator alone reaches into who is there elsewhere.
            .asks("installation:write")
            .names(&[(r#"{"user":"<users>"}"#, 403), (r#"{"email":"<e-mail>"}"#, 403)]),
        Row { client: 404, ..own(Method::GET, MEMBER, "", 404, 403) }.asks("users:read"),
        Row { client: 404, ..own(Method::PATCH, MEMBER, r#"{"active":false}"#, 404, 403) }
            .asks("users:write"),
        Row { client: 404, ..own(Method::DELETE, MEMBER, "", 404, 403) }.asks("users:write"),
    ]
}
