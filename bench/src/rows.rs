//! Where the rows of a run are: SQLite in a folder of its own, or a PostgreSQL of its own.

use std::path::PathBuf;

use postgres_on_demand::Database;
use rusqlite::Connection;
use tempfile::TempDir;

/// Gone with its value.
pub enum Rows {
    Sqlite(TempDir),
    /// And a folder for the keys.
    Postgres(Database, TempDir),
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Rows {
    pub fn sqlite() -> Result<Self, String> {
        tempfile::tempdir().map(Self::Sqlite).map_err(said)
    }

    pub fn postgres() -> Result<Self, String> {
        Ok(Self::Postgres(postgres_on_demand::database("bench"), tempfile::tempdir().map_err(said)?))
    }

    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(..) => "PostgreSQL",
        }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        let (Self::Sqlite(folder) | Self::Postgres(_, folder)) = self;
        folder.path().join("data")
    }

    /// For `HERALD_DATABASE_URL`.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(database, _) => Some(database.url()),
        }
    }

    /// An expression: another UUID in every row.
    pub fn some_id(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "randomblob(16)",
            Self::Postgres(..) => "gen_random_uuid()",
        }
    }

    /// An expression: another digest in every row.
    pub fn some_digest(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "randomblob(32)",
            Self::Postgres(..) => "sha256(CAST(CAST(gen_random_uuid() AS TEXT) AS BYTEA))",
        }
    }

    /// Runs SQL in one transaction, while no server runs.
    pub fn run(&self, sql: &str) -> Result<(), String> {
        let sql = format!("BEGIN; {sql}; COMMIT");
        match self {
            Self::Sqlite(_) => self.open()?.execute_batch(&sql).map_err(said),
            Self::Postgres(database, _) => on_postgres(database, &sql).map(drop),
        }
    }

    /// One value, a UUID with hyphens.
    pub fn text(&self, sql: &str) -> Result<String, String> {
        match self {
            Self::Sqlite(_) => {
                let id: [u8; 16] = self.open()?.query_row(sql, [], |row| row.get(0)).map_err(said)?;
                Ok(uuid::Uuid::from_bytes(id).to_string())
            }
            Self::Postgres(database, _) => on_postgres(database, sql),
        }
    }

    /// One number; a server may run.
    pub fn number(&self, sql: &str) -> Result<i64, String> {
        match self {
            Self::Sqlite(_) => self.open()?.query_row(sql, [], |row| row.get(0)).map_err(said),
            Self::Postgres(database, _) => on_postgres(database, sql)?.parse().map_err(said),
        }
    }

    fn open(&self) -> Result<Connection, String> {
        Connection::open(self.data().join("herald.db")).map_err(said)
    }
}

/// The last value that it shows.
fn on_postgres(database: &Database, sql: &str) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(said)?;
    runtime.block_on(async {
        let connected = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await;
        let (client, connection) = connected.map_err(said)?;
        let connection = tokio::spawn(connection);
        let messages = client.simple_query(sql).await.map_err(said)?;
        drop(client);
        drop(connection.await);
        let values = messages.iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        Ok(values.last().unwrap_or_default())
    })
}
