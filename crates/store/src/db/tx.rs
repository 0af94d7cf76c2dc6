//! Transactions: one to read, one to write, the same code on both engines.

use std::ops::{Deref, DerefMut};

use uuid::Uuid;

use super::postgres::PgTx;
use super::row::Row;
use super::sqlite::SqliteTx;
use super::statement::Statement;
use super::value::Param;
use crate::error::StoreError;

pub(crate) enum Engine<'c> {
    Sqlite(SqliteTx<'c>),
    Postgres(PgTx<'c>),
}

/// Reads of one moment.
pub struct ReadTx<'c> {
    pub(crate) engine: Engine<'c>,
    /// The first error; after it nothing more runs.
    pub(crate) failed: Option<StoreError>,
}

/// A write: kept whole or not at all. Reads like a [`ReadTx`].
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    pub(crate) changed: Vec<Uuid>,
}

impl<'c> ReadTx<'c> {
    pub(crate) fn new(engine: Engine<'c>) -> Self {
        Self { engine, failed: None }
    }

    pub(crate) async fn rows(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        if self.failed.is_some() {
            return Err(StoreError::Spent);
        }
        let rows = match &mut self.engine {
            Engine::Sqlite(tx) => tx.rows(statement, params),
            Engine::Postgres(tx) => tx.rows(statement, params).await,
        };
        rows.inspect_err(|error| self.failed = Some(error.clone()))
    }

    /// The first row, if there is one.
    pub(crate) async fn row(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(statement, params).await?.into_iter().next())
    }

    /// Whether the statement yields a row.
    pub(crate) async fn any(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<bool, StoreError> {
        Ok(self.row(statement, params).await?.is_some())
    }

    /// All rows, each through `read`.
    pub(crate) async fn list<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        read: impl Fn(Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(statement, params).await?.into_iter().map(read).collect()
    }
}

impl<'c> WriteTx<'c> {
    pub(crate) fn new(engine: Engine<'c>) -> Self {
        Self { read: ReadTx::new(engine), changed: Vec::new() }
    }

    pub(crate) fn into_engine(self) -> Engine<'c> {
        self.read.engine
    }

    /// Says that what is cached about `subject` (a user, tenant, role, session, token, client) is out of date.
    /// The transaction then takes a number in the change feed.
    pub fn changed(&mut self, subject: Uuid) {
        self.changed.push(subject);
    }

    /// Rows touched.
    pub(crate) async fn run(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<u64, StoreError> {
        if self.read.failed.is_some() {
            return Err(StoreError::Spent);
        }
        let count = match &mut self.read.engine {
            Engine::Sqlite(tx) => tx.run(statement, params),
            Engine::Postgres(tx) => tx.run(statement, params).await,
        };
        count.inspect_err(|error| self.read.failed = Some(error.clone()))
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;

    fn deref(&self) -> &Self::Target {
        &self.read
    }
}

impl DerefMut for WriteTx<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.read
    }
}
