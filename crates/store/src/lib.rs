//! Ports, SQL, migrations and the change feed: one SQL text on two drivers.
//!
//! Rooms are modules of free functions on a [`ReadTx`] or a [`WriteTx`]: `store::users::by_id(tx, id)`.

mod db;
mod error;
pub mod feed;
mod store;
mod write;

pub use db::{
    FromValue, MIGRATIONS, Param, PostgresOptions, ReadTx, Row, Schema, SqliteOptions, Statement, Value, WriteTx,
};
pub use error::StoreError;
pub use feed::{Feed, Slot};
pub use store::{Options, Store};
pub use write::{Fut, ReadFn, WriteFn};

/// Every statement of every room: the conformance suite prepares them all on both engines.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [feed::STATEMENTS].into_iter().flatten().copied()
}
