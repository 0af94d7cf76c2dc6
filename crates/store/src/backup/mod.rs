//! A copy of an SQLite store as it is at one moment, and what a file has to be to become a store again.
//!
//! A backup is an SQLite file in itself (any SQLite reads it) with a checksum behind its last page, since SQLite's own
//! checks do not notice a letter that changed within a row.

mod copy;
mod judge;
mod seal;
mod swap;
#[cfg(test)]
mod tests;

pub use copy::{Copied, Pages, copy};
pub use judge::{Contents, judge};
pub use seal::{Sealed, glance, seal, take};
pub use swap::{alone, settle};

use std::io;

use crate::error::StoreError;

/// Marks an SQLite file as a store of Herald (`PRAGMA application_id`, which `file` shows too): "Hrld".
pub const APPLICATION_ID: i32 = 0x4872_6c64;

/// Why a file is no backup of a store of this version.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    #[error("it cannot be read or copied")]
    Io(#[from] io::Error),
    /// The first bytes are not SQLite's.
    #[error("it is no SQLite file")]
    NotSqlite,
    #[error("it is {found} bytes long where its first page says {expected}: it was cut off, or added to")]
    Length { found: u64, expected: u64 },
    #[error("its checksum does not fit: it was damaged or changed since it was written")]
    Checksum,
    /// In SQLite's words.
    #[error("it is damaged: {0}")]
    Damaged(String),
    #[error("it is an SQLite file of another program")]
    Foreign,
    /// `Newer`, `Altered`, or the store's own trouble.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether SQLite found the file itself broken.
fn is_damage(error: &StoreError) -> bool {
    let StoreError::Unavailable(source) = error else { return false };
    let code = source.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
    matches!(code, Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase))
}
