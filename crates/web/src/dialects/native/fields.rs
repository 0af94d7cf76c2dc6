//! Reading the fields of a body, so that one refusal names every field at fault.

mod more;

use std::borrow::Cow;

use app::{Failure, FieldFault};
use secrecy::SecretString;
use serde_json::{Map, Value};

/// Takes fields out of a JSON object; unknown ones are ignored.
pub(super) struct Fields {
    map: Map<String, Value>,
    faults: Vec<FieldFault>,
}

impl Fields {
    pub fn of(map: Map<String, Value>) -> Self {
        Self { map, faults: Vec::new() }
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

    /// `null` counts as absent.
    pub fn optional_text(&mut self, field: &'static str) -> Option<String> {
        self.clearable_text(field).flatten()
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
        let value = self.map.shift_remove(field).filter(|value| !value.is_null())?;
        let count = value.as_u64().filter(|count| *count > 0);
        if count.is_none() {
            self.fault(field, "must be a whole number above zero");
        }
        count
    }

    pub fn optional_bool(&mut self, field: &'static str) -> Option<bool> {
        let value = self.map.shift_remove(field).filter(|value| !value.is_null())?;
        if value.as_bool().is_none() {
            self.fault(field, "must be true or false");
        }
        value.as_bool()
    }

    pub fn optional_object(&mut self, field: &'static str) -> Option<Map<String, Value>> {
        let value = self.map.shift_remove(field).filter(|value| !value.is_null())?;
        if let Value::Object(map) = value {
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
        if self.map.get(field).is_none_or(Value::is_null) {
            self.fault(field, "is required");
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

    fn fault(&mut self, field: &'static str, message: impl Into<Cow<'static, str>>) {
        self.faults.push(FieldFault { field, message: message.into() });
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
    /// `Invalid` names every field at fault.
    pub fn done(self) -> Result<(), Failure> {
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
        let mut fields = fields(json!({"email": 5, "code": ["x"], "expires_in": 0.5, "more": true}));
        assert_eq!(fields.text("email"), "");
        assert_eq!(fields.text("password"), "");
        assert_eq!(fields.optional_text("code"), None);
        assert_eq!(fields.optional_count("expires_in"), None);
        let failure = fields.done().unwrap_err();
        let named: Vec<_> = failure.fields.iter().map(|fault| (fault.field, &*fault.message)).collect();
        assert_eq!(
            named,
            [
                ("email", "must be a string"),
                ("password", "is required"),
                ("code", "must be a string or null"),
                ("expires_in", "must be a whole number above zero"),
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
}
