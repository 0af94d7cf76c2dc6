//! Settings: a table that defines each once, and the reading of flags, environment and file.
//!
//! [`load`] gives typed [`Settings`] or every fault at once, each with its place and what would be right.

mod choices;
mod environment;
mod fault;
mod file;
mod given;
mod kind;
mod nearest;
mod reference;
mod row;
mod secret;
mod table;
mod whole;

use std::ffi::OsString;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

pub use choices::{Algorithm, Dialect, LogFormat, LogLevel};
pub use environment::variables;
pub use fault::{Fault, Faults, Place};
pub use kind::{parse_period, show_period};
pub use reference::{help, markdown};
pub use secret::MasterKey;
pub use table::Settings;

use given::{Entry, Given};

/// The settings file that is read when none is named.
pub const DEFAULT_FILE: &str = "herald.toml";

/// The longest settings file, in bytes.
const LONGEST_FILE: u64 = 1024 * 1024;

/// Where settings come from, strongest first.
#[derive(Debug, Default)]
pub struct Sources {
    /// Key, flag and value of each flag that was given.
    pub flags: Vec<(&'static str, &'static str, String)>,
    /// The environment, see [`variables`].
    pub variables: Vec<(OsString, OsString)>,
    /// The file that was named; none: [`DEFAULT_FILE`] if it is there.
    pub config: Option<PathBuf>,
    /// The command's own default of `data`, where it has one.
    pub data: Option<&'static str>,
}

/// Reads and checks all settings.
pub fn load(sources: Sources) -> Result<Settings, Faults> {
    let keys = keys();
    let mut given = Given::default();
    for (key, flag, text) in &sources.flags {
        given.entries.push(Entry::word(key, Place::Flag(flag), text));
    }
    environment::collect(&mut given, sources.variables, &keys);
    let path = sources.config.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
    match read_file(path, sources.config.is_some()) {
        Ok(text) => file::collect(&mut given, path, &text, &keys),
        Err(text) => given.faults.push(Fault { place: Place::File(path.to_owned()), text }),
    }
    if let Some(data) = sources.data.filter(|_| given.entry("data").is_none()) {
        given.entries.push(Entry::word("data", Place::Flag("--data"), data));
    }
    let settings = Settings::read(&mut given);
    if let Some(settings) = &settings {
        whole::check(settings, &mut given);
    }
    match settings {
        Some(settings) if given.faults.is_empty() => Ok(settings),
        Some(_) | None => {
            given.faults.sort();
            Err(Faults(given.faults))
        }
    }
}

/// Every key that may stand in a file.
fn keys() -> Vec<String> {
    let about = table::about();
    let files = about.iter().filter(|row| row.has_file).map(|row| format!("{}_file", row.key));
    about.iter().map(|row| row.key.to_owned()).chain(files).collect()
}

/// The text of a settings file; empty when it is not there and need not be.
fn read_file(path: &Path, needed: bool) -> Result<String, String> {
    let cannot = |why: &str| format!("this settings file cannot be read: {why}");
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound && !needed => return Ok(String::new()),
        Err(error) => return Err(cannot(&format!("{error}; name a file that is there"))),
    };
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| cannot(&error.to_string()))?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(cannot("it is longer than 1 MiB, which no settings file is"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|b| **b == b'\n').count()
                + 1;
        cannot(&format!("line {line} is not UTF-8; save it as UTF-8"))
    })
}

#[cfg(test)]
mod tests;
