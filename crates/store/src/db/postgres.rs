//! PostgreSQL: a bounded pool; a transaction is awaited in place and run again after a serialisation failure.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, Transaction};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{IsolationLevel, NoTls};
use uuid::Uuid;

use super::row::Row;
use super::statement::Statement;
use super::tx::{Engine, ReadTx, WriteTx};
use super::value::{Param, Value};
use crate::error::StoreError;
use crate::feed;
use crate::write::{ReadFn, WriteFn};

/// Runs of one write at most, the first included.
const ATTEMPTS: u32 = 5;
/// Before the second run, and so much more before each further one.
const PAUSE: Duration = Duration::from_millis(10);

#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://…`; may hold a password and is never printed.
    pub url: String,
    pub pool: usize,
    pub statement_timeout: Duration,
}

impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresOptions").field("pool", &self.pool).finish_non_exhaustive()
    }
}

pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(crate) fn open(options: &PostgresOptions) -> Result<Self, StoreError> {
        let mut config: tokio_postgres::Config = options.url.parse().map_err(StoreError::postgres)?;
        let timeout = options.statement_timeout.as_millis();
        // Those of the URL come last, and so win.
        let given = config.get_options().unwrap_or_default().to_owned();
        config.options(format!("-c statement_timeout={timeout} -c lock_timeout={timeout} {given}"));
        config.application_name("herald").connect_timeout(Duration::from_secs(5));
        // A peer that went away without a word is noticed soon after the longest statement could have ended.
        config.tcp_user_timeout(options.statement_timeout + Duration::from_secs(5));
        config.keepalives_idle(Duration::from_secs(10));
        let manager =
            Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(options.pool)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(5)))
            .create_timeout(Some(Duration::from_secs(5)))
            .build()
            .map_err(StoreError::other)?;
        Ok(Self { pool })
    }

    pub(crate) async fn client(&self) -> Result<deadpool_postgres::Client, StoreError> {
        self.pool.get().await.map_err(StoreError::other)
    }

    pub(crate) async fn prepare(&self, statement: &Statement) -> Result<(), StoreError> {
        self.client().await?.prepare(statement.sql).await.map(drop).map_err(StoreError::postgres)
    }

    pub(crate) async fn read<T, E, F>(&self, f: &F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: ReadFn<T, E>,
    {
        let mut client = self.client().await?;
        let begin =
            client.build_transaction().read_only(true).isolation_level(IsolationLevel::RepeatableRead);
        let mut tx =
            ReadTx::new(Engine::Postgres(PgTx::new(begin.start().await.map_err(StoreError::postgres)?)));
        let out = f.call(&mut tx).await;
        if let (Ok(_), Some(error)) = (&out, tx.failed.take()) {
            return Err(error.into());
        }
        out
    }

    /// What was written, with the number it took in the feed.
    pub(crate) async fn write<T, E, F>(&self, f: &F) -> Result<(T, Option<(u64, Vec<Uuid>)>), E>
    where
        E: From<StoreError>,
        F: WriteFn<T, E>,
    {
        let mut attempt = 1;
        loop {
            match self.attempt(f).await {
                Err((_, true)) if attempt < ATTEMPTS => {
                    // Whoever won the deadlock gets the row first: at once, the loser could take it again.
                    tokio::time::sleep(PAUSE * attempt).await;
                    attempt += 1;
                }
                other => return other.map_err(|(error, _)| error),
            }
        }
    }

    /// One run; with the error, whether another run may help.
    async fn attempt<T, E, F>(&self, f: &F) -> Result<(T, Option<(u64, Vec<Uuid>)>), (E, bool)>
    where
        E: From<StoreError>,
        F: WriteFn<T, E>,
    {
        let plain = |error: StoreError| (E::from(error), false);
        let mut client = self.client().await.map_err(plain)?;
        let begin = client.build_transaction().start().await;
        let begin = begin.map_err(StoreError::postgres).map_err(plain)?;
        let mut tx = WriteTx::new(Engine::Postgres(PgTx::new(begin)));
        let out = f.call(&mut tx).await;
        let failed = tx.failed.take();
        let value = match (out, failed) {
            (Ok(value), None) => value,
            (Ok(_), Some(error)) => return Err((error.into(), tx.is_transient())),
            (Err(error), _) => return Err((error, tx.is_transient())),
        };
        let numbered = match feed::number(&mut tx).await {
            Ok(numbered) => numbered,
            Err(error) => return Err((error.into(), tx.is_transient())),
        };
        let Engine::Postgres(pg) = tx.into_engine() else {
            return Err(plain(StoreError::Bug("changed its engine")));
        };
        match pg.tx.commit().await {
            Ok(()) => Ok((value, numbered)),
            Err(error) => {
                let transient = is_transient(&error);
                Err((StoreError::postgres(error).into(), transient))
            }
        }
    }
}

pub(crate) struct PgTx<'c> {
    tx: Transaction<'c>,
    transient: bool,
}

impl WriteTx<'_> {
    fn is_transient(&self) -> bool {
        match &self.engine {
            Engine::Postgres(tx) => tx.transient,
            Engine::Sqlite(_) => false,
        }
    }
}

impl<'c> PgTx<'c> {
    fn new(tx: Transaction<'c>) -> Self {
        Self { tx, transient: false }
    }

    pub(crate) async fn rows(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let prepared = self.prepare(statement).await?;
        let rows = self.tx.query(&prepared, &by_ref(params)).await;
        let rows = rows.map_err(|error| self.note(error))?;
        let read = |row: &tokio_postgres::Row| {
            let values: Result<Vec<Value>, StoreError> = (0..row.len()).map(|at| value(row, at)).collect();
            values.map(|values| Row::new(statement.table, values))
        };
        rows.iter().map(read).collect()
    }

    pub(crate) async fn run(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<u64, StoreError> {
        let prepared = self.prepare(statement).await?;
        let count = self.tx.execute(&prepared, &by_ref(params)).await;
        count.map_err(|error| self.note(error))
    }

    async fn prepare(
        &mut self,
        statement: &'static Statement,
    ) -> Result<tokio_postgres::Statement, StoreError> {
        let prepared = self.tx.prepare_cached(statement.sql).await;
        prepared.map_err(|error| self.note(error))
    }

    fn note(&mut self, error: tokio_postgres::Error) -> StoreError {
        self.transient |= is_transient(&error);
        StoreError::postgres(error)
    }
}

fn is_transient(error: &tokio_postgres::Error) -> bool {
    matches!(error.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED))
}

fn by_ref<'p>(params: &'p [Param<'_>]) -> Vec<&'p (dyn ToSql + Sync)> {
    params.iter().map(|param| param as &(dyn ToSql + Sync)).collect()
}

fn value(row: &tokio_postgres::Row, at: usize) -> Result<Value, StoreError> {
    let column = row.columns().get(at).map_or(&Type::UNKNOWN, |column| column.type_());
    let read = match *column {
        Type::BOOL => row.try_get::<_, Option<bool>>(at).map(|v| v.map(Value::Bool)),
        Type::INT8 => row.try_get::<_, Option<i64>>(at).map(|v| v.map(Value::Int)),
        Type::TEXT | Type::VARCHAR => row.try_get::<_, Option<String>>(at).map(|v| v.map(Value::Text)),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at).map(|v| v.map(Value::Bytes)),
        Type::UUID => row.try_get::<_, Option<Uuid>>(at).map(|v| v.map(Value::Uuid)),
        // A type outside the subset: as text that no reader takes for what it is not.
        _ => return Err(StoreError::Bug("read a column type outside the subset")),
    };
    read.map(|v| v.unwrap_or(Value::Null)).map_err(StoreError::postgres)
}
