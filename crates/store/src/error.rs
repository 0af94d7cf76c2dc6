//! What can go wrong between a use case and its rows.

use std::sync::Arc;

/// The source of an [`StoreError::Unavailable`]: the driver's words, for the log alone.
type Source = Arc<dyn std::error::Error + Send + Sync>;

#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Another row holds this value already.
    #[error("{field} is taken")]
    Conflict { field: &'static str },
    /// A row that cannot be: a fault of a writer, never of a caller.
    #[error("the store holds an impossible value in {table}.{column}")]
    Corrupt { table: &'static str, column: &'static str },
    /// The disk, or the bound on the file, is full.
    #[error("the store is full")]
    Full,
    /// The database is away, busy past its time-out, or refused a statement.
    #[error("the store is away: {0}")]
    Unavailable(#[source] Source),
    /// The transaction was rolled back because a neighbour in its group broke the whole group.
    #[error("the transaction was rolled back with its group")]
    GroupLost,
    /// A statement failed earlier in this transaction; nothing more runs in it.
    #[error("the transaction had failed already")]
    Spent,
    /// Something slow or broken ran inside a write transaction: a fault of ours.
    #[error("a write transaction {0}")]
    Bug(&'static str),
    /// Made by a newer version of Herald.
    #[error("the store has schema {found}, this version knows {known}")]
    Newer { found: i64, known: i64 },
    /// A migration that was applied reads otherwise today.
    #[error("migration {version} is not the one that was applied")]
    Altered { version: i64 },
}

impl StoreError {
    pub(crate) fn sqlite(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            _ => Self::Unavailable(Arc::new(error)),
        }
    }

    pub(crate) fn postgres(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let broken = error.as_db_error().and_then(tokio_postgres::error::DbError::constraint);
        if error.code() == Some(&SqlState::DISK_FULL) {
            Self::Full
        // Two users who are given one address at once: the later finds it taken.
        } else if error.code() == Some(&SqlState::UNIQUE_VIOLATION) && broken == Some("users_email_key") {
            Self::Conflict { field: "email" }
        } else {
            Self::Unavailable(Arc::new(error))
        }
    }

    pub(crate) fn other(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}
