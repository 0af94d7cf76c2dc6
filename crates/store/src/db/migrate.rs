//! Migrations: embedded, ordered, checksummed, run under a lock.

use aws_lc_rs::digest::{SHA256, digest};
use domain::Timestamp;
use rusqlite::OptionalExtension;

use super::postgres::Postgres;
use super::sqlite::{Sqlite, connect};
use crate::backup::APPLICATION_ID;
use crate::error::StoreError;

/// Version, name, SQL. A line that was released is never changed again.
pub const MIGRATIONS: &[(i64, &str, &str)] = &[(1, "first", include_str!("../migrations/0001_first.sql"))];

/// Which migrations a store has seen, and which this version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    pub found: i64,
    pub known: i64,
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (\
    version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum BYTEA NOT NULL, applied_at BIGINT NOT NULL)";
const SEEN: &str = "SELECT version, checksum FROM schema_migrations ORDER BY version";
const NOTE: &str =
    "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
/// A migration takes the time it takes, and waits as long for another node's.
const PG_NO_TIMEOUT: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0";
/// One lock for all nodes on this database; any number will do.
const PG_LOCK: &str = "SELECT pg_advisory_xact_lock(4772041)";
/// Both engines then order and compare text by bytes.
const PG_COLLATION: &str = "CREATE COLLATION IF NOT EXISTS \"binary\" FROM \"C\"";

type Seen = Vec<(i64, Vec<u8>)>;

fn checksum(sql: &str) -> Vec<u8> {
    digest(&SHA256, sql.as_bytes()).as_ref().to_vec()
}

fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, _, _)| *version)
}

/// What is still to do after what was seen.
fn pending(seen: &Seen) -> Result<&'static [(i64, &'static str, &'static str)], StoreError> {
    for (version, sum) in seen {
        match MIGRATIONS.iter().find(|(known, _, _)| known == version) {
            None => return Err(StoreError::Newer { found: *version, known: known() }),
            Some((_, _, sql)) if checksum(sql) != *sum => {
                return Err(StoreError::Altered { version: *version });
            }
            Some(_) => {}
        }
    }
    MIGRATIONS.get(seen.len()..).ok_or(StoreError::Bug("saw more migrations than there are"))
}

impl Sqlite {
    pub(crate) fn migrate(&self, now: Timestamp) -> Result<Schema, StoreError> {
        let mut conn = connect(&self.path)?;
        let run = |conn: &mut rusqlite::Connection| -> Result<(), StoreError> {
            let tx = conn
                .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
                .map_err(StoreError::sqlite)?;
            tx.execute_batch(TABLE).map_err(StoreError::sqlite)?;
            let seen = seen_sqlite(&tx)?;
            if seen.is_empty() {
                tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(StoreError::sqlite)?;
            }
            for (version, name, sql) in pending(&seen)? {
                tx.execute_batch(sql).map_err(StoreError::sqlite)?;
                let row = (version, name, checksum(sql), now.as_micros());
                tx.execute(&NOTE.replace('$', "?"), row).map_err(StoreError::sqlite)?;
            }
            tx.commit().map_err(StoreError::sqlite)
        };
        run(&mut conn)?;
        Ok(Schema { found: known(), known: known() })
    }

    pub(crate) fn schema(&self) -> Result<Schema, StoreError> {
        let conn = connect(&self.path)?;
        let table = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'";
        let there = conn.query_row(table, [], |_| Ok(())).optional().map_err(StoreError::sqlite)?;
        let seen = if there.is_some() { seen_sqlite(&conn)? } else { Vec::new() };
        Ok(Schema { found: seen.last().map_or(0, |(version, _)| *version), known: known() })
    }
}

/// What a file has seen, where this version understands all of it; found is 0 where it has no migrations.
///
/// # Errors
/// `Newer`, `Altered`; `Unavailable` where it has a table of migrations that is not ours.
pub(crate) fn schema_of(conn: &rusqlite::Connection) -> Result<Schema, StoreError> {
    let seen = seen_sqlite(conn)?;
    pending(&seen)?;
    Ok(Schema { found: seen.last().map_or(0, |(version, _)| *version), known: known() })
}

fn seen_sqlite(conn: &rusqlite::Connection) -> Result<Seen, StoreError> {
    let read = || -> rusqlite::Result<Seen> {
        conn.prepare(SEEN)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    read().map_err(StoreError::sqlite)
}

impl Postgres {
    pub(crate) async fn migrate(&self, now: Timestamp) -> Result<Schema, StoreError> {
        let mut client = self.client().await?;
        let tx = client.transaction().await.map_err(StoreError::postgres)?;
        for sql in [PG_NO_TIMEOUT, PG_LOCK, PG_COLLATION, TABLE] {
            tx.batch_execute(sql).await.map_err(StoreError::postgres)?;
        }
        let rows = tx.query(SEEN, &[]).await.map_err(StoreError::postgres)?;
        let seen: Seen = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        for (version, name, sql) in pending(&seen)? {
            tx.batch_execute(sql).await.map_err(StoreError::postgres)?;
            tx.execute(NOTE, &[version, name, &checksum(sql), &now.as_micros()])
                .await
                .map_err(StoreError::postgres)?;
        }
        tx.commit().await.map_err(StoreError::postgres)?;
        Ok(Schema { found: known(), known: known() })
    }

    pub(crate) async fn schema(&self) -> Result<Schema, StoreError> {
        let client = self.client().await?;
        let there = "SELECT 1 FROM information_schema.tables \
            WHERE table_name = 'schema_migrations' AND table_schema = current_schema()";
        let there = client.query_opt(there, &[]).await.map_err(StoreError::postgres)?;
        if there.is_none() {
            return Ok(Schema { found: 0, known: known() });
        }
        let rows = client.query(SEEN, &[]).await.map_err(StoreError::postgres)?;
        Ok(Schema { found: rows.last().map_or(0, |row| row.get(0)), known: known() })
    }
}
