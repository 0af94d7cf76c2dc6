//! The folder of the demo's store, marked as such: what is published must never get into a store that guards something.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::data::{Folder, Held};
use crate::failed::Failed;

/// The file that marks the folder.
pub const MARK: &str = "demo";
/// What a start that failed early leaves behind.
const LOCK: &str = "herald.lock";
/// What `--fresh` throws away; the mark and the lock stay.
const THROWN: [&str; 4] = ["herald.db", "herald.db-wal", "herald.db-shm", "master.key"];

const README: &str =
    "This folder holds the demo store of `herald demo`; its passwords and keys are published.\n";

/// Holds the folder: one that is new, empty or marked.
pub fn hold(path: &Path, fresh: bool) -> Result<Held, Failed> {
    let cannot = |error: io::Error| {
        let path = path.display();
        Failed::because(format!(
            "the demo folder {path} cannot be used: {error}; name another one with --data"
        ))
    };
    let names = names(path).map_err(cannot)?;
    if !names.contains(&OsString::from(MARK)) && names.iter().any(|name| name != LOCK) {
        return Err(Failed::because(format!(
            "{} is no demo folder: the demo's published passwords do not belong there; name a new folder with --data",
            path.display()
        )));
    }
    let held = Folder::open(path)?.hold()?;
    fs::write(path.join(MARK), README).map_err(cannot)?;
    if fresh {
        for name in THROWN {
            match fs::remove_file(path.join(name)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(cannot(error)),
                Ok(()) | Err(_) => {}
            }
        }
    }
    Ok(held)
}

/// What lies in the folder; nothing where there is none.
fn names(path: &Path) -> io::Result<BTreeSet<OsString>> {
    match fs::read_dir(path) {
        // `Folder::open` says what is wrong with it.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(BTreeSet::new())
        }
        Err(error) => Err(error),
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.file_name())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_something_else_in_it_is_refused_and_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("herald.db"), "real").unwrap();
        let said = hold(place.path(), true).err().unwrap().to_string();
        assert!(said.contains("is no demo folder"), "{said}");
        assert_eq!(names(place.path()).unwrap(), BTreeSet::from([OsString::from("herald.db")]));
    }

    #[test]
    fn fresh_throws_the_store_away_and_keeps_the_mark() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("new");
        drop(hold(&path, false).unwrap());
        fs::write(path.join("herald.db"), "old").unwrap();
        drop(hold(&path, false).unwrap());
        assert!(path.join("herald.db").exists());
        drop(hold(&path, true).unwrap());
        assert_eq!(names(&path).unwrap(), BTreeSet::from([OsString::from(MARK), OsString::from(LOCK)]));
    }
}
