//! What is wrong with a world file, and where.

use std::cell::{Cell, RefCell};
use std::fmt;

/// One thing wrong with a file, and what would be right. It never repeats a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// `user[3].membership[0].roles`, rows counted from 0; empty where the file is no TOML at all.
    pub path: String,
    pub message: String,
}

/// Where a row stands in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// `user[3]`.
    pub path: String,
}

impl Place {
    /// A fault of the whole row, for whoever finds one later than the reader.
    pub fn fault(&self, message: impl Into<String>) -> Fault {
        Fault { line: self.line, path: self.path.clone(), message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// The faults found so far.
#[derive(Default)]
pub(super) struct Faults {
    listed: RefCell<Vec<Fault>>,
    unlisted: Cell<usize>,
}

impl Faults {
    /// Nobody reads on after so many, and sixteen megabytes of them would fill the memory.
    const MOST: usize = 10_000;

    pub(super) fn add(&self, fault: Fault) {
        let mut listed = self.listed.borrow_mut();
        if listed.len() < Self::MOST {
            listed.push(fault);
        } else {
            self.unlisted.set(self.unlisted.get() + 1);
        }
    }

    /// Sorted by line; those of one line in the order they were found.
    pub(super) fn into_sorted(self) -> Vec<Fault> {
        let mut listed = self.listed.into_inner();
        listed.sort_by_key(|fault| fault.line);
        if self.unlisted.get() > 0 {
            let line = listed.last().map_or(1, |fault| fault.line);
            let message = format!("and {} more faults; mend the listed ones first", self.unlisted.get());
            listed.push(Fault { line, path: String::new(), message });
        }
        listed
    }
}
