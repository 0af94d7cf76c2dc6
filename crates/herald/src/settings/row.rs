//! The forms of a setting: with a default and without one. Secrets have a room of their own.

use super::given::Given;
use super::kind::{Kind, Written};

/// What help and reference say of a setting.
#[derive(Debug, Clone)]
pub struct About {
    /// The key in the file.
    pub key: &'static str,
    /// What it takes.
    pub takes: String,
    /// The default, as a person reads it.
    pub default: String,
    /// Whether the key + `_file` names a file with the value.
    pub has_file: bool,
    /// What it is for.
    pub help: &'static str,
}

/// One setting: where its value comes from, and what it says of itself.
pub trait Row {
    /// The type of its field.
    type Value;

    /// For help and reference; `help` is the docstring of the field.
    fn about(&self, help: &'static str) -> About;

    /// The value; nothing when it is wrong, which is then among the faults.
    fn read(&self, given: &mut Given) -> Option<Self::Value>;
}

/// A setting that always has a value.
pub struct With<K>(pub &'static str, pub K, pub &'static str);

impl<K: Kind> Row for With<K> {
    type Value = K::Value;

    fn about(&self, help: &'static str) -> About {
        let default = if self.2.is_empty() { "none".into() } else { format!("`{}`", self.2) };
        About { key: self.0, takes: self.1.takes(), default, has_file: false, help }
    }

    fn read(&self, given: &mut Given) -> Option<K::Value> {
        if given.entry(self.0).is_some() {
            return given.read(self.0, &self.1, false);
        }
        self.1.read(&Written::Word(self.2.into()))
    }
}

/// A setting that may have no value; the last field says in words what then holds.
pub struct Maybe<K>(pub &'static str, pub K, pub &'static str);

impl<K: Kind> Row for Maybe<K> {
    type Value = Option<K::Value>;

    fn about(&self, help: &'static str) -> About {
        About { key: self.0, takes: self.1.takes(), default: self.2.into(), has_file: false, help }
    }

    fn read(&self, given: &mut Given) -> Option<Option<K::Value>> {
        if given.entry(self.0).is_none() {
            return Some(None);
        }
        given.read(self.0, &self.1, false).map(Some)
    }
}
