//! An SQLite file without a write-ahead log, so that its name can go to another file.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::is_damage;
use crate::error::StoreError;

/// How long others may take to let go of the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// Merges the write-ahead log into the file and takes it away: the file alone is then the whole database.
///
/// # Errors
/// `Unavailable` where others use the file, or where it is damaged.
pub fn settle(path: &Path) -> Result<(), StoreError> {
    settled(path).map(drop)
}

/// Runs `swap` while nobody else can read or write the SQLite file `path`, which has no write-ahead log then. Whoever
/// has opened it before finds, where `swap` gives the name to another file, that his was moved away, and is refused.
/// A file that is too damaged to be locked or settled keeps the log that it has.
///
/// # Errors
/// `Unavailable` where others use the file; `swap` has not run then.
pub fn alone<T>(path: &Path, swap: impl FnOnce() -> T) -> Result<T, StoreError> {
    let locked = settled(path).and_then(|conn| {
        conn.execute_batch("BEGIN EXCLUSIVE").map_err(StoreError::sqlite)?;
        Ok(conn)
    });
    match locked {
        Err(error) if !is_damage(&error) => Err(error),
        // Held to the end of the swap.
        _held => Ok(swap()),
    }
}

fn settled(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(path, flags).map_err(StoreError::sqlite)?;
    conn.busy_timeout(PATIENCE).map_err(StoreError::sqlite)?;
    // What the switch below cannot merge stays as it is: closing must not merge a log into a damaged file.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(StoreError::sqlite)?;
    let mode = conn.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0));
    if mode.map_err(StoreError::sqlite)? == "delete" {
        return Ok(conn);
    }
    Err(StoreError::other(std::io::Error::other("another program uses the file")))
}
