//! Lists, numbers, and what a caller may not give.

use serde_json::{Map, Value};

use super::Fields;

impl Fields {
    /// A list of texts.
    pub fn optional_texts(&mut self, field: &'static str) -> Option<Vec<String>> {
        let rule = "must be a list of strings";
        self.optional_list(field, |value| value.as_str().map(str::to_owned), rule)
    }

    /// The same, but must be there.
    pub fn texts(&mut self, field: &'static str) -> Vec<String> {
        if self.map.get(field).is_none_or(Value::is_null) {
            self.fault(field, "is required");
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
        self.clearable_value(field, list, rule).flatten()
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

    /// An object that `read` understands. Absent: `None`; `null`: `Some(None)`.
    #[expect(clippy::option_option, reason = "to leave a field and to take it away are two things")]
    pub fn clearable_object<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&Map<String, Value>) -> Option<T>,
        rule: &'static str,
    ) -> Option<Option<T>> {
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
