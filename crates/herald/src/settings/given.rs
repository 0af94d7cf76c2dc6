//! What was given: values of all layers, strongest first, before they have a type.

use super::fault::{Fault, Place};
use super::kind::{Kind, Written};

/// One value that somebody wrote.
#[derive(Debug)]
pub struct Entry {
    /// The key, with `_file` where a secret's file was named.
    pub key: String,
    /// Where it was written.
    pub place: Place,
    /// The value.
    pub written: Written,
    /// The value as it stood there, for messages.
    pub shown: String,
}

impl Entry {
    /// A word from a flag, a variable or a default.
    pub fn word(key: &str, place: Place, text: &str) -> Self {
        Self { key: key.into(), place, written: Written::Word(text.into()), shown: format!("{text:?}") }
    }

    /// The fault of a value that its kind does not take. `secret` keeps the value out of it.
    pub fn refuse(&self, takes: &str, secret: bool) -> Fault {
        let found = if secret { "what was given".into() } else { shorten(&self.shown) };
        let text = format!("`{}` cannot be {found}; it takes {takes}", self.key);
        Fault { place: self.place.clone(), text }
    }
}

/// The first line of `shown`, at most 60 characters of it.
fn shorten(shown: &str) -> String {
    let line = shown.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(60).collect();
    if cut.len() < shown.len() { format!("{cut}…") } else { cut }
}

/// All that was given, strongest layer first, and what was found wrong with it so far.
#[derive(Debug, Default)]
pub struct Given {
    /// The values.
    pub entries: Vec<Entry>,
    /// The faults.
    pub faults: Vec<Fault>,
}

impl Given {
    /// The strongest value written for `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Reads the strongest value of `key`; nothing when there is none or it is wrong.
    /// Weaker values must be right as well, so that taking a stronger one away brings no surprise.
    pub fn read<K: Kind>(&mut self, key: &str, kind: &K, secret: bool) -> Option<K::Value> {
        let mut values = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.key == key) {
            let value = kind.read(&entry.written);
            if value.is_none() {
                self.faults.push(entry.refuse(&kind.takes(), secret));
            }
            values.push(value);
        }
        values.into_iter().next().flatten()
    }
}
