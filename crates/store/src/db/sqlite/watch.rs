//! Notices what other connections committed: `PRAGMA data_version`, asked outside any transaction.

use std::path::Path;

use parking_lot::Mutex;
use rusqlite::Connection;

use super::connect;
use crate::error::StoreError;

pub(crate) struct Watch(Mutex<Seen>);

struct Seen {
    conn: Connection,
    version: i64,
}

impl Watch {
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        // 0 is no version, so that the first look always reads the feed.
        Ok(Self(Mutex::new(Seen { conn: connect(path)?, version: 0 })))
    }

    /// Whether anything was committed since the last look; 3 µs when not.
    pub(crate) fn changed(&self) -> Result<bool, StoreError> {
        let mut seen = self.0.lock();
        let version = seen.conn.pragma_query_value(None, "data_version", |row| row.get(0));
        let version: i64 = version.map_err(StoreError::sqlite)?;
        let changed = version != seen.version;
        seen.version = version;
        Ok(changed)
    }
}
