//! The store: one handle on either engine.

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;

use crate::db::{Postgres, PostgresOptions, ReadTx, Schema, Sqlite, SqliteOptions, WriteTx};
use crate::error::StoreError;
use crate::feed::{self, Feed};
use crate::numbers::Numbers;
use crate::write::{Fut, WriteFn};

/// Where the rows are.
#[derive(Clone, Debug)]
pub enum Options {
    Sqlite(SqliteOptions),
    Postgres(PostgresOptions),
}

enum Inner {
    Sqlite(Box<Sqlite>),
    Postgres(Postgres),
}

/// Cheap to clone; the last clone to go ends the writer thread.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    feed: Arc<Feed>,
    pub(crate) numbers: Arc<Numbers>,
}

impl Store {
    /// Opens without touching the schema: [`Store::migrate`] does that.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        let feed = Arc::new(Feed::new());
        let inner = match options {
            Options::Sqlite(options) => Inner::Sqlite(Box::new(Sqlite::open(options, Arc::clone(&feed))?)),
            Options::Postgres(options) => {
                let postgres = Postgres::open(options)?;
                drop(postgres.client().await?);
                Inner::Postgres(postgres)
            }
        };
        Ok(Self { inner: Arc::new(inner), feed, numbers: Arc::default() })
    }

    /// Brings the schema up to date. `Newer` and `Altered` leave the store as it was.
    pub async fn migrate(&self, now: Timestamp) -> Result<Schema, StoreError> {
        let schema = match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.migrate(now)?,
            Inner::Postgres(postgres) => postgres.migrate(now).await?,
        };
        let head = self.read(|tx| Box::pin(feed::head(tx))).await?;
        self.feed.begin(head);
        Ok(schema)
    }

    /// Which migrations the store has seen.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.schema(),
            Inner::Postgres(postgres) => postgres.schema().await,
        }
    }

    /// Whether hearing the feed lets the read model answer for this store (see [`Store::poll_feed`]).
    pub fn leases(&self) -> bool {
        self.is_sqlite()
    }

    /// Whether the last write failed for want of room or by its disk, and none was kept since. PostgreSQL watches over its
    /// own disk.
    pub fn is_stuck(&self) -> bool {
        matches!(&*self.inner, Inner::Sqlite(sqlite) if sqlite.writer.is_stuck())
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(*self.inner, Inner::Sqlite(_))
    }

    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Runs `f` in one write transaction; answers only after a durable commit, refusals too.
    /// May run `f` again (PostgreSQL 40001, 40P01). A caller that goes away cuts nothing short.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a, 'c> Fn(&'a mut WriteTx<'c>) -> Fut<'a, Result<T, E>> + Send + Sync + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => {
                let (job, answer) = crate::db::job(f);
                sqlite.writer.submit(job).await?;
                answer.await.map_err(|_| StoreError::Bug("lost its answer"))?
            }
            Inner::Postgres(_) => {
                let store = self.clone();
                let task = tokio::spawn(async move { store.write_postgres(f).await });
                task.await.map_err(|_| StoreError::Bug("panicked"))?
            }
        }
    }

    async fn write_postgres<T, E, F>(&self, f: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: WriteFn<T, E>,
    {
        let Inner::Postgres(postgres) = &*self.inner else {
            return Err(StoreError::Bug("changed its engine").into());
        };
        let (value, numbered) = postgres.write(&f).await?;
        if let Some((number, subjects)) = numbered {
            self.feed.committed(number, &subjects);
        }
        Ok(value)
    }

    /// Point reads of one moment. On SQLite they run inline.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: for<'a, 'c> Fn(&'a mut ReadTx<'c>) -> Fut<'a, Result<T, E>> + Send + Sync + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => crate::db::read(&sqlite.readers, &f),
            Inner::Postgres(postgres) => postgres.read(&f).await,
        }
    }

    /// Reads that may take long (lists, searches): on SQLite from a blocking thread with a connection of its own.
    pub async fn scan<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a, 'c> Fn(&'a mut ReadTx<'c>) -> Fut<'a, Result<T, E>> + Send + Sync + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => {
                let scanners = Arc::clone(&sqlite.scanners);
                let task = tokio::task::spawn_blocking(move || crate::db::read(&scanners, &f));
                task.await.map_err(|_| StoreError::Bug("panicked"))?
            }
            Inner::Postgres(postgres) => postgres.read(&f).await,
        }
    }

    /// Hears the feed: what other processes wrote since the last poll. `polled_at` is monotonic time, taken
    /// before the call. Only on SQLite does hearing renew the lease: a demoted PostgreSQL primary would go on
    /// telling of a silent feed (engine.md §6), so there every look-up reads the store.
    pub async fn poll_feed(&self, polled_at: Duration) -> Result<(), StoreError> {
        let Inner::Sqlite(sqlite) = &*self.inner else { return Ok(()) };
        let Some(version) = sqlite.watch.changed()? else {
            self.feed.quiet(polled_at);
            return Ok(());
        };
        loop {
            let from = self.feed.position();
            let page = self.read(move |tx| Box::pin(feed::after(tx, from))).await?;
            self.feed.heard(&page, polled_at);
            if page.complete {
                sqlite.watch.noted(version);
                return Ok(());
            }
        }
    }

    /// What SQLite finds wrong with its file, page by page (`PRAGMA quick_check`), at most `limit` lines; reads the
    /// whole file. PostgreSQL looks after its own pages.
    pub async fn damage(&self, limit: u32) -> Result<Vec<String>, StoreError> {
        let Inner::Sqlite(sqlite) = &*self.inner else { return Ok(Vec::new()) };
        let scanners = Arc::clone(&sqlite.scanners);
        let task = tokio::task::spawn_blocking(move || scanners.damage(limit));
        task.await.map_err(|_| StoreError::Bug("panicked"))?
    }

    /// Prepares every statement: whatever this engine does not understand comes out here.
    pub async fn prepare_all(&self) -> Result<(), (&'static str, StoreError)> {
        for statement in crate::statements() {
            let prepared = match &*self.inner {
                Inner::Sqlite(sqlite) => sqlite.prepare(statement),
                Inner::Postgres(postgres) => postgres.prepare(statement).await,
            };
            prepared.map_err(|error| (statement.name(), error))?;
        }
        Ok(())
    }
}
