//! Tenants and what is theirs, roles, clients, the audit trail.

use axum::http::Method;

use super::{Row, own};

/// Within a tenant: a client's own credential has none.
fn within(method: Method, path: &'static str, body: &'static str, key: u16, no_access: u16) -> Row {
    Row { client: 404, ..own(method, path, body, key, no_access) }
}

pub fn rows() -> Vec<Row> {
    let rows = [tenants(), belongings(), roles(), clients()];
    rows.into_iter().flatten().collect()
}

fn tenants() -> Vec<Row> {
    let new = r#"{"key":"k","name":"n"}"#;
    vec![
        Row { client: 200, ..own(Method::GET, "/v1/tenants", "", 200, 200) },
        own(Method::POST, "/v1/tenants", new, 403, 403).asks("installation:write"),
        within(Method::GET, "/v1/tenants/{tenant}", "", 200, 200),
        within(Method::PATCH, "/v1/tenants/{tenant}", r#"{"name":"n"}"#, 200, 403).asks("tenants:write"),
        within(Method::DELETE, "/v1/tenants/{tenant}", "", 403, 403).asks("installation:write"),
        within(Method::GET, "/v1/tenants/{tenant}/sites", "", 200, 200),
        within(Method::POST, "/v1/tenants/{tenant}/sites", new, 201, 403).asks("tenants:write"),
        within(Method::GET, "/v1/tenants/{tenant}/sites/{id}", "", 404, 404),
        within(Method::PATCH, "/v1/tenants/{tenant}/sites/{id}", "{}", 404, 403).asks("tenants:write"),
        within(Method::DELETE, "/v1/tenants/{tenant}/sites/{id}", "", 404, 403).asks("tenants:write"),
    ]
}

fn belongings() -> Vec<Row> {
    let token = r#"{"name":"n","roles":["guest"]}"#;
    let webhook = r#"{"name":"n","url":"https://hooks.example/x","kind":"SLACK"}"#;
    let networks = r#"{"private":[],"partner":[]}"#;
    vec![
        within(Method::GET, "/v1/tenants/{tenant}/networks", "", 200, 403).asks("endpoints:read"),
        within(Method::PUT, "/v1/tenants/{tenant}/networks", networks, 200, 403).asks("tenants:write"),
        within(Method::GET, "/v1/tenants/{tenant}/tokens", "", 200, 403).asks("tokens:admin"),
        within(Method::POST, "/v1/tenants/{tenant}/tokens", token, 201, 403)
            .asks("tokens:admin")
            .also("*")
            .names(&[
                (r#"{"name":"n","roles":["<role>"]}"#, 400),
                (r#"{"name":"n","roles":["<roles>"]}"#, 400),
            ]),
        within(Method::DELETE, "/v1/tenants/{tenant}/tokens/{id}", "", 404, 403).asks("tokens:admin"),
        within(Method::GET, "/v1/tenants/{tenant}/webhooks", "", 200, 403).asks("tokens:read"),
        own(Method::POST, "/v1/tenants/{tenant}/webhooks", webhook, 201, 403).asks("tokens:write"),
        within(Method::GET, "/v1/tenants/{tenant}/webhooks/{id}", "", 404, 403).asks("tokens:read"),
        within(Method::PATCH, "/v1/tenants/{tenant}/webhooks/{id}", "{}", 404, 404)
            .asks("tenants:write")
            .lacks(404),
        within(Method::DELETE, "/v1/tenants/{tenant}/webhooks/{id}", "", 404, 404)
            .asks("tenants:write")
            .lacks(404),
    ]
}

fn roles() -> Vec<Row> {
    let permission = r#"{"key":"rooms:read"}"#;
    vec![
        own(Method::GET, "/v1/roles", "", 200, 403).asks("roles:read").names(&[("?tenant=<tenants>", 404)]),
        own(Method::POST, "/v1/roles", r#"{"key":"k"}"#, 201, 403).asks("roles:write").names(&[
            (r#"{"key":"k","tenant":"<tenants>"}"#, 404),
            (r#"{"key":"k","assigns":["<role>"]}"#, 400),
        ]),
        within(Method::GET, "/v1/roles/{id}", "", 404, 404).asks("roles:read"),
        within(Method::PATCH, "/v1/roles/{id}", r#"{"name":"n"}"#, 404, 404).asks("roles:write"),
        within(Method::DELETE, "/v1/roles/{id}", "", 404, 404).asks("roles:write"),
        own(Method::GET, "/v1/permissions", "", 200, 403).asks("roles:read"),
        own(Method::POST, "/v1/permissions", permission, 403, 403).asks("installation:write"),
        own(Method::DELETE, "/v1/permissions/{key}", "", 403, 403).asks("installation:write").other(403),
    ]
}

/// The operators', and the trail.
fn clients() -> Vec<Row> {
    let client = r#"{"grants":["password"]}"#;
    vec![
        own(Method::GET, "/v1/clients", "", 403, 403).asks("installation:read"),
        own(Method::POST, "/v1/clients", client, 403, 403).asks("installation:write"),
        own(Method::GET, "/v1/clients/{id}", "", 403, 403).asks("installation:read").other(403),
        own(Method::PATCH, "/v1/clients/{id}", "{}", 403, 403).asks("installation:write").other(403),
        own(Method::DELETE, "/v1/clients/{id}", "", 403, 403).asks("installation:write").other(403),
        own(Method::POST, "/v1/clients/{id}/secret", "", 403, 403).asks("installation:write").other(403),
        own(Method::GET, "/v1/audit", "", 200, 403).asks("audit:read").names(&[
            ("?tenant=<tenants>", 404),
            ("?actor=<users>", 200),
            ("?credential=<tokens>", 200),
            ("?target=<users>", 200),
        ]),
    ]
}
