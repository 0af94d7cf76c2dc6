//! Texts, file names, identifiers, keys, and lists of any kind.

use std::path::PathBuf;

use base64::{Engine, engine::general_purpose::STANDARD};
use uuid::Uuid;

use super::{Kind, Written};

/// The longest text that a setting takes, in bytes.
const LONGEST: usize = 4096;

/// Text that is neither empty nor longer than 4096 bytes, without control characters.
pub struct Text(pub &'static str);

impl Kind for Text {
    type Value = String;

    fn takes(&self) -> String {
        self.0.into()
    }

    fn read(&self, written: &Written) -> Option<String> {
        let text = written.text()?.trim();
        let right = !text.is_empty() && text.len() <= LONGEST && !text.contains(char::is_control);
        right.then(|| text.to_owned())
    }
}

/// A secret as it is, spaces included: not empty, at most 4096 bytes.
pub struct Opaque(pub &'static str);

impl Kind for Opaque {
    type Value = String;

    fn takes(&self) -> String {
        self.0.into()
    }

    fn read(&self, written: &Written) -> Option<String> {
        let text = written.text()?;
        (!text.is_empty() && text.len() <= LONGEST).then(|| text.to_owned())
    }
}

/// The name of a file or folder; relative names start from the folder Herald was started in.
pub struct File;

impl Kind for File {
    type Value = PathBuf;

    fn takes(&self) -> String {
        "the name of a file or folder".into()
    }

    fn read(&self, written: &Written) -> Option<PathBuf> {
        let text = written.text()?;
        (!text.trim().is_empty() && !text.contains('\0')).then(|| PathBuf::from(text))
    }
}

/// A UUID.
pub struct Id;

impl Kind for Id {
    type Value = Uuid;

    fn takes(&self) -> String {
        "a UUID".into()
    }

    fn read(&self, written: &Written) -> Option<Uuid> {
        written.text()?.trim().parse().ok()
    }
}

/// A key of 32 bytes, in base64.
pub struct Key;

impl Kind for Key {
    type Value = String;

    fn takes(&self) -> String {
        "32 bytes as base64, such as `openssl rand -base64 32` prints".into()
    }

    fn read(&self, written: &Written) -> Option<String> {
        let text = written.text()?.trim();
        (STANDARD.decode(text).ok()?.len() == 32).then(|| text.to_owned())
    }
}

/// A list: an array in the file, separated by commas in the environment, where nothing at all is the empty list.
pub struct ListOf<K>(pub K);

impl<K: Kind> Kind for ListOf<K> {
    type Value = Vec<K::Value>;

    fn takes(&self) -> String {
        format!("a list, each item {}", self.0.takes())
    }

    fn read(&self, written: &Written) -> Option<Vec<K::Value>> {
        match written {
            Written::List(items) => items.iter().map(|item| self.0.read(item)).collect(),
            Written::Word(word) if word.trim().is_empty() => Some(Vec::new()),
            Written::Word(word) => {
                word.split(',').map(|item| self.0.read(&Written::Word(item.trim().into()))).collect()
            }
            Written::Text(_) | Written::Integer(_) | Written::Other => None,
        }
    }
}
