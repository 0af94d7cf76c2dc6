//! Rules that the inputs of several use cases share; every fault is named at once.

use std::borrow::Cow;

use domain::text;

use crate::failure::{Failure, FieldFault, Kind};

/// Characters of a display name.
pub(crate) const NAME: usize = 256;
/// Characters of a word by which other systems know something.
pub(crate) const WORD: usize = 128;
/// Characters of a description.
pub(crate) const TEXT: usize = 2_048;
/// Bytes of an object that is kept as JSON.
pub(crate) const JSON: usize = 16 * 1024;
/// 2^53 − 1: JavaScript reads these numbers.
pub(crate) const NUMBER: i64 = store::numbers::MAX;

/// What is wrong with an input, field by field.
#[derive(Default)]
pub(crate) struct Faults(Vec<FieldFault>);

impl Faults {
    pub fn add(&mut self, field: &'static str, message: impl Into<Cow<'static, str>>) {
        self.0.push(FieldFault::new(field, message));
    }

    pub fn unless(&mut self, holds: bool, field: &'static str, message: &'static str) {
        if !holds {
            self.add(field, message);
        }
    }

    /// Not empty, at most `max` characters.
    pub fn name(&mut self, field: &'static str, given: &str, max: usize) {
        if let Err(unfit) = text::name(given, max) {
            self.add(field, unfit.to_string());
        }
    }

    /// The same, or empty.
    pub fn optional_name(&mut self, field: &'static str, given: &str, max: usize) {
        if let Err(unfit) = text::optional_name(given, max) {
            self.add(field, unfit.to_string());
        }
    }

    pub fn key(&mut self, field: &'static str, given: &str) {
        let rule = "must be 1 to 64 of a-z, 0-9, - _ and ., beginning with a letter or digit, and no UUID";
        self.unless(text::is_key(given), field, rule);
    }

    /// At most `most` words.
    pub fn words(&mut self, field: &'static str, given: &[String], most: usize) {
        self.count(field, given.len(), most);
        if let Some(unfit) = given.iter().find_map(|word| text::name(word, WORD).err()) {
            self.add(field, format!("a word of it {unfit}"));
        }
    }

    pub fn count(&mut self, field: &'static str, has: usize, most: usize) {
        if has > most {
            self.add(field, format!("must have at most {most} entries"));
        }
    }

    /// # Errors
    /// `Invalid` names every field at fault.
    pub fn done(self) -> Result<(), Failure> {
        if self.0.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(self.0)) }
    }
}

/// Sorted, without repeats.
pub(crate) fn distinct<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}

/// `Conflict` for what another row has.
pub(crate) fn taken(field: &'static str) -> Failure {
    store::StoreError::Conflict { field }.into()
}

/// `Conflict` where a tenant has as many of something as one may have.
pub(crate) fn enough(what: &str) -> Failure {
    Failure::new(Kind::Conflict, "limit_reached", format!("The tenant has as many {what} as one may have."))
}
