//! One thin layer over two drivers.

mod migrate;
mod postgres;
mod row;
mod sqlite;
mod statement;
mod tx;
mod value;

pub(crate) use postgres::Postgres;
pub use postgres::PostgresOptions;
pub use row::Row;
pub(crate) use sqlite::Sqlite;
pub use sqlite::SqliteOptions;
pub(crate) use sqlite::connect;
pub use statement::Statement;
pub(crate) use statement::{params, statements};
pub use tx::{ReadTx, WriteTx};
pub(crate) use value::list;
pub use value::{FromValue, Param, Value};

pub(crate) use migrate::schema_of;
pub use migrate::{MIGRATIONS, Schema};

use tokio::sync::oneshot;

use crate::error::StoreError;
use crate::write::{ReadFn, WriteFn};

/// A write for SQLite's writer thread, and where its answer will come.
pub(crate) fn job<T, E, F>(f: F) -> (Box<dyn sqlite::Member>, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: WriteFn<T, E>,
{
    let (job, answer) = sqlite::Job::new(f);
    (Box::new(job), answer)
}

/// A read on one of SQLite's connections, polled once.
pub(crate) fn read<T, E, F>(readers: &sqlite::Readers, f: &F) -> Result<T, E>
where
    E: From<StoreError>,
    F: ReadFn<T, E>,
{
    readers.with(|conn| {
        let mut tx = ReadTx::new(tx::Engine::Sqlite(sqlite::SqliteTx(conn)));
        let out = sqlite::once(f.call(&mut tx))?;
        match (out, tx.failed.take()) {
            (Ok(_), Some(error)) => Err(error.into()),
            (out, _) => out,
        }
    })?
}
