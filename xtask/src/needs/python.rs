//! Python with the packages of other houses that the tests ask: a virtual environment below the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, Outcome};
use crate::{machine, say};

use super::debian;

/// What is installed, pinned.
const REQUIREMENTS: &str = "xtask/python/requirements.txt";
/// The oldest release that the packages run on.
const OLDEST: (u32, u32) = (3, 10);
/// Says its version when it can make environments: Debian packages `ensurepip` apart from the language.
const PROBE: &str = "import ensurepip, venv, sys; print('%d.%d' % sys.version_info[:2])";

/// The environment's own interpreter, made and filled where it is not there or holds other packages than pinned.
pub fn ensure() -> Outcome<PathBuf> {
    let home = machine::target_folder()?.join("tools").join("venv");
    let pinned = read(&machine::workspace().join(REQUIREMENTS))?;
    let (interpreter, stamp) = (home.join("bin").join("python"), home.join("installed.txt"));
    if is_filled(&stamp, &pinned) && machine::answer(&interpreter, &["-c", "import requests"]).is_some() {
        return Ok(interpreter);
    }
    say::line("making a Python environment for the tests");
    machine::succeed(Command::new(system()?).args(["-m", "venv", "--clear"]).arg(&home))?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r"];
    machine::succeed(
        Command::new(&interpreter).args(quiet).arg(REQUIREMENTS).current_dir(machine::workspace()),
    )?;
    // Last: an environment that was cut off half-way is made anew.
    std::fs::write(&stamp, pinned)
        .map_err(|error| Fault::Failed(format!("cannot write {}: {error}", stamp.display())))?;
    Ok(interpreter)
}

fn is_filled(stamp: &Path, pinned: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|installed| installed == pinned)
}

fn read(file: &Path) -> Outcome<String> {
    std::fs::read_to_string(file)
        .map_err(|error| Fault::Failed(format!("cannot read {}: {error}", file.display())))
}

/// The machine's Python, found or (as root, with `apt-get`) installed.
fn system() -> Outcome<&'static str> {
    const NAME: &str = "python3";
    if is_usable(machine::answer(NAME, &["-c", PROBE])) {
        return Ok(NAME);
    }
    if debian::may_install() {
        debian::install(&["python3", "python3-venv"])?;
    }
    if is_usable(machine::answer(NAME, &["-c", PROBE])) { Ok(NAME) } else { Err(missing()) }
}

fn is_usable(version: Option<String>) -> bool {
    version.and_then(|said| parsed(&said)).is_some_and(|version| version >= OLDEST)
}

fn parsed(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.trim().split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn missing() -> Fault {
    let (major, minor) = OLDEST;
    Fault::Failed(format!(
        "the tests need Python {major}.{minor} or newer with its venv module, and it is not there\n\
         install it (Debian, Ubuntu: `sudo apt-get install python3 python3-venv`)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_ones_and_those_that_cannot_make_environments_do_not_count() {
        for (said, counts) in [("3.10", true), ("3.13", true), ("4.0", true), ("3.9", false), ("", false)] {
            assert_eq!(is_usable(Some(said.to_owned())), counts, "{said:?}");
        }
        assert!(!is_usable(None));
    }

    #[test]
    fn only_what_is_pinned_now_is_filled() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = folder.path().join("installed.txt");
        assert!(!is_filled(&stamp, "a==1\n"));
        std::fs::write(&stamp, "a==1\n").unwrap();
        assert!(is_filled(&stamp, "a==1\n"));
        assert!(!is_filled(&stamp, "a==2\n"));
    }

    #[test]
    fn every_requirement_is_pinned() {
        let text = read(&machine::workspace().join(REQUIREMENTS)).unwrap();
        let lines: Vec<&str> =
            text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(lines.len() > 2);
        for line in lines {
            assert!(
                line.split_once("==").is_some_and(|(name, version)| !name.is_empty() && !version.is_empty())
            );
        }
    }
}
