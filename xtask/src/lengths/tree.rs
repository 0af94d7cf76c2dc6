//! The Rust files of a folder.

use std::path::{Path, PathBuf};

use crate::fault::{Fault, Outcome};

/// A file and its text.
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

/// Every `.rs` file under the folder, in the order of their paths; build results left out.
pub fn sources(folder: &Path) -> Outcome<Vec<Source>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| cannot_read(&folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| cannot_read(&folder, &error))?.path();
            if path.is_dir() && !path.ends_with("target") {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).map_err(|error| cannot_read(&path, &error))?;
                found.push(Source { path, text });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Fault {
    Fault::Failed(format!("cannot read {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_rust_files_but_no_build_results() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["src/b.rs", "src/a/c.rs", "src/notes.md", "target/debug/x.rs"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "fn f() {}\n").unwrap();
        }
        let found: Vec<PathBuf> =
            sources(folder.path()).unwrap().into_iter().map(|source| source.path).collect();
        assert_eq!(found, ["src/a/c.rs", "src/b.rs"].map(|file| folder.path().join(file)));
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_fault() {
        assert!(sources(Path::new("/nowhere/at/all")).is_err());
    }
}
