//! The read model (engine.md §4): digest of a presented credential → what it proves, while the feed agrees.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use domain::Timestamp;
use parking_lot::Mutex;
use quick_cache::sync::Cache;
use store::{Feed, Slot};

use super::Principal;
use super::touch::Used;

/// Entries at most; the least used go first.
const ENTRIES: usize = 50_000;
/// Answers that one entry keeps ready.
pub const ANSWERS: usize = 8;

/// A principal and the conditions under which it stands.
pub struct Entry {
    pub principal: Principal,
    /// The feed position applied before the read began.
    as_of: u64,
    slots: Box<[Slot]>,
    valid_until: Timestamp,
    /// When the last use was noted, in microseconds.
    pub(super) noted: AtomicI64,
    /// Bodies that dialects made of it, each by its own index: they live and die with the entry.
    pub answers: [OnceLock<Arc<[u8]>>; ANSWERS],
}

/// Under which conditions an entry counts.
pub(super) struct Terms {
    pub as_of: u64,
    pub slots: Vec<Slot>,
    pub valid_until: Timestamp,
    pub noted: Timestamp,
}

impl Entry {
    pub(super) fn new(principal: Principal, terms: Terms) -> Self {
        Self {
            principal,
            as_of: terms.as_of,
            slots: terms.slots.into_boxed_slice(),
            valid_until: terms.valid_until,
            noted: AtomicI64::new(terms.noted.as_micros()),
            answers: [const { OnceLock::new() }; ANSWERS],
        }
    }

    fn stands(&self, feed: &Feed, now: Timestamp) -> bool {
        now < self.valid_until && feed.unchanged(self.as_of, &self.slots)
    }

    /// Whether a use at `now` is to be noted: once an `interval` (microseconds).
    pub(super) fn notes(&self, now: Timestamp, interval: i64) -> bool {
        let last = self.noted.load(Ordering::Relaxed);
        now.as_micros().saturating_sub(last) >= interval
            && self
                .noted
                .compare_exchange(last, now.as_micros(), Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

pub struct ReadModel {
    cache: Cache<[u8; 32], Arc<Entry>>,
    /// Uses that wait to be written.
    pub(super) used: Mutex<Vec<Used>>,
}

impl ReadModel {
    pub(crate) fn new() -> Self {
        Self { cache: Cache::new(ENTRIES), used: Mutex::new(Vec::new()) }
    }

    pub(super) fn get(&self, digest: &[u8; 32], feed: &Feed, now: Timestamp) -> Option<Arc<Entry>> {
        let entry = self.cache.get(digest)?;
        if entry.stands(feed, now) {
            return Some(entry);
        }
        self.cache.remove(digest);
        None
    }

    pub(super) fn put(&self, digest: [u8; 32], entry: Arc<Entry>) {
        self.cache.insert(digest, entry);
    }

    /// The entry must be read anew: its end has moved.
    pub(super) fn forget(&self, digest: &[u8; 32]) {
        self.cache.remove(digest);
    }

    /// Entries held now.
    pub fn len(&self) -> usize {
        self.cache.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cache.is_empty()
    }
}
