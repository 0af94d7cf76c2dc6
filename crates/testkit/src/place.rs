//! Where the rows of one test are: a file in a folder of its own, or a database of its own.

use std::path::PathBuf;
use std::time::Duration;

use postgres_on_demand::Database;
use rusqlite::Connection;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::ValueRef;
use store::{Options, PostgresOptions, SqliteOptions};
use tempfile::TempDir;
use tokio_postgres::{NoTls, SimpleQueryMessage};
use uuid::Uuid;

use crate::engine::{Engine, hex};

/// A row of raw SQL as text: a UUID with hyphens, other bytes in hex, `None` for NULL.
pub type RawRow = Vec<Option<String>>;

/// Goes with its value.
pub struct Place(Kept);

enum Kept {
    Folder(TempDir),
    Database(Database),
}

impl Place {
    /// Empty: no schema yet.
    pub fn new(engine: Engine) -> Self {
        Self(match engine {
            Engine::Sqlite => Kept::Folder(tempfile::tempdir().expect("a temporary folder")),
            Engine::Postgres => Kept::Database(postgres_on_demand::database("herald")),
        })
    }

    pub fn engine(&self) -> Engine {
        match self.0 {
            Kept::Folder(_) => Engine::Sqlite,
            Kept::Database(_) => Engine::Postgres,
        }
    }

    /// How a store opens it.
    pub fn options(&self) -> Options {
        match &self.0 {
            Kept::Folder(_) => Options::Sqlite(SqliteOptions::at(self.file())),
            Kept::Database(database) => Options::Postgres(PostgresOptions {
                url: database.url().to_owned(),
                pool: 8,
                statement_timeout: Duration::from_secs(20),
            }),
        }
    }

    /// SQLite's file.
    ///
    /// # Panics
    /// On PostgreSQL, which has none.
    pub fn file(&self) -> PathBuf {
        match &self.0 {
            Kept::Folder(folder) => folder.path().join("herald.db"),
            Kept::Database(_) => panic!("PostgreSQL has no file"),
        }
    }

    /// `postgres://…`.
    ///
    /// # Panics
    /// On SQLite, which has none.
    pub fn url(&self) -> &str {
        match &self.0 {
            Kept::Folder(_) => panic!("SQLite has no URL"),
            Kept::Database(database) => database.url(),
        }
    }

    /// Runs raw SQL behind Herald's back, as another program might; the rows of the last statement.
    pub async fn sql(&self, sql: &str) -> Vec<RawRow> {
        match &self.0 {
            Kept::Folder(_) => {
                let conn = Connection::open(self.file()).expect("the file opens");
                conn.busy_timeout(Duration::from_secs(5)).expect("a time-out");
                rows_of_sqlite(&conn, sql).unwrap_or_else(|error| panic!("{error}: {sql}"))
            }
            Kept::Database(database) => on_postgres(database.url(), sql).await,
        }
    }
}

fn rows_of_sqlite(conn: &Connection, sql: &str) -> rusqlite::Result<Vec<RawRow>> {
    let mut batch = rusqlite::Batch::new(conn, sql);
    let mut last = Vec::new();
    while let Some(mut statement) = batch.next()? {
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        last.clear();
        while let Some(row) = rows.next()? {
            let read: rusqlite::Result<RawRow> = (0..columns).map(|at| row.get_ref(at).map(text)).collect();
            last.push(read?);
        }
    }
    Ok(last)
}

fn text(raw: ValueRef<'_>) -> Option<String> {
    match raw {
        ValueRef::Null => None,
        ValueRef::Integer(int) => Some(int.to_string()),
        ValueRef::Real(real) => Some(real.to_string()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Some(match Uuid::from_slice(bytes) {
            Ok(id) => id.to_string(),
            Err(_) => hex(bytes),
        }),
    }
}

/// A transaction of another program, still open: what it changed is seen by nobody yet.
pub enum Held {
    Sqlite(Connection),
    Postgres(tokio_postgres::Client),
}

impl Held {
    pub async fn commit(self) {
        match self {
            Self::Sqlite(conn) => conn.execute_batch("COMMIT").expect("the other program commits"),
            Self::Postgres(client) => {
                client.batch_execute("COMMIT").await.expect("the other program commits");
            }
        }
    }
}

impl Place {
    /// Runs raw SQL in a transaction that stays open until it is committed; on SQLite nobody else writes meanwhile.
    pub async fn hold(&self, sql: &str) -> Held {
        match &self.0 {
            Kept::Folder(_) => {
                let conn = Connection::open(self.file()).expect("the file opens");
                conn.busy_timeout(Duration::from_secs(5)).expect("a time-out");
                conn.execute_batch(&format!("BEGIN IMMEDIATE; {sql}"))
                    .unwrap_or_else(|why| panic!("{why}: {sql}"));
                Held::Sqlite(conn)
            }
            Kept::Database(database) => {
                let (client, connection) =
                    tokio_postgres::connect(database.url(), NoTls).await.expect("PostgreSQL answers");
                drop(tokio::spawn(connection));
                let begun = client.batch_execute(&format!("BEGIN; {sql}")).await;
                begun.unwrap_or_else(|why| panic!("{why}: {sql}"));
                Held::Postgres(client)
            }
        }
    }
}

/// On a connection of its own.
pub(crate) async fn on_postgres(url: &str, sql: &str) -> Vec<RawRow> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("PostgreSQL answers");
    let connection = tokio::spawn(connection);
    let messages = client.simple_query(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    drop(client);
    drop(connection.await);
    let mut last = Vec::new();
    for message in messages {
        match message {
            SimpleQueryMessage::RowDescription(_) => last.clear(),
            SimpleQueryMessage::Row(row) => {
                let value = |at| row.get(at).map(|v: &str| v.strip_prefix("\\x").unwrap_or(v).to_owned());
                last.push((0..row.len()).map(value).collect());
            }
            _ => {}
        }
    }
    last
}
