//! Akto's dialect, and the inventory and activity behind it.

use axum::http::Method;

use super::{Row, own, product};

/// One of Akto's calls that is guarded by a permission.
fn guarded(path: &'static str, body: &'static str, key: u16) -> Row {
    Row { body, no_access: 403, ..product(Method::POST, path, 403, key) }
}

pub fn rows() -> Vec<Row> {
    vec![
        product(Method::POST, "/api/me", 403, 200),
        product(Method::POST, "/api/fetchUserLastLoginTs", 403, 200),
        guarded("/api/getCustomRoles", "", 200).asks("roles:read"),
        guarded("/api/getRoleHierarchy", "", 200).asks("roles:read"),
        guarded("/api/getAccessTypes", r#"{"urls":["/v1/orders"]}"#, 200)
            .asks("endpoints:read")
            .names(&[(r#"{"urls":["<url>"]}"#, 200)]),
        guarded("/api/fetchApiTokens", "", 200).asks("tokens:read"),
        // No secret is configured here.
        guarded("/api/getCustomerStiggDetails", CUSTOMER, 422).asks("billing:read").names(&[(CUSTOMER, 422)]),
        guarded("/api/getUserAnalysis", r#"{"agentId":"a","deviceId":"d"}"#, 200)
            .asks("agents:read")
            .names(&[(r#"{"agentId":"<agents>","deviceId":"<devices>"}"#, 200)]),
        own(Method::POST, "/v1/agents/activity", ACTIVITY, 200, 403)
            .asks("agents:write")
            .names(&[("?tenant=<tenants>\n{\"agent\":\"a\",\"device\":\"d\",\"user\":\"u\"}", 404)]),
        own(Method::GET, "/v1/agents/{agent}/devices/{device}", "", 404, 403)
            .asks("agents:read")
            .names(&[("?tenant=<tenants>", 404)]),
        own(Method::GET, "/v1/endpoints", "", 200, 403)
            .asks("endpoints:read")
            .names(&[("?tenant=<tenants>", 404), ("?search=<url>", 200)]),
        own(Method::PUT, "/v1/endpoints", ENDPOINT, 200, 403).asks("endpoints:write").names(&[(
            "?tenant=<tenants>\n{\"collection\":1,\"method\":\"GET\",\"url\":\"/x\",\"access\":[\"PUBLIC\"]}",
            404,
        )]),
        own(Method::POST, "/v1/endpoints/observations", OBSERVATION, 200, 403).asks("endpoints:write").names(&[
            ("?tenant=<tenants>\n{\"collection\":1,\"method\":\"GET\",\"url\":\"/x\",\"source\":\"192.0.2.1\"}", 404),
        ]),
    ]
}

const ACTIVITY: &str = r#"{"agent":"a","device":"d","user":"u"}"#;
const ENDPOINT: &str = r#"{"collection":1,"method":"GET","url":"/x","access":["PUBLIC"]}"#;
const OBSERVATION: &str = r#"{"collection":1,"method":"GET","url":"/x","source":"192.0.2.1"}"#;
const CUSTOMER: &str = r#"{"customerId":"550e8400-e29b-41d4-a716-446655440000"}"#;
