//! OAuth.

use axum::http::Method;

use super::{Row, public};

pub fn rows() -> Vec<Row> {
    vec![
        public(Method::POST, "/oauth/token", ""),
        public(Method::POST, "/oauth/revoke", ""),
        public(Method::POST, "/oauth/introspect", ""),
        public(Method::GET, "/.well-known/oauth-authorization-server", ""),
    ]
}
