//! The moment in which the store's name goes to another file.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use store::backup;

use crate::aside::{self, Aside};
use crate::failed::Failed;

/// Where the store of today will be kept; fails where an earlier one still is.
pub fn kept(target: &Path) -> Result<PathBuf, Failed> {
    let kept = aside::with(target, ".before-restore");
    if fs::symlink_metadata(&kept).is_err() {
        return Ok(kept);
    }
    let shown = kept.display();
    Err(Failed::because(format!("{shown} is there from an earlier restore; move it away, or remove it")))
}

/// Puts the whole and synced file `aside` in the place of `target`, which becomes `kept`: whether there was one.
///
/// At every moment there is a whole store under the name, and never with the write-ahead log of the other.
pub fn swap(aside: &Aside, target: &Path, kept: &Path) -> Result<bool, Failed> {
    let there = fs::symlink_metadata(target).is_ok();
    let swap = || rename(aside, target, kept, there);
    let swapped = if there {
        backup::alone(target, swap).map_err(|error| {
            Failed::because(format!(
                "the store {} is in use by another command: {error}; wait for its end and try again",
                target.display()
            ))
        })?
    } else {
        swap()
    };
    swapped.map_err(|error| {
        let target = target.display();
        Failed::because(format!("{target} cannot be replaced: {error}; look at the data folder and its disk"))
    })?;
    Ok(there)
}

fn rename(aside: &Aside, target: &Path, kept: &Path, there: bool) -> io::Result<()> {
    // Only a store that is too damaged to be settled has these; they stay with it.
    for side in ["-wal", "-journal"] {
        absent_is_fine(fs::rename(aside::with(target, side), aside::with(kept, side)))?;
    }
    absent_is_fine(fs::remove_file(aside::with(target, "-shm")))?;
    if there {
        // A file system without links leaves a moment without a store, and no loss.
        fs::hard_link(target, kept).or_else(|_| fs::rename(target, kept))?;
    }
    fs::rename(aside.path(), target)?;
    aside::sync_folder(target)
}

fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}
