//! Lists, numbers, and what a caller may not give.

use serde_json::{Map, Value};

use super::{Fields, unknown};

impl Fields {
    /// A list of texts.
    pub fn optional_texts(&mut self, field: &'static str) -> Option<Vec<String>> {
        let rule = "must be a list of strings";
        self.optional_list(field, |value| value.as_str().map(str::to_owned), rule)
    }

    /// The same, but must be there.
    pub fn texts(&mut self, field: &'static str) -> Vec<String> {
        if self.lacks(field) {
            return Vec::new();
        }
        self.optional_texts(field).unwrap_or_default()
    }

    /// A list of whole numbers.
    pub fn optional_numbers(&mut self, field: &'static str) -> Option<Vec<i64>> {
        self.optional_list(field, Value::as_i64, "must be a list of whole numbers")
    }

    fn optional_list<T>(
        &mut self,
        field: &'static str,
        read: impl Fn(&Value) -> Option<T>,
        rule: &'static str,
    ) -> Option<Vec<T>> {
        let list = |value: &Value| value.as_array()?.iter().map(&read).collect();
        self.optional_value(field, list, rule)
    }

    /// An object that `read` understands.
    pub fn optional_map<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&Map<String, Value>) -> Option<T>,
        rule: &'static str,
    ) -> Option<T> {
        self.optional_value(field, |value| read(value.as_object()?), rule)
    }

    fn optional_value<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
        rule: &'static str,
    ) -> Option<T> {
        let read = read(&self.taken(field)?);
        if read.is_none() {
            self.fault(field, rule);
        }
        read
    }

    /// Any value that `read` understands. Absent: `None`; `null`: `Some(None)`.
    #[expect(clippy::option_option, reason = "to leave a field and to take it away are two things")]
    pub fn clearable_value<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
        rule: &'static str,
    ) -> Option<Option<T>> {
        let value = self.map.shift_remove(field)?;
        if value.is_null() {
            return Some(None);
        }
        let read = read(&value);
        if read.is_none() {
            self.fault(field, rule);
        }
        read.map(Some)
    }

    /// An object of no other fields than `known`, that `read` understands. Absent: `None`; `null`: `Some(None)`.
    #[expect(clippy::option_option, reason = "to leave a field and to take it away are two things")]
    pub fn clearable_object<T>(
        &mut self,
        field: &'static str,
        known: &[&str],
        read: impl FnOnce(&Map<String, Value>) -> Option<T>,
        rule: &'static str,
    ) -> Option<Option<T>> {
        let inside = self.map.get(field).and_then(Value::as_object);
        let others = inside.into_iter().flat_map(Map::keys).filter(|name| !known.contains(&name.as_str()));
        self.faults.extend(unknown::faults_within(field, others));
        self.clearable_value(field, |value| read(value.as_object()?), rule)
    }

    /// What it would be dangerous to pass over in silence: nobody may give it here.
    pub fn refuse(&mut self, fields: &[&'static str], rule: &'static str) {
        for field in fields {
            if self.map.shift_remove(*field).is_some() {
                self.fault(field, rule);
            }
        }
    }
}
