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
use herald_web::{Face, routes};

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
    /// The permission without which it refuses, whatever else is there; `installation:…` where no role has it. `None`: a
    /// live credential is enough, for it is about oneself.
    pub asks: Option<&'static str>,
    /// What is answered where just that permission lacks.
    pub lacks: u16,
    /// What it asks for besides, in this case.
    pub also: Option<&'static str>,
    /// An administrator of another tenant who names what is there in the path: the same as for what is nowhere.
    pub other: u16,
    /// Queries and bodies that name something of another tenant (`<users>`), and what they come to. Where the path names
    /// a tenant, it is one's own.
    pub names: &'static [(&'static str, u16)],
}

impl Row {
    pub fn face(&self) -> Face {
        let route = routes().into_iter().find(|r| r.method == self.method && r.path == self.path);
        route.unwrap_or_else(|| panic!("no route {} {}", self.method, self.path)).face
    }

    fn asks(self, permission: &'static str) -> Self {
        Self { asks: Some(permission), ..self }
    }

    fn also(self, permission: &'static str) -> Self {
        Self { also: Some(permission), ..self }
    }

    fn lacks(self, lacks: u16) -> Self {
        Self { lacks, ..self }
    }

    fn other(self, other: u16) -> Self {
        Self { other, ..self }
    }

    fn names(self, names: &'static [(&'static str, u16)]) -> Self {
        Self { names, ..self }
    }
}

/// Public: whatever is presented opens nothing and breaks nothing.
const fn public(method: Method, path: &'static str, body: &'static str) -> Row {
    Row {
        method,
        path,
        body,
        dead: None,
        client: 0,
        key: 0,
        unscoped: 0,
        no_access: 0,
        asks: None,
        lacks: 403,
        also: None,
        other: 404,
        names: &[],
    }
}

/// Herald's own, for whom a user is asked.
fn own(method: Method, path: &'static str, body: &'static str, key: u16, no_access: u16) -> Row {
    Row { dead: Some(401), client: 403, key, unscoped: 403, no_access, ..public(method, path, body) }
}

/// A product's.
fn product(method: Method, path: &'static str, dead: u16, key: u16) -> Row {
    Row { dead: Some(dead), client: 403, key, unscoped: 403, no_access: 200, ..public(method, path, "") }
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
