//! OAuth.

use axum::http::Method;

use super::{Row, public};

pub fn rows() -> Vec<Row> {
    vec![public(Method::POST, "/oauth/token", "")]
}
