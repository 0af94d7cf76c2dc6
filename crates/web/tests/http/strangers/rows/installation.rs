//! What an installation says of itself.

use axum::http::Method;

use super::{Row, public};

pub fn rows() -> Vec<Row> {
    vec![
        public(Method::GET, "/healthz", ""),
        public(Method::GET, "/readyz", ""),
        public(Method::GET, "/metrics", ""),
        public(Method::GET, "/openapi.json", ""),
        public(Method::GET, "/docs", ""),
        public(Method::GET, "/docs/docs.js", ""),
        public(Method::GET, "/docs/docs.css", ""),
        public(Method::GET, "/.well-known/jwks.json", ""),
    ]
}
