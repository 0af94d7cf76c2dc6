//! Reading the fields of a body, so that one refusal names every field at fault.

mod more;
pub(super) mod unknown;

use std::borrow::Cow;

use app::{Failure, FieldFault};
use secrecy::SecretString;
use serde_json::{Map, Value};

/// Takes fields out of a JSON object; [`Fields::done`] refuses what nobody took: who sends a field counts on it.
pub(super) struct Fields {
    map: Map<String, Value>,
    faults: Vec<FieldFault>,
    changes: bool,
}

const NULL: &str = "must not be null; left out, it stays as it is";

impl Fields {
    /// Of something new, or of a question: `null` is as good as nothing.
    pub fn of(map: Map<String, Value>) -> Self {
        Self { map, faults: Vec::new(), changes: false }
    }

    /// Of a change: `null` takes away what may be absent, and is at fault elsewhere.
    pub fn change(map: Map<String, Value>) -> Self {
        Self { changes: true, ..Self::of(map) }
    }

    /// A text that must be there; `""` stands in where it is at fault, and [`Fields::done`] refuses.
    pub fn text(&mut self, field: &'static str) -> String {
        match self.map.shift_remove(field) {
            Some(Value::String(text)) => return text,
            None | Some(Value::Null) => self.fault(field, "is required"),
            Some(_) => self.fault(field, "must be a string"),
        }
        String::new()
    }

    pub fn secret(&mut self, field: &'static str) -> SecretString {
        self.text(field).into()
    }

    pub fn optional_text(&mut self, field: &'static str) -> Option<String> {
        if let Value::String(text) = self.taken(field)? {
            return Some(text);
        }
        self.fault(field, "must be a string");
        None
    }

    /// Absent: `None`; `null`: `Some(None)`.
    #[expect(clippy::option_option, reason = "to leave a field and to take it away are two things")]
    pub fn clearable_text(&mut self, field: &'static str) -> Option<Option<String>> {
        match self.map.shift_remove(field)? {
            Value::String(text) => Some(Some(text)),
            Value::Null => Some(None),
            _ => {
                self.fault(field, "must be a string or null");
                None
            }
        }
    }

    /// A whole number above zero.
    pub fn optional_count(&mut self, field: &'static str) -> Option<u64> {
        let value = self.taken(field)?;
        let count = value.as_u64().filter(|count| *count > 0);
        if count.is_none() {
            self.fault(field, "must be a whole number above zero");
        }
        count
    }

    pub fn optional_bool(&mut self, field: &'static str) -> Option<bool> {
        let value = self.taken(field)?;
        if value.as_bool().is_none() {
            self.fault(field, "must be true or false");
        }
        value.as_bool()
    }

    pub fn optional_object(&mut self, field: &'static str) -> Option<Map<String, Value>> {
        if let Value::Object(map) = self.taken(field)? {
            return Some(map);
        }
        self.fault(field, "must be an object");
        None
    }

    /// A text that `read` understands.
    pub fn optional<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
        rule: &'static str,
    ) -> Option<T> {
        let text = self.optional_text(field)?;
        let value = read(&text);
        if value.is_none() {
            self.fault(field, rule);
        }
        value
    }

    /// As [`Fields::optional`], but must be there.
    pub fn required<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
        rule: &'static str,
    ) -> Option<T> {
        if self.lacks(field) {
            return None;
        }
        self.optional(field, read, rule)
    }

    /// As [`Fields::clearable_text`], for a text that `read` understands.
    #[expect(clippy::option_option, reason = "to leave a field and to take it away are two things")]
    pub fn clearable<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
        rule: &'static str,
    ) -> Option<Option<T>> {
        let Some(text) = self.clearable_text(field)? else { return Some(None) };
        let value = read(&text);
        if value.is_none() {
            self.fault(field, rule);
        }
        value.map(Some)
    }

    /// What is given of a field that cannot be taken away.
    fn taken(&mut self, field: &'static str) -> Option<Value> {
        let value = self.map.shift_remove(field)?;
        if self.changes && value.is_null() {
            self.fault(field, NULL);
        }
        Some(value).filter(|value| !value.is_null())
    }

    /// Whether nothing is given of a field that must be there; it is at fault then.
    fn lacks(&mut self, field: &'static str) -> bool {
        let lacks = self.map.get(field).is_none_or(Value::is_null);
        if lacks {
            self.map.shift_remove(field);
            self.fault(field, "is required");
        }
        lacks
    }

    fn fault(&mut self, field: &'static str, message: impl Into<Cow<'static, str>>) {
        self.faults.push(FieldFault::new(field, message));
    }

    /// As [`Fields::done`], and what a [`Fields::required`] gave.
    ///
    /// # Errors
    /// `Invalid` names every field at fault.
    pub fn done_with<T>(self, required: Option<T>) -> Result<T, Failure> {
        self.done()?;
        required.ok_or_else(|| Failure::invalid_fields(Vec::new()))
    }

    /// # Errors
    /// `Invalid` names every field at fault, and every one that nobody took.
    pub fn done(mut self) -> Result<(), Failure> {
        self.faults.extend(unknown::faults(self.map.keys()));
        if self.faults.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(self.faults)) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Fields {
        let Value::Object(map) = value else { unreachable!() };
        Fields::of(map)
    }

    #[test]
    fn every_fault_is_named() {
        let mut fields = fields(json!({"email": 5, "code": ["x"], "expires_in": 0.5, "expires_at": "never"}));
        assert_eq!(fields.text("email"), "");
        assert_eq!(fields.text("password"), "");
        assert_eq!(fields.optional_text("code"), None);
        assert_eq!(fields.optional_count("expires_in"), None);
        let failure = fields.done().unwrap_err();
        let named: Vec<_> = failure.fields.iter().map(|fault| (&*fault.field, &*fault.message)).collect();
        assert_eq!(
            named,
            [
                ("email", "must be a string"),
                ("password", "is required"),
                ("code", "must be a string"),
                ("expires_in", "must be a whole number above zero"),
                ("expires_at", "is not known here"),
            ]
        );
    }

    #[test]
    fn null_is_absent_or_clears() {
        let mut fields = fields(json!({"name": null, "phone": null, "expires_in": null}));
        assert_eq!(fields.clearable_text("name"), Some(None));
        assert_eq!(fields.optional_text("phone"), None);
        assert_eq!(fields.clearable_text("picture"), None);
        assert_eq!(fields.optional_count("expires_in"), None);
        fields.done().unwrap();
    }

    #[test]
    fn in_a_change_null_clears_or_is_refused() {
        let Value::Object(map) = json!({"name": null, "email": null, "roles": null, "metadata": null}) else {
            unreachable!()
        };
        let mut fields = Fields::change(map);
        assert_eq!(fields.clearable_text("name"), Some(None));
        assert_eq!(fields.optional_text("email"), None);
        assert_eq!(fields.optional_texts("roles"), None);
        assert_eq!(fields.optional_object("metadata"), None);
        let failure = fields.done().unwrap_err();
        let named: Vec<_> = failure.fields.iter().map(|fault| (&*fault.field, &*fault.message)).collect();
        assert_eq!(named, [("email", NULL), ("roles", NULL), ("metadata", NULL)]);
    }

    #[test]
    fn what_is_required_is_named_once() {
        let mut fields = fields(json!({"key": null}));
        assert_eq!(fields.required("key", |text| Some(text.to_owned()), "must be a key"), None);
        assert_eq!(fields.done().unwrap_err().fields, [FieldFault::new("key", "is required")]);
    }
}
