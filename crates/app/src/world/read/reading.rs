//! What every part of the reader shares while one file is read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::faults::{Fault, Faults};
use super::super::{Known, PasswordLimits};
use super::names::Names;

pub(super) struct Reading<'r> {
    pub(super) limits: &'r PasswordLimits,
    pub(super) known: &'r dyn Known,
    /// What the file itself declares.
    pub(super) names: Names,
    lines: Lines,
    faults: Faults,
    /// What may stand in the file once only, and the line it stands on.
    seen: RefCell<HashMap<(&'static str, String), usize>>,
}

impl<'r> Reading<'r> {
    pub(super) fn new(text: &str, names: Names, limits: &'r PasswordLimits, known: &'r dyn Known) -> Self {
        let (faults, seen) = (Faults::default(), RefCell::default());
        Self { limits, known, names, lines: Lines::of(text), faults, seen }
    }

    /// The line, from 1, of a byte of the file.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.lines.at(byte)
    }

    pub(super) fn fault(&self, line: usize, path: String, message: String) {
        self.faults.add(Fault { line, path, message });
    }

    /// Notes that something stands on a line; gives the line where it stood before.
    pub(super) fn stood_before(&self, what: &'static str, value: String, line: usize) -> Option<usize> {
        match self.seen.borrow_mut().entry((what, value)) {
            Entry::Occupied(entry) => Some(*entry.get()),
            Entry::Vacant(entry) => {
                entry.insert(line);
                None
            }
        }
    }

    /// The line of what was noted before, without noting anything.
    pub(super) fn line_of(&self, what: &'static str, value: &str) -> Option<usize> {
        self.seen.borrow().get(&(what, value.to_owned())).copied()
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults.into_sorted()
    }
}

/// Where each line begins.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1).collect())
    }

    pub(super) fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|start| *start <= byte) + 1
    }
}
