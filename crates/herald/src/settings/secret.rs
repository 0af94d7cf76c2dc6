//! Secrets, which can stand in a file of their own.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::fault::Fault;
use super::given::Given;
use super::kind::{File, Kind, Written};
use super::row::{About, Row};

/// The longest file that holds a secret, in bytes.
const LONGEST_SECRET: u64 = 64 * 1024;

/// A secret, which may also stand in a file that key + `_file` names; the last field says what holds without it.
pub struct Secret<K>(pub &'static str, pub K, pub &'static str);

impl<K: Kind<Value = String>> Row for Secret<K> {
    type Value = Option<SecretString>;

    fn about(&self, help: &'static str) -> About {
        About { key: self.0, takes: self.1.takes(), default: self.2.into(), has_file: true, help }
    }

    fn read(&self, given: &mut Given) -> Option<Option<SecretString>> {
        Some(match source(given, self.0, &self.1)? {
            Source::None => None,
            Source::Value(value) => Some(SecretString::from(value)),
            Source::File(path) => Some(self.read_from(given, &path)?),
        })
    }
}

impl<K: Kind<Value = String>> Secret<K> {
    /// The value that stands in the file, without the line end after it.
    fn read_from(&self, given: &mut Given, path: &Path) -> Option<SecretString> {
        let place = given.entry(&format!("{}_file", self.0))?.place.clone();
        let text = match slurp(path) {
            Ok(text) => text,
            Err(error) => {
                let text = format!("`{}` cannot be read from {}: {error}", self.0, path.display());
                given.faults.push(Fault { place, text });
                return None;
            }
        };
        let value = self.1.read(&Written::Word(text.trim_end_matches(['\r', '\n']).into()));
        if value.is_none() {
            let text = format!("`{}` in {} is wrong; it takes {}", self.0, path.display(), self.1.takes());
            given.faults.push(Fault { place, text });
        }
        value.map(SecretString::from)
    }
}

/// Where the master key comes from.
#[derive(Debug)]
pub enum MasterKey {
    /// Nothing was said: `master.key` in the data folder, made on first start.
    InData,
    /// This file, made on first start.
    File(PathBuf),
    /// The key itself: 32 bytes as base64.
    Value(SecretString),
}

/// The master key: a secret whose file Herald makes itself, and therefore does not read here.
pub struct MasterKeyRow<K>(pub &'static str, pub K, pub &'static str);

impl<K: Kind<Value = String>> Row for MasterKeyRow<K> {
    type Value = MasterKey;

    fn about(&self, help: &'static str) -> About {
        About { key: self.0, takes: self.1.takes(), default: self.2.into(), has_file: true, help }
    }

    fn read(&self, given: &mut Given) -> Option<MasterKey> {
        Some(match source(given, self.0, &self.1)? {
            Source::None => MasterKey::InData,
            Source::Value(value) => MasterKey::Value(SecretString::from(value)),
            Source::File(path) => MasterKey::File(path),
        })
    }
}

/// Which of key and key + `_file` holds.
enum Source {
    None,
    Value(String),
    File(PathBuf),
}

/// The stronger of `key` and `key`_file; both in one layer is a fault.
fn source<K: Kind<Value = String>>(given: &mut Given, key: &str, kind: &K) -> Option<Source> {
    let file_key = format!("{key}_file");
    let value = given.entry(key).map(|entry| entry.place.clone());
    let file = given.entry(&file_key).map(|entry| entry.place.clone());
    if let (Some(value), Some(file)) = (&value, &file)
        && value.same_layer(file)
    {
        let text = format!("`{file_key}` is given beside `{key}`; take one of them away");
        given.faults.push(Fault { place: file.clone(), text });
    }
    let (text, path) = (given.read(key, kind, true), given.read(&file_key, &File, false));
    match (value, file) {
        (None, None) => Some(Source::None),
        (Some(value), Some(file)) if file < value => path.map(Source::File),
        (None, Some(_)) => path.map(Source::File),
        (Some(_), _) => text.map(Source::Value),
    }
}

/// Reads a small file whole.
fn slurp(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let read = file.take(LONGEST_SECRET + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if read as u64 > LONGEST_SECRET { Err("it is longer than 64 KiB".into()) } else { Ok(text) }
}
