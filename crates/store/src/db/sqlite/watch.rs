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

    /// The version, if anything was committed since the one that was [`Watch::noted`]; 3 µs when not.
    pub(crate) fn changed(&self) -> Result<Option<i64>, StoreError> {
        let seen = self.0.lock();
        let version = seen.conn.pragma_query_value(None, "data_version", |row| row.get(0));
        let version: i64 = version.map_err(StoreError::sqlite)?;
        Ok((version != seen.version).then_some(version))
    }

    /// What `version` brought was read. Not before: after a failed read a silent file is no silent feed.
    pub(crate) fn noted(&self, version: i64) {
        self.0.lock().version = version;
    }
}
