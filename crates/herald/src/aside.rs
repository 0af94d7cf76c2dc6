//! A file that is written aside and gets its name when it is whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What SQLite puts beside a file.
const SIDES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A file of mode 0600 under a name that nobody looks for. Dropped without a name of its own, it goes, with whatever
/// SQLite put beside it.
#[derive(Debug)]
pub struct Aside {
    path: PathBuf,
    /// Open to read and write.
    pub file: File,
}

impl Aside {
    /// Makes the file; fails where there is one.
    pub fn make(path: PathBuf) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Self { path, file })
    }

    /// Where it is until it has its name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it the name `to` in the same folder, unless there is such a file: never over another.
    pub fn publish(self, to: &Path) -> io::Result<()> {
        match fs::hard_link(&self.path, to) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            Ok(()) => fs::remove_file(&self.path)?,
            // A file system without links.
            Err(_) if fs::symlink_metadata(to).is_ok() => return Err(ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(&self.path, to)?,
        }
        sync_folder(to)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Removes an SQLite file and what stands beside it, whatever of that is there.
pub fn remove(path: &Path) {
    let _ = fs::remove_file(path);
    for side in SIDES {
        let _ = fs::remove_file(with(path, side));
    }
}

/// The path with more letters at its end.
pub fn with(path: &Path, more: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(more);
    PathBuf::from(name)
}

/// The folder in which a file lies.
pub fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Makes sure that a name which was just given outlives a power cut.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}
