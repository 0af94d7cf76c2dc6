//! TOML, written so that every reader of TOML 1.0 reads the same values.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use serde_json::Value;

/// The keys of one row, a line each.
#[derive(Default)]
pub(super) struct Table(String);

impl Table {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Of lines that are written already.
    pub(super) fn of(text: String) -> Self {
        Self(text)
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn str(&mut self, key: &str, value: &str) -> &mut Self {
        self.line(key, &quoted(value))
    }

    /// Nothing where there is none, or an empty one, which a file gives to take a value away.
    pub(super) fn opt(&mut self, key: &str, value: Option<&str>) -> &mut Self {
        match value.filter(|value| !value.is_empty()) {
            Some(value) => self.str(key, value),
            None => self,
        }
    }

    pub(super) fn int(&mut self, key: &str, value: Option<i64>) -> &mut Self {
        match value {
            Some(value) => self.line(key, &value.to_string()),
            None => self,
        }
    }

    /// Only where it is not what a new row gets.
    pub(super) fn flag(&mut self, key: &str, value: bool, default: bool) -> &mut Self {
        if value == default { self } else { self.line(key, if value { "true" } else { "false" }) }
    }

    pub(super) fn moment(&mut self, key: &str, value: Option<Timestamp>) -> &mut Self {
        match value {
            Some(value) => self.line(key, &value.rfc3339_exact()),
            None => self,
        }
    }

    pub(super) fn list<S: AsRef<str>>(&mut self, key: &str, items: &[S]) -> &mut Self {
        let items: Vec<String> = items.iter().map(|item| quoted(item.as_ref())).collect();
        self.line(key, &format!("[{}]", items.join(", ")))
    }

    /// As [`Self::list`], where there is anything.
    pub(super) fn some<S: AsRef<str>>(&mut self, key: &str, items: &[S]) -> &mut Self {
        if items.is_empty() { self } else { self.list(key, items) }
    }

    pub(super) fn ints(&mut self, key: &str, items: &[i64]) -> &mut Self {
        if items.is_empty() {
            return self;
        }
        let items: Vec<String> = items.iter().map(ToString::to_string).collect();
        self.line(key, &format!("[{}]", items.join(", ")))
    }

    /// An object that is kept as JSON: as a table where TOML has words for all of it, else as the JSON itself.
    pub(super) fn object(&mut self, key: &str, json: &str) -> &mut Self {
        let parsed: Option<Value> = serde_json::from_str(json).ok();
        let Some(value @ Value::Object(map)) = &parsed else { return self };
        if map.is_empty() {
            return self;
        }
        let mut text = String::new();
        if inline(&mut text, value, 0).is_some() {
            self.line(key, &text)
        } else {
            self.str(key, &value.to_string())
        }
    }

    /// What only the master key opens, in the row with this id.
    pub(super) fn sealed(&mut self, key: &str, bytes: &[u8]) -> &mut Self {
        self.str(key, &format!("sealed:{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    pub(super) fn digest(&mut self, key: &str, bytes: &[u8]) -> &mut Self {
        let mut hex = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        self.str(key, &hex)
    }

    /// `value` is TOML.
    pub(super) fn line(&mut self, key: &str, value: &str) -> &mut Self {
        self.0.push_str(key);
        self.0.push_str(" = ");
        self.0.push_str(value);
        self.0.push('\n');
        self
    }
}

/// A basic string (TOML 1.0, "String"); control characters are escaped, though it allows some.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `None`: TOML has no word for it, as for null, for integers past 64 bits, and for depths that readers refuse.
fn inline(out: &mut String, value: &Value, depth: usize) -> Option<()> {
    const DEEPEST: usize = 16;
    if depth > DEEPEST {
        return None;
    }
    match value {
        Value::Null => return None,
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Number(number) if number.is_f64() => {
            // As Rust writes it there is always a point or an exponent.
            let _ = write!(out, "{:?}", number.as_f64()?);
        }
        Value::Number(number) => {
            let _ = write!(out, "{}", number.as_i64()?);
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                inline(out, item, depth + 1)?;
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (at, (key, item)) in map.iter().enumerate() {
                out.push_str(if at == 0 { " " } else { ", " });
                out.push_str(&quoted(key));
                out.push_str(" = ");
                inline(out, item, depth + 1)?;
            }
            out.push_str(if map.is_empty() { "}" } else { " }" });
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_read_back() {
        for text in ["", "a", "\"\\'", "\u{0}\u{1f}\u{7f}\u{85}\t\r\n", "’\u{202e}🦀", "'''\"\"\""] {
            let toml = format!("a = {}", quoted(text));
            let read = toml::de::DeTable::parse(&toml).unwrap();
            assert_eq!(read.get_ref()["a"].get_ref().as_str(), Some(text), "{toml}");
            assert_eq!(toml.lines().count(), 1);
        }
    }

    #[test]
    fn an_object_is_a_table_where_it_can_be() {
        let of = |json: &str| Table::new().object("m", json).text().to_owned();
        assert_eq!(of("{}"), "");
        assert_eq!(
            of(r#"{"a b":1,"c":[true,"x"],"d":{},"e":{"f":1.0,"g":1e300}}"#),
            "m = { \"a b\" = 1, \"c\" = [true, \"x\"], \"d\" = {}, \"e\" = { \"f\" = 1.0, \"g\" = 1e300 } }\n"
        );
        assert_eq!(of(r#"{"a":null}"#), "m = \"{\\\"a\\\":null}\"\n");
        assert_eq!(of(r#"{"a":18446744073709551615}"#), "m = \"{\\\"a\\\":18446744073709551615}\"\n");
    }
}
