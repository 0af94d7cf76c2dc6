//! One table of the file: its keys are taken by name and kind, and what is left over is a fault.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::faults::Place;
use super::nearest::{Patience, advice, nearest, quoted};
use super::reading::Reading;

/// What a kind makes of a value, or one sentence on what is wrong with it.
pub(super) type Judged<T> = Result<T, String>;

pub(super) struct Fields<'r> {
    pub(super) cx: &'r Reading<'r>,
    pub(super) place: Place,
    table: &'r DeTable<'r>,
    /// The keys that the table may have.
    asked: Vec<&'static str>,
    /// The keys that are wrong.
    wrong: Vec<String>,
}

impl<'r> Fields<'r> {
    pub(super) fn new(cx: &'r Reading<'r>, place: Place, table: &'r DeTable<'r>) -> Self {
        Self { cx, place, table, asked: Vec::new(), wrong: Vec::new() }
    }

    /// A key that may be absent.
    pub(super) fn opt<T>(
        &mut self,
        key: &'static str,
        kind: impl FnOnce(&DeValue<'_>) -> Judged<T>,
    ) -> Option<T> {
        let value = self.take(key)?;
        match kind(value.get_ref()) {
            Ok(it) => Some(it),
            Err(message) => {
                self.fault_at(value.span().start, key, message);
                None
            }
        }
    }

    /// A key that must be there.
    pub(super) fn must<T: Default>(
        &mut self,
        key: &'static str,
        kind: impl FnOnce(&DeValue<'_>) -> Judged<T>,
    ) -> T {
        self.must_or(key, kind, T::default())
    }

    /// As [`Self::must`]; the stand-in takes the place of what is missing or faulty, and is never seen outside, since
    /// a file with a fault gives no world.
    pub(super) fn must_or<T>(
        &mut self,
        key: &'static str,
        kind: impl FnOnce(&DeValue<'_>) -> Judged<T>,
        stand_in: T,
    ) -> T {
        self.expect(key);
        self.opt(key, kind).unwrap_or(stand_in)
    }

    /// A list that may be absent; each faulty item is named by its index.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        kind: impl Fn(&DeValue<'_>) -> Judged<T>,
    ) -> Option<Vec<T>> {
        let value = self.take(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            let message = wrong_type("a list", value.get_ref());
            self.fault_at(value.span().start, key, message);
            return None;
        };
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match kind(item.get_ref()) {
                Ok(it) => list.push(it),
                Err(message) => self.fault_at(item.span().start, &format!("{key}[{index}]"), message),
            }
        }
        Some(list)
    }

    pub(super) fn must_list<T>(
        &mut self,
        key: &'static str,
        kind: impl Fn(&DeValue<'_>) -> Judged<T>,
    ) -> Vec<T> {
        self.expect(key);
        self.list(key, kind).unwrap_or_default()
    }

    /// The rows of `[[key]]`.
    pub(super) fn rows<T>(&mut self, key: &'static str, read: impl Fn(&mut Fields<'r>) -> T) -> Vec<T> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let header = self.path_of(key).split(['[', ']']).step_by(2).collect::<String>();
        let DeValue::Array(items) = value.get_ref() else {
            self.fault_at(value.span().start, key, format!("must be rows; write [[{header}]] above each"));
            return Vec::new();
        };
        let mut rows = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let name = format!("{key}[{index}]");
            if let DeValue::Table(table) = item.get_ref() {
                rows.push(self.within(&name, item.span().start, table, &read));
            } else {
                self.fault_at(item.span().start, &name, wrong_type("a table", item.get_ref()));
            }
        }
        rows
    }

    /// A table within the row, `key = { … }`.
    pub(super) fn table<T>(&mut self, key: &'static str, read: impl Fn(&mut Fields<'r>) -> T) -> Option<T> {
        let value = self.take(key)?;
        if let DeValue::Table(table) = value.get_ref() {
            Some(self.within(key, value.span().start, table, &read))
        } else {
            self.fault_at(value.span().start, key, wrong_type("a table", value.get_ref()));
            None
        }
    }

    /// The value as the file has it, for rules that join two keys.
    pub(super) fn raw(&self, key: &str) -> Option<&'r str> {
        self.table.get(key)?.get_ref().as_str()
    }

    pub(super) fn names(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A fault of one key.
    pub(super) fn fault(&mut self, key: &str, message: impl Into<String>) {
        let start = self.table.get(key).map(Spanned::span).map(|span| span.start);
        match start {
            Some(start) => self.fault_at(start, key, message.into()),
            None => self.missing(key, message.into()),
        }
    }

    /// At most one of the two keys.
    pub(super) fn not_both(&mut self, one: &'static str, other: &'static str) {
        if self.names(one) && self.names(other) {
            self.fault(other, format!("stands beside {one}; keep one of the two"));
        }
    }

    /// A value that may stand once in the file, like a number.
    pub(super) fn once(&mut self, key: &'static str, what: &'static str, value: Option<impl ToString>) {
        let Some((value, start)) = value.map(|v| v.to_string()).zip(self.table.get(key).map(Spanned::span))
        else {
            return;
        };
        let line = self.cx.line(start.start);
        if let Some(first) = self.cx.stood_before(what, value.clone(), line) {
            self.fault(key, format!("{what} {value} stands on line {first} already; give another, or none"));
        }
    }

    /// The identity of the row, made of those keys. Where one of them is wrong, nothing can be said.
    pub(super) fn identity(&mut self, keys: &[&str], what: &'static str, value: String, shown: &str) {
        if self.any_wrong(keys) {
            return;
        }
        if let Some(first) = self.cx.stood_before(what, value, self.place.line) {
            let message =
                format!("a second row for {what}{shown}, which line {first} has; keep one of the two");
            self.cx.fault(self.place.line, self.place.path.clone(), message);
        }
    }

    pub(super) fn any_wrong(&self, keys: &[&str]) -> bool {
        self.wrong.iter().any(|wrong| keys.contains(&wrong.as_str()))
    }

    fn within<T>(
        &mut self,
        name: &str,
        start: usize,
        table: &'r DeTable<'r>,
        read: impl Fn(&mut Self) -> T,
    ) -> T {
        let place = Place { line: self.cx.line(start), path: self.path_of(name) };
        let mut inner = Self::new(self.cx, place, table);
        let row = read(&mut inner);
        inner.refuse_unknown();
        row
    }

    /// Every key of the table that no kind has asked for.
    pub(super) fn refuse_unknown(&mut self) {
        let patience = Patience::default();
        for key in self.table.keys().filter(|key| !self.asked.contains(&key.get_ref().as_ref())) {
            let near = nearest(key.get_ref(), self.asked.iter().copied(), &patience);
            let otherwise = format!("the keys here are {}", self.asked.join(", "));
            let message = format!("no such key{}", advice(near, &otherwise));
            let shown = quoted(key.get_ref());
            let bare = key.get_ref().chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            let path = if bare && !key.get_ref().is_empty() { shown.trim_matches('"') } else { &shown };
            self.cx.fault(self.cx.line(key.span().start), self.path_of(path), message);
        }
    }

    fn take(&mut self, key: &'static str) -> Option<&'r Spanned<DeValue<'r>>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.get(key)
    }

    fn expect(&mut self, key: &'static str) {
        if !self.names(key) {
            self.missing(key, "is missing; every row of this table names it".to_owned());
        }
    }

    fn missing(&mut self, key: &str, message: String) {
        self.wrong.push(key.to_owned());
        self.cx.fault(self.place.line, self.path_of(key), message);
    }

    fn fault_at(&mut self, start: usize, key: &str, message: String) {
        self.wrong.push(key.to_owned());
        self.cx.fault(self.cx.line(start), self.path_of(key), message);
    }

    fn path_of(&self, key: &str) -> String {
        if self.place.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place.path) }
    }
}

/// `must be a list, and is a string`.
pub(super) fn wrong_type(right: &str, value: &DeValue<'_>) -> String {
    let found = match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    format!("must be {right}, and is {found}")
}
