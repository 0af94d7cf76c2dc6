//! Where PostgreSQL's programs are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest release that Herald runs on.
const OLDEST: u32 = 15;
/// Names the folder of the programs, where they are to be found elsewhere than packages put them.
const NAMED: &str = "HERALD_TEST_PG_BIN";
const NEEDED: [&str; 4] = ["postgres", "initdb", "pg_ctl", "psql"];

/// The folder of the programs: the one named in `HERALD_TEST_PG_BIN`, what `pg_config` says, or where Debian's
/// packages put the newest. A folder that is named and holds none is an error, not a reason to look elsewhere.
pub(crate) fn find() -> Result<PathBuf, String> {
    if let Some(named) = variable(NAMED) {
        let folder = PathBuf::from(named);
        return if is_usable(&folder) { Ok(folder) } else { Err(missing()) };
    }
    let told = answer("pg_config", "--bindir").map(PathBuf::from);
    told.into_iter().chain(packaged()).find(|folder| is_usable(folder)).ok_or_else(missing)
}

fn packaged() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |name: &OsString| name.to_str().and_then(|name| name.parse::<u32>().ok());
    let mut found: Vec<(u32, PathBuf)> =
        entries.filter_map(|entry| Some((version(&entry.file_name())?, entry.path().join("bin")))).collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, folder)| folder).collect()
}

fn is_usable(folder: &Path) -> bool {
    NEEDED.iter().all(|program| folder.join(program).is_file())
        && answer(folder.join("postgres"), "--version").is_some_and(|said| major(&said) >= Some(OLDEST))
}

/// 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major(said: &str) -> Option<u32> {
    let (_, version) = said.split_once("(PostgreSQL) ")?;
    version.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

fn answer(program: impl AsRef<std::ffi::OsStr>, flag: &str) -> Option<String> {
    let output = Command::new(program).arg(flag).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[expect(clippy::disallowed_methods, reason = "the settings are the server's; this one is the test run's")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn missing() -> String {
    format!(
        "this test needs PostgreSQL {OLDEST} or newer ({}), which was not found: install it (Debian, Ubuntu: \
         `sudo apt-get install postgresql`), or name the folder of its programs in {NAMED}",
        NEEDED.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_what_the_server_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 17beta1"), Some(17));
        assert_eq!(major("something else"), None);
    }

    #[test]
    fn a_folder_without_programs_is_not_usable() {
        let empty = tempfile::tempdir().unwrap();
        assert!(!is_usable(empty.path()));
    }
}
