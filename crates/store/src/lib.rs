//! Ports, SQL, migrations and the change feed: one SQL text on two drivers.
//!
//! Rooms are modules of free functions on a [`ReadTx`] or a [`WriteTx`]: `store::users::by_id(tx, id)`.

pub mod access_tokens;
pub mod agents;
pub mod audit;
pub mod backup;
pub mod clients;
#[cfg(test)]
mod conformance;
mod db;
pub mod drain;
pub mod endpoints;
mod error;
pub mod families;
pub mod feed;
pub mod health;
pub mod installation;
pub mod keys;
pub mod links;
pub mod lockouts;
pub mod memberships;
pub mod mfa_tokens;
pub mod numbers;
pub mod permissions;
pub mod population;
pub mod roles;
pub mod sessions;
mod store;
pub mod sweep;
pub mod tenants;
pub mod tokens;
pub mod users;
pub mod webhooks;
pub mod world;
mod write;

pub use db::{
    FromValue, MIGRATIONS, Param, PostgresOptions, ReadTx, Row, Schema, SqliteOptions, Statement, Value,
    WriteTx,
};
pub use error::StoreError;
pub use feed::{Feed, Slot};
pub use store::{Options, Store};
pub use write::{Fut, ReadFn, WriteFn};

/// Every statement of every room: the conformance suite prepares them all on both engines.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        access_tokens::STATEMENTS,
        agents::STATEMENTS,
        audit::STATEMENTS,
        clients::STATEMENTS,
        drain::STATEMENTS,
        endpoints::STATEMENTS,
        endpoints::write::STATEMENTS,
        families::STATEMENTS,
        feed::STATEMENTS,
        health::STATEMENTS,
        installation::STATEMENTS,
        keys::STATEMENTS,
        links::STATEMENTS,
        lockouts::STATEMENTS,
        memberships::STATEMENTS,
        memberships::list::STATEMENTS,
        mfa_tokens::STATEMENTS,
        numbers::STATEMENTS,
        permissions::STATEMENTS,
        population::STATEMENTS,
        roles::STATEMENTS,
        sessions::STATEMENTS,
        sweep::STATEMENTS,
        tenants::STATEMENTS,
        tokens::STATEMENTS,
        users::STATEMENTS,
        webhooks::STATEMENTS,
        users::standing::STATEMENTS,
    ]
    .into_iter()
    .chain(world::STATEMENTS.iter().copied())
    .flatten()
    .copied()
}
