//! What every route answers to whom: a file for each part of the API.

mod aegis;
mod akto;
mod installation;
mod invitations;
mod native;
mod oauth;
mod places;
mod products;
mod users;

use axum::http::Method;

/// What a route answers to whom.
pub struct Row {
    pub method: Method,
    pub path: &'static str,
    /// A body that would do, for those who may; a query where it begins with `?`.
    pub body: &'static str,
    /// Nobody, and everyone whose credential is dead. `None`: the route asks for none.
    pub dead: Option<u16>,
    /// A program's credential without a user.
    pub client: u16,
    /// A user's API key: mira's, an administrator of northwind and no operator.
    pub key: u16,
    /// An OAuth access token without any scope that Herald knows.
    pub unscoped: u16,
    /// A member whose role permits nothing.
    pub no_access: u16,
}

/// Public: whatever is presented opens nothing and breaks nothing.
const fn public(method: Method, path: &'static str, body: &'static str) -> Row {
    Row { method, path, body, dead: None, client: 0, key: 0, unscoped: 0, no_access: 0 }
}

/// Herald's own, for whom a user is asked.
const fn own(method: Method, path: &'static str, body: &'static str, key: u16, no_access: u16) -> Row {
    Row { method, path, body, dead: Some(401), client: 403, key, unscoped: 403, no_access }
}

/// A product's.
const fn product(method: Method, path: &'static str, dead: u16, key: u16) -> Row {
    Row { method, path, body: "", dead: Some(dead), client: 403, key, unscoped: 403, no_access: 200 }
}

pub fn rows() -> Vec<Row> {
    [
        aegis::rows(),
        akto::rows(),
        native::rows(),
        oauth::rows(),
        products::rows(),
        installation::rows(),
        places::rows(),
        users::rows(),
        invitations::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
