//! A store of one's own, on either engine.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use domain::Timestamp;
use postgres_on_demand::{Database, database};
use tempfile::TempDir;

use crate::db::{PostgresOptions, SqliteOptions};
use crate::{Options, Store, StoreError};

pub(super) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// A migrated store; its files or database go with it.
pub(super) struct Place {
    pub store: Store,
    pub options: Options,
    _kept: Kept,
}

/// Where the rows are, until dropped.
pub(super) enum Kept {
    Folder(TempDir),
    Database(Database),
}

impl Place {
    pub async fn sqlite() -> Self {
        Self::sqlite_with(|_| ()).await
    }

    pub async fn sqlite_with(change: impl FnOnce(&mut SqliteOptions)) -> Self {
        let kept = Kept::folder();
        let mut options = kept.options();
        if let Options::Sqlite(sqlite) = &mut options {
            change(sqlite);
        }
        Self::migrated(kept, options).await
    }

    pub async fn postgres() -> Self {
        let kept = Kept::database();
        let options = kept.options();
        Self::migrated(kept, options).await
    }

    async fn migrated(kept: Kept, options: Options) -> Self {
        let store = Store::open(&options).await.unwrap();
        store.migrate(NOW).await.unwrap();
        Self { store, options, _kept: kept }
    }

    /// Another handle on the same rows, as another process has one.
    pub async fn beside(&self) -> Store {
        Store::open(&self.options).await.unwrap()
    }
}

impl Kept {
    pub fn folder() -> Self {
        Self::Folder(tempfile::tempdir().unwrap())
    }

    pub fn database() -> Self {
        Self::Database(database("store"))
    }

    pub fn options(&self) -> Options {
        match self {
            Self::Folder(folder) => Options::Sqlite(SqliteOptions::at(folder.path().join("herald.db"))),
            Self::Database(database) => Options::Postgres(PostgresOptions {
                url: database.url().to_owned(),
                pool: 8,
                statement_timeout: Duration::from_secs(10),
            }),
        }
    }
}

pub(super) async fn in_time<T>(case: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), case).await.expect("the case ends within a minute")
}

/// `write`, polled once: on SQLite it then waits in the writer's queue, on PostgreSQL it runs.
pub(super) async fn submitted<F: Future>(write: F) -> Pin<Box<F>> {
    let mut write = Box::pin(write);
    // A fresh budget, so that the poll is not cut short by tokio's own fairness.
    tokio::task::yield_now().await;
    poll_fn(|cx| {
        assert!(write.as_mut().poll(cx).is_pending(), "nothing is committed that soon");
        Poll::Ready(())
    })
    .await;
    write
}

/// A refusal of a use case, beside what the store itself says.
#[derive(Debug)]
pub(super) enum Refusal {
    No,
    /// For the log of a failed case.
    Store {
        _error: StoreError,
    },
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store { _error: error }
    }
}
