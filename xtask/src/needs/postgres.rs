//! PostgreSQL's server programs. Only the programs: the tests start and stop servers of their own.

use std::path::{Path, PathBuf};

use crate::fault::{Fault, Outcome};
use crate::machine;
use crate::test::POSTGRES_BIN;

use super::debian;

/// The oldest release Herald runs on.
const OLDEST: u32 = 15;

/// What a test needs to start a server of its own.
const PROGRAMS: [&str; 3] = ["postgres", "initdb", "pg_ctl"];

/// Where packages put versioned server programs: `<parent>/<name of a version><tail>`.
const HOMES: [(&str, &str); 4] = [
    ("/usr/lib/postgresql", "bin"),
    ("/usr", "bin"),
    ("/opt/homebrew/opt", "bin"),
    ("/usr/local/opt", "bin"),
];

/// The folder of the programs, found or (as root, with `apt-get`) installed.
pub fn ensure() -> Outcome<PathBuf> {
    if let Some(named) = machine::variable(POSTGRES_BIN) {
        let folder = PathBuf::from(named);
        return if is_usable(&folder) { Ok(folder) } else { Err(named_wrong(&folder)) };
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if debian::may_install() {
        debian::install(&["postgresql"])?;
    }
    find().ok_or_else(missing)
}

fn find() -> Option<PathBuf> {
    candidates().into_iter().find(|folder| is_usable(folder))
}

/// Folders to look in: what `pg_config` says, the packages' homes with the newest version first, then the path.
fn candidates() -> Vec<PathBuf> {
    let told = machine::answer("pg_config", &["--bindir"]).map(PathBuf::from);
    let versioned = HOMES.iter().flat_map(|(parent, tail)| versions(Path::new(parent), tail));
    let path = machine::variable("PATH").unwrap_or_default();
    told.into_iter().chain(versioned).chain(std::env::split_paths(&path)).collect()
}

/// `parent`'s folders that are named after a PostgreSQL version (`16`, `pgsql-16`, `postgresql@16`), newest first.
fn versions(parent: &Path, tail: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let bare = ["pgsql-", "postgresql@"]
                .iter()
                .find_map(|prefix| name.strip_prefix(prefix))
                .unwrap_or(&name);
            Some((bare.parse().ok()?, entry.path().join(tail)))
        })
        .collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, folder)| folder).collect()
}

fn is_usable(folder: &Path) -> bool {
    PROGRAMS.iter().all(|program| folder.join(program).is_file())
        && machine::answer(folder.join("postgres"), &["--version"])
            .and_then(|said| major_version(&said))
            .is_some_and(|major| major >= OLDEST)
}

/// 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; betas say `17beta1`.
fn major_version(said: &str) -> Option<u32> {
    let (_, version) = said.split_once("(PostgreSQL) ")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn named_wrong(folder: &Path) -> Fault {
    Fault::Failed(format!(
        "{POSTGRES_BIN} names {}, where no usable {} of PostgreSQL {OLDEST} or newer are\n\
         set it to the folder of the server programs, or unset it to have them looked for",
        folder.display(),
        PROGRAMS.join(", ")
    ))
}

fn missing() -> Fault {
    Fault::Failed(format!(
        "the tests need the server programs of PostgreSQL {OLDEST} or newer ({}), and they are not there\n\
         install them (Debian, Ubuntu: `sudo apt-get install postgresql`), or name their folder in {POSTGRES_BIN}",
        PROGRAMS.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn reads_versions() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 17beta1"), Some(17));
        assert_eq!(major_version("mysqld  Ver 8.0"), None);
    }

    #[test]
    fn newest_version_first_and_other_folders_left_out() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["9", "15", "pgsql-17", "share"] {
            std::fs::create_dir(parent.path().join(name)).unwrap();
        }
        let expected = ["pgsql-17", "15", "9"].map(|name| parent.path().join(name).join("bin"));
        assert_eq!(versions(parent.path(), "bin"), expected);
    }

    fn programs_saying(version: &str, names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let file = folder.path().join(name);
            std::fs::write(&file, format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    #[test]
    fn old_or_incomplete_programs_do_not_count() {
        assert!(is_usable(programs_saying("15.2", &PROGRAMS).path()));
        assert!(!is_usable(programs_saying("14.9", &PROGRAMS).path()));
        assert!(!is_usable(programs_saying("15.2", &["postgres", "pg_ctl"]).path()));
    }
}
