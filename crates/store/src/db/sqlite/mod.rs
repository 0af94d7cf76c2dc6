//! SQLite: WAL, one writer thread that commits in groups, two bounded pools of readers.

mod group;
mod readers;
mod watch;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, params_from_iter};

pub(crate) use group::{Job, Member, once};
pub(crate) use readers::Readers;
pub(crate) use writer::Writer;

use super::row::Row;
use super::statement::Statement;
use super::value::{Param, Value};
use crate::error::StoreError;
use crate::feed::Feed;

#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// The database file.
    pub path: PathBuf,
    /// Connections for point reads; at least as many as there are async threads.
    pub readers: usize,
    /// Connections for scans, each on a blocking thread.
    pub scanners: usize,
    /// A bound on the file, in pages, where an operator or a test sets one.
    pub max_pages: Option<u32>,
}

impl SqliteOptions {
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), readers: 8, scanners: 2, max_pages: None }
    }
}

/// Pages that a connection for point reads remembers, in KiB.
const CACHE: i64 = 2_000;
/// The same of one for scans: the inner pages of the indexes of a million users. Taken as it is needed.
const SCANNED: i64 = 16_000;

pub(crate) struct Sqlite {
    pub(crate) writer: Writer,
    pub(crate) readers: Arc<Readers>,
    pub(crate) scanners: Arc<Readers>,
    pub(crate) watch: watch::Watch,
    pub(crate) path: PathBuf,
}

impl Sqlite {
    pub(crate) fn open(options: &SqliteOptions, feed: Arc<Feed>) -> Result<Self, StoreError> {
        let writing = connect(&options.path)?;
        // What undoes a statement or a member of a group is small, and gone when it ends: no file is made for it.
        writing.pragma_update(None, "temp_store", "MEMORY").map_err(StoreError::sqlite)?;
        if let Some(pages) = options.max_pages {
            writing.pragma_update(None, "max_page_count", pages).map_err(StoreError::sqlite)?;
        }
        Ok(Self {
            writer: Writer::start(writing, feed)?,
            readers: Arc::new(Readers::new(&options.path, options.readers, CACHE)),
            scanners: Arc::new(Readers::new(&options.path, options.scanners, SCANNED)),
            watch: watch::Watch::open(&options.path)?,
            path: options.path.clone(),
        })
    }

    pub(crate) fn prepare(&self, statement: &Statement) -> Result<(), StoreError> {
        let prepare = |conn: &mut Connection| conn.prepare(statement.for_sqlite()).map(drop);
        self.readers.with(prepare)?.map_err(StoreError::sqlite)
    }
}

/// A connection with the house's pragmas.
pub(crate) fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(path, flags).map_err(StoreError::sqlite)?;
    conn.busy_timeout(Duration::from_secs(5)).map_err(StoreError::sqlite)?;
    write_ahead(&conn)?;
    let pragmas = || -> rusqlite::Result<()> {
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "foreign_keys", "ON")?;
        conn.set_prepared_statement_cache_capacity(256);
        Ok(())
    };
    pragmas().map_err(StoreError::sqlite)?;
    Ok(conn)
}

/// How often the switch to a write-ahead log is tried, where others who found the new file try it as well.
const TRIES: u32 = 100;

/// SQLite does not wait here as its busy time-out says, since two that switch would wait for each other: it says
/// that the file is locked. So we wait for whoever switches, and look again.
fn write_ahead(conn: &Connection) -> Result<(), StoreError> {
    let switch = || conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
    let busy = |error: &rusqlite::Error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy);
    let mut mode = switch();
    for _ in 1..TRIES {
        if !mode.as_ref().is_err_and(busy) {
            break;
        }
        conn.execute_batch("BEGIN IMMEDIATE; COMMIT").map_err(StoreError::sqlite)?;
        mode = switch();
    }
    // Left as it was where memory cannot be shared: readers would then stop the writer.
    if mode.map_err(StoreError::sqlite)? == "wal" {
        return Ok(());
    }
    let words = "the file system cannot hold a write-ahead log; put the data folder on a local disk";
    Err(StoreError::other(std::io::Error::other(words)))
}

/// A transaction on a connection; `&mut`, since a shared connection could not cross threads.
pub(crate) struct SqliteTx<'c>(pub(crate) &'c mut Connection);

impl SqliteTx<'_> {
    pub(crate) fn rows(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Vec<Value>>> {
            let mut prepared = self.0.prepare_cached(statement.for_sqlite())?;
            let columns = prepared.column_count();
            let mut rows = prepared.query(params_from_iter(params))?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let values: rusqlite::Result<Vec<Value>> =
                    (0..columns).map(|at| row.get_ref(at).map(value)).collect();
                all.push(values?);
            }
            Ok(all)
        };
        let rows = read().map_err(StoreError::sqlite)?;
        Ok(rows.into_iter().map(|values| Row::new(statement.table, values)).collect())
    }

    pub(crate) fn run(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<u64, StoreError> {
        let touch = || -> rusqlite::Result<usize> {
            self.0.prepare_cached(statement.for_sqlite())?.execute(params_from_iter(params))
        };
        touch().map(|count| count as u64).map_err(StoreError::sqlite)
    }
}

fn value(raw: ValueRef<'_>) -> Value {
    match raw {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(i) => Value::Int(i),
        // No column of ours holds a REAL; as text it is Corrupt for every reader of numbers.
        ValueRef::Real(r) => Value::Text(r.to_string()),
        // As bytes it is Corrupt for every reader of text; a patched-up copy would pass for the value.
        ValueRef::Text(t) => std::str::from_utf8(t)
            .map_or_else(|_| Value::Bytes(t.to_vec()), |text| Value::Text(text.to_owned())),
        ValueRef::Blob(b) => Value::Bytes(b.to_vec()),
    }
}
