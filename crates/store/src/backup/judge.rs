//! Whether an SQLite file is a whole store that this version understands.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::{APPLICATION_ID, Sealed, Unfit, is_damage, settle};
use crate::db::{Schema, connect, schema_of};
use crate::error::StoreError;

/// What a store holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    pub schema: Schema,
    /// Rows of all tables together.
    pub rows: u64,
}

/// Looks at every page of the SQLite file `path`, which nobody else has open; where it had no checksum also at every
/// index. Blocks for as long as that takes. Leaves a file that was fit without a write-ahead log.
///
/// # Errors
/// `Damaged`; `Foreign`: another program's mark, or no migrations; `Newer` and `Altered`.
pub fn judge(path: &Path, sealed: Sealed) -> Result<Contents, Unfit> {
    let conn = connect(path).map_err(of_store)?;
    // What a stranger's file defines is not run.
    conn.pragma_update(None, "trusted_schema", "OFF").map_err(unfit)?;
    whole(&conn, sealed)?;
    let mark: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(unfit)?;
    // Stores that were made before the mark have none.
    if mark != APPLICATION_ID && mark != 0 {
        return Err(Unfit::Foreign);
    }
    let schema = match schema_of(&conn) {
        Err(StoreError::Unavailable(_)) => return Err(Unfit::Foreign),
        schema => schema?,
    };
    if schema.found == 0 {
        return Err(Unfit::Foreign);
    }
    let rows = rows(&conn).map_err(unfit)?;
    drop(conn);
    settle(path)?;
    Ok(Contents { schema, rows })
}

fn whole(conn: &Connection, sealed: Sealed) -> Result<(), Unfit> {
    let check = match sealed {
        Sealed::Yes => "PRAGMA quick_check(1)",
        Sealed::No => "PRAGMA integrity_check(1)",
    };
    match conn.query_row(check, [], |row| row.get::<_, String>(0)).optional().map_err(unfit)? {
        Some(line) if line != "ok" => Err(Unfit::Damaged(line.replace('\n', " "))),
        Some(_) | None => Ok(()),
    }
}

fn rows(conn: &Connection) -> rusqlite::Result<u64> {
    let names: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut rows = 0;
    for name in names {
        let count = format!("SELECT COUNT(*) FROM \"{}\"", name.replace('"', "\"\""));
        rows += conn.query_row(&count, [], |row| row.get::<_, i64>(0))?.unsigned_abs();
    }
    Ok(rows)
}

fn unfit(error: rusqlite::Error) -> Unfit {
    of_store(StoreError::sqlite(error))
}

fn of_store(error: StoreError) -> Unfit {
    if is_damage(&error) { Unfit::Damaged(error.to_string()) } else { Unfit::Store(error) }
}
