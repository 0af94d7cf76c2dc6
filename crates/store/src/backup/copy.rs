//! The copy itself, beside whoever writes.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::db::connect;
use crate::error::StoreError;

/// Pages copied at once (4 MiB): after so many the target is synced, so that no writer's fsync has to wait for more.
const STEP: i32 = 1024;

/// How far a copy is, in pages of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    pub done: u32,
    pub all: u32,
}

/// How a copy ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    Whole,
    /// `each` said so; the target is to be thrown away.
    Stopped,
}

/// Copies the SQLite store `from`, as it is at one moment, into the empty file `to`. `each` hears of every step and may
/// break the copy off. Writers go on meanwhile: what they write goes to the write-ahead log, which grows so long.
///
/// Blocks for as long as the copy takes. The target is then to be [judged](super::judge) and [sealed](super::seal()).
///
/// # Errors
/// `Full` where the target's disk is; `Unavailable` with SQLite's words else.
pub fn copy(
    from: &Path,
    to: &Path,
    each: &mut dyn FnMut(Pages) -> ControlFlow<()>,
) -> Result<Copied, StoreError> {
    let synced = File::options().write(true).open(to).map_err(StoreError::other)?;
    let source = connect(from)?;
    // One read transaction over all steps: without it, each commit of another process begins the copy anew.
    source.execute_batch("BEGIN").map_err(StoreError::sqlite)?;
    source.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(())).map_err(StoreError::sqlite)?;
    let mut target = target(to)?;
    // `synced` is closed after the target: a closed file gives up the locks that SQLite holds on it in this process.
    steps(&source, &mut target, &synced, each)
}

fn steps(
    source: &Connection,
    target: &mut Connection,
    synced: &File,
    each: &mut dyn FnMut(Pages) -> ControlFlow<()>,
) -> Result<Copied, StoreError> {
    let backup = Backup::new(source, target).map_err(StoreError::sqlite)?;
    loop {
        let step = backup.step(STEP).map_err(StoreError::sqlite)?;
        synced.sync_data().map_err(StoreError::other)?;
        let at = backup.progress();
        let all = u32::try_from(at.pagecount).unwrap_or(0);
        let done = all.saturating_sub(u32::try_from(at.remaining).unwrap_or(0));
        if each(Pages { done, all }).is_break() {
            return Ok(Copied::Stopped);
        }
        match step {
            StepResult::Done => return Ok(Copied::Whole),
            StepResult::More => {}
            // Nobody else has the target, and a reader of a write-ahead log is never kept out.
            _ => return Err(StoreError::Bug("was copied from while locked")),
        }
    }
}

/// Thrown away unless whole, so it needs neither a journal nor syncs of its own.
fn target(to: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(to, flags).map_err(StoreError::sqlite)?;
    let loose = || -> rusqlite::Result<()> {
        conn.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
        conn.pragma_update(None, "synchronous", "OFF")
    };
    loose().map_err(StoreError::sqlite)?;
    Ok(conn)
}
