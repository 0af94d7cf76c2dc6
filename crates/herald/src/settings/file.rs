//! Settings from a TOML file.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Place};
use super::given::{Entry, Given};
use super::kind::Written;
use super::nearest::nearest;

/// Reads the settings in `text`, which stands in the file `path`.
/// Where it is not TOML, those faults alone are reported: keys after a broken header would be misread.
pub fn collect(given: &mut Given, path: &Path, text: &str, keys: &[String]) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut last = 0;
    for error in &errors {
        let line = line_of(text, error.span().map_or(text.len(), |span| span.start));
        if line != last {
            let place = Place::Line(path.to_owned(), line);
            let text = format!("this is not TOML: {}; correct the line", error.message());
            given.faults.push(Fault { place, text });
        }
        last = line;
    }
    if errors.is_empty() {
        let walk = Walk { path, text, keys };
        walk.table(given, "", table.get_ref());
    }
}

/// The line of an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// A walk through the tables of a file.
struct Walk<'a> {
    path: &'a Path,
    text: &'a str,
    keys: &'a [String],
}

impl Walk<'_> {
    fn table(&self, given: &mut Given, above: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let (quoted, name_at) = (name.get_ref().contains('.'), name.span().start);
            let name = if quoted { format!("{:?}", name.get_ref()) } else { name.get_ref().to_string() };
            let key = if above.is_empty() { name } else { format!("{above}.{name}") };
            let place = Place::Line(self.path.to_owned(), line_of(self.text, name_at));
            let known = self.keys.contains(&key);
            match value.get_ref() {
                DeValue::Table(inner) if !known && (self.is_table(&key) || !inner.is_empty()) => {
                    self.table(given, &key, inner);
                }
                _ if known => given.entries.push(self.entry(key, place, value)),
                _ => given.faults.push(self.unknown(&key, place)),
            }
        }
    }

    /// Whether settings live under `key`.
    fn is_table(&self, key: &str) -> bool {
        self.keys.iter().any(|known| known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')))
    }

    fn entry(&self, key: String, place: Place, value: &Spanned<DeValue<'_>>) -> Entry {
        let shown = match value.get_ref() {
            DeValue::Table(_) => "a table".into(),
            _ => self.text.get(value.span()).unwrap_or_default().to_owned(),
        };
        Entry { key, place, written: written(value.get_ref()), shown }
    }

    fn unknown(&self, key: &str, place: Place) -> Fault {
        let near = nearest(key, self.keys).unwrap_or_default();
        Fault { place, text: format!("`{key}` is not a setting; remove it, or use the nearest, `{near}`") }
    }
}

/// A TOML value without its place.
fn written(value: &DeValue<'_>) -> Written {
    match value {
        DeValue::String(text) => Written::Text(text.to_string()),
        DeValue::Integer(number) => {
            u64::from_str_radix(number.as_str(), number.radix()).map_or(Written::Other, Written::Integer)
        }
        DeValue::Array(items) => Written::List(items.iter().map(|item| written(item.get_ref())).collect()),
        DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Table(_) => Written::Other,
    }
}
