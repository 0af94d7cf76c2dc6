//! Users and the members of tenants. The key is an administrator's; `{id}` is nobody's.

use axum::http::Method;

use super::{Row, own};

pub fn rows() -> Vec<Row> {
    const USER: &str = "/v1/users/{id}";
    const MEMBER: &str = "/v1/tenants/{tenant}/members/{user}";
    let new = r#"{"email":"new@northwind.example"}"#;
    let somebody = r#"{"email":"otto.vance@contoso.example"}"#;
    vec![
        own(Method::GET, "/v1/users", "", 200, 403),
        own(Method::POST, "/v1/users", new, 201, 403),
        own(Method::GET, USER, "", 404, 403),
        own(Method::PATCH, USER, r#"{"name":"x"}"#, 404, 403),
        own(Method::DELETE, USER, "", 404, 403),
        own(Method::POST, "/v1/users/{id}/lock", "", 404, 403),
        own(Method::POST, "/v1/users/{id}/unlock", "", 404, 403),
        own(Method::POST, "/v1/users/{id}/password", r#"{"password":"long enough to be one"}"#, 404, 403),
        own(Method::GET, "/v1/users/{id}/sessions", "", 404, 403),
        own(Method::POST, "/v1/users/{id}/sessions/end", "", 404, 403),
        own(Method::DELETE, "/v1/users/{id}/sessions/{session}", "", 404, 403),
        // A client is in no tenant, so that no tenant is there for it.
        Row { client: 404, ..own(Method::GET, "/v1/tenants/{tenant}/members", "", 200, 403) },
        Row { client: 404, ..own(Method::POST, "/v1/tenants/{tenant}/members", somebody, 403, 403) },
        Row { client: 404, ..own(Method::GET, MEMBER, "", 404, 403) },
        Row { client: 404, ..own(Method::PATCH, MEMBER, r#"{"active":false}"#, 404, 403) },
        Row { client: 404, ..own(Method::DELETE, MEMBER, "", 404, 403) },
    ]
}
