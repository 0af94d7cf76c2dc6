//! How a list is asked for: its parameters, read one by one, so that one refusal names every one at fault.

use app::{Failure, FieldFault};
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;

use super::mark::Mark;
use super::{DEFAULT, MOST, pairs};
use crate::refusal::Refusal;
use crate::state::State;

pub struct Asked {
    pairs: Vec<(String, String)>,
    faults: Vec<FieldFault>,
    /// The list's.
    pub mark: Mark,
}

impl Asked {
    /// # Errors
    /// `Invalid` with code `invalid_query` where it cannot be read, or names a parameter twice.
    pub fn of(route: &str, query: &str) -> Result<Self, Failure> {
        Ok(Self { pairs: pairs(query)?, faults: Vec::new(), mark: Mark::of(route) })
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What `parse` makes of it, where it is given.
    pub fn get<T>(
        &mut self,
        name: &'static str,
        rule: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = parse(self.text(name)?);
        if value.is_none() {
            self.fault(name, rule);
        }
        value
    }

    /// `?limit=`: 1 to 200, 50 where none is given.
    pub fn limit(&mut self) -> i64 {
        let bounded = |text: &str| text.parse().ok().filter(|n| (1..=MOST).contains(n));
        self.get("limit", "must be a whole number from 1 to 200", bounded).unwrap_or(DEFAULT)
    }

    /// `?after=`: what `read` makes of the place of one of this list's cursors.
    pub fn after<T>(&mut self, read: impl FnOnce(Vec<u8>) -> Option<T>) -> Option<T> {
        let mark = self.mark;
        self.get("after", "must be the `next` of an earlier answer of this list", |text| {
            read(mark.place(text)?)
        })
    }

    pub fn fault(&mut self, name: &'static str, rule: &'static str) {
        self.faults.push(FieldFault::new(name, rule));
    }

    /// # Errors
    /// `Invalid` names every parameter at fault.
    pub fn done(self) -> Result<(), Failure> {
        if self.faults.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(self.faults)) }
    }
}

impl FromRequestParts<State> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Refusal> {
        let route = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        Self::of(route, parts.uri.query().unwrap_or_default()).map_err(Refusal::from)
    }
}
