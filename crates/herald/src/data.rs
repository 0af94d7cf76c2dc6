//! The data folder, and the lock by which one server holds it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::failed::Failed;

/// The file that a server locks; it holds the server's process id.
const LOCK: &str = "herald.lock";

/// A data folder that is there and can be written.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: File,
}

/// Held by a running server. Ends with this value, or with the process however it ends.
#[derive(Debug)]
pub struct Held(#[expect(dead_code, reason = "what counts is that the file stays open")] File);

impl Folder {
    /// Opens the folder, making it (mode 0700) when it is not there.
    pub fn open(path: &Path) -> Result<Self, Failed> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(|error| unusable(path, "made", &error))?;
        // Opening the lock to write shows at the same time that the folder can be written.
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let lock = options.open(path.join(LOCK)).map_err(|error| unusable(path, "written", &error))?;
        Ok(Self { path: path.to_owned(), lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Holds the folder for a server. Commands that work beside a server do not need it.
    pub fn hold(mut self) -> Result<Held, Failed> {
        match self.lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(self.taken()),
            Err(TryLockError::Error(error)) => return Err(unusable(&self.path, "locked", &error)),
        }
        let pid = format!("{}\n", std::process::id());
        let noted = self.lock.set_len(0).and_then(|()| self.lock.write_all(pid.as_bytes()));
        noted.map_err(|error| unusable(&self.path, "written", &error))?;
        Ok(Held(self.lock))
    }

    /// The failure when another server holds the folder.
    fn taken(&mut self) -> Failed {
        let mut pid = String::new();
        let read = self.lock.rewind().and_then(|()| (&self.lock).take(20).read_to_string(&mut pid));
        let who = match pid.trim() {
            pid if read.is_ok() && !pid.is_empty() => format!("another server (process {pid})"),
            _ => "another server".into(),
        };
        let path = self.path.display();
        Failed::because(format!(
            "{who} uses the data folder {path}; stop it, or name another folder with --data"
        ))
    }
}

/// The failure of a folder that cannot be `done` (made, written, locked).
fn unusable(path: &Path, done: &str, error: &std::io::Error) -> Failed {
    let advice = match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            "a file is in the way; name a folder with --data"
        }
        ErrorKind::PermissionDenied => "let this user write there, or name another folder with --data",
        ErrorKind::StorageFull => "free some space, or name another folder with --data",
        _ => "name another folder with --data",
    };
    Failed::because(format!("the data folder {} cannot be {done}: {error}; {advice}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_folder_is_made_for_its_owner_alone() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("deep").join("data");
        Folder::open(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(path.join(LOCK)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("data");
        fs::write(&path, "").unwrap();
        let said = Folder::open(&path).unwrap_err().to_string();
        assert!(
            said.starts_with("herald: the data folder ") && said.contains("a file is in the way"),
            "{said}"
        );
    }

    #[test]
    fn one_server_holds_it_and_others_still_open_it() {
        let place = tempfile::tempdir().unwrap();
        let held = Folder::open(place.path()).unwrap().hold().unwrap();
        let said = Folder::open(place.path()).unwrap().hold().unwrap_err().to_string();
        let pid = std::process::id();
        assert!(
            said.starts_with(&format!("herald: another server (process {pid}) uses the data folder")),
            "{said}"
        );
        drop(held);
        Folder::open(place.path()).unwrap().hold().unwrap();
    }
}
