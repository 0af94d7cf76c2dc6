//! One of a few words.

use super::{Kind, Written};

/// One of a few words, each standing for a value.
pub struct OneOf<T: 'static>(pub &'static [(&'static str, T)]);

impl<T: Copy> Kind for OneOf<T> {
    type Value = T;

    fn takes(&self) -> String {
        let words: Vec<_> = self.0.iter().map(|(word, _)| format!("`{word}`")).collect();
        match words.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => words.concat(),
        }
    }

    fn read(&self, written: &Written) -> Option<T> {
        let text = written.text()?.trim();
        self.0.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
    }
}
