//! The products' dialects.

use axum::http::Method;

use super::{Row, product, public};

pub fn rows() -> Vec<Row> {
    vec![
        product(Method::GET, "/account/me", 401, 200),
        product(Method::GET, "/api/v1/account/me", 401, 200),
        product(Method::GET, "/api/v2/users/loggedIn/detail", 401, 200),
        public(Method::POST, "/identity/resources/auth/v1/user", "{}"),
        public(Method::POST, "/identity/resources/auth/v1/user/token/refresh", "{}"),
        public(Method::POST, "/identity/resources/auth/v1/logout", ""),
        product(Method::GET, "/identity/resources/users/v3/me", 401, 403),
        Row { unscoped: 200, ..product(Method::GET, "/auth/me", 401, 200) },
        Row { unscoped: 200, ..product(Method::GET, "/auth/logout", 401, 200) },
    ]
}
