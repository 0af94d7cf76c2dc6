//! The folder of the demo's store, marked as such: what is published must never get into a store that guards something.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::data::{Folder, Held};
use crate::failed::Failed;

/// The file that marks the folder.
const MARK: &str = "demo";
/// What a start that failed early leaves behind.
const LOCK: &str = "herald.lock";
/// What `--fresh` throws away; the mark and the lock stay.
const THROWN: [&str; 4] = ["herald.db", "herald.db-wal", "herald.db-shm", "master.key"];

const README: &str =
    "This folder holds the demo store of `herald demo`; its passwords and keys are published.\n";

/// Whether a data folder is a demo's.
pub fn is_marked(path: &Path) -> bool {
    path.join(MARK).exists()
}

/// Holds the folder: one that is new, empty or marked.
pub fn hold(path: &Path) -> Result<Held, Failed> {
    let names = names(path).map_err(|error| unusable(path, &error))?;
    if !names.contains(&OsString::from(MARK)) && names.iter().any(|name| name != LOCK) {
        return Err(Failed::because(format!(
            "{} is no demo folder: the demo's published passwords do not belong there; name a new folder with --data",
            path.display()
        )));
    }
    let held = Folder::open(path)?.hold()?;
    fs::write(path.join(MARK), README).map_err(|error| unusable(path, &error))?;
    Ok(held)
}

/// Throws the store in a held folder away.
pub fn empty(path: &Path) -> Result<(), Failed> {
    for name in THROWN {
        match fs::remove_file(path.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(unusable(path, &error)),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn unusable(path: &Path, error: &io::Error) -> Failed {
    let path = path.display();
    Failed::because(format!("the demo folder {path} cannot be used: {error}; name another one with --data"))
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
        let said = hold(place.path()).err().unwrap().to_string();
        assert!(said.contains("is no demo folder"), "{said}");
        assert_eq!(names(place.path()).unwrap(), BTreeSet::from([OsString::from("herald.db")]));
    }

    #[test]
    fn fresh_throws_the_store_away_and_keeps_the_mark() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("new");
        drop(hold(&path).unwrap());
        fs::write(path.join("herald.db"), "old").unwrap();
        drop(hold(&path).unwrap());
        assert!(path.join("herald.db").exists());
        let held = hold(&path).unwrap();
        empty(&path).unwrap();
        drop(held);
        assert_eq!(names(&path).unwrap(), BTreeSet::from([OsString::from(MARK), OsString::from(LOCK)]));
    }
}
