//! A bounded pool of read connections. One is held for the length of a closure, never across an await.

use std::path::{Path, PathBuf};

use parking_lot::{Condvar, Mutex};
use rusqlite::Connection;

use super::connect;
use crate::error::StoreError;

pub(crate) struct Readers {
    path: PathBuf,
    max: usize,
    /// Of pages that each connection remembers, at most, in KiB.
    cache: i64,
    pool: Mutex<Pool>,
    returned: Condvar,
}

struct Pool {
    idle: Vec<Connection>,
    open: usize,
}

impl Readers {
    pub(crate) fn new(path: &Path, max: usize, cache: i64) -> Self {
        let pool = Mutex::new(Pool { idle: Vec::new(), open: 0 });
        Self { path: path.to_owned(), max: max.max(1), cache, pool, returned: Condvar::new() }
    }

    /// Runs `read` on a connection inside one read transaction.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&mut Connection) -> T) -> Result<T, StoreError> {
        let mut loan = Loan { home: self, conn: Some(self.take()?) };
        let Some(conn) = loan.conn.as_mut() else { return Err(StoreError::Bug("lost its connection")) };
        conn.prepare_cached("BEGIN").and_then(|mut begin| begin.execute([])).map_err(StoreError::sqlite)?;
        let out = read(conn);
        conn.prepare_cached("COMMIT").and_then(|mut end| end.execute([])).map_err(StoreError::sqlite)?;
        Ok(out)
    }

    /// What `PRAGMA quick_check` finds, at most `limit` lines; empty when all is well.
    pub(crate) fn damage(&self, limit: u32) -> Result<Vec<String>, StoreError> {
        let found = self.with(|conn| {
            conn.prepare(&format!("PRAGMA quick_check({limit})"))?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()
        })?;
        let mut lines = found.map_err(StoreError::sqlite)?;
        lines.retain(|line| line != "ok");
        Ok(lines)
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let mut pool = self.pool.lock();
        loop {
            if let Some(conn) = pool.idle.pop() {
                return Ok(conn);
            }
            if pool.open < self.max {
                pool.open += 1;
                drop(pool);
                return self.open().inspect_err(|_| self.forget());
            }
            self.returned.wait(&mut pool);
        }
    }

    fn open(&self) -> Result<Connection, StoreError> {
        let conn = connect(&self.path)?;
        conn.pragma_update(None, "query_only", "ON").map_err(StoreError::sqlite)?;
        // SQLite counts in pages, and in KiB below zero.
        conn.pragma_update(None, "cache_size", -self.cache).map_err(StoreError::sqlite)?;
        Ok(conn)
    }

    fn forget(&self) {
        self.pool.lock().open -= 1;
        self.returned.notify_one();
    }
}

/// Gives the connection back, also when the closure panics; one still inside a transaction is closed.
struct Loan<'r> {
    home: &'r Readers,
    conn: Option<Connection>,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        match self.conn.take() {
            Some(conn) if conn.is_autocommit() => {
                self.home.pool.lock().idle.push(conn);
                self.home.returned.notify_one();
            }
            Some(_) | None => self.home.forget(),
        }
    }
}
