//! The read model (engine.md §4): digest of a presented credential → what it proves, while the feed agrees.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use domain::Timestamp;
use parking_lot::Mutex;
use quick_cache::sync::Cache;
use store::{Feed, Slot};

use super::Principal;
use super::touch::Used;
use crate::account::Kept;

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
    /// The one answer that hangs on more than the entry does.
    pub(crate) account: Kept,
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
            account: Kept::default(),
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

#[cfg(test)]
mod tests {
    use domain::credential::{Credential, CredentialKind};
    use domain::decision::Authority;
    use store::{Options, SqliteOptions, Store, StoreError};
    use uuid::Uuid;

    use super::*;
    use crate::principal::Subject;

    const NOW: Timestamp = Timestamp::from_secs(1_000);
    const END: Timestamp = Timestamp::from_secs(2_000);
    const KEY: [u8; 32] = [7; 32];

    fn entry(as_of: u64, subject: Uuid) -> Arc<Entry> {
        let tenant = domain::TenantId::from_uuid(subject);
        let credential = Credential {
            kind: CredentialKind::ApiKey,
            id: subject,
            session: None,
            family: None,
            client: None,
            scopes: None,
            utility: None,
            issued_at: NOW,
            expires_at: None,
        };
        let principal = Principal {
            subject: Subject::Tenant(tenant),
            tenant: Some(tenant),
            cap: None,
            credential,
            authority: Authority::default(),
            signed_in_at: None,
        };
        let slots = vec![Slot::of(subject)];
        Arc::new(Entry::new(principal, Terms { as_of, slots, valid_until: END, noted: NOW }))
    }

    async fn change(store: &Store, subject: Uuid) {
        let told: Result<(), StoreError> = store
            .write(move |tx| {
                Box::pin(async move {
                    tx.changed(subject);
                    Ok(())
                })
            })
            .await;
        told.unwrap();
    }

    /// engine.md §4, step by step: the position is noted, the old state is read, somebody revokes, the old state
    /// is put into the model.
    #[tokio::test]
    async fn what_was_read_before_a_revocation_is_not_used_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::Sqlite(SqliteOptions::at(folder.path().join("herald.db")));
        let store = Store::open(&options).await.unwrap();
        store.migrate(NOW).await.unwrap();
        let (ada, bo) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let model = ReadModel::new();
        let as_of = store.feed().position();
        let read = entry(as_of, ada);
        change(&store, ada).await;
        model.put(KEY, read);
        assert!(model.get(&KEY, store.feed(), NOW).is_none());
        assert!(model.is_empty(), "and is gone");

        model.put(KEY, entry(store.feed().position(), ada));
        change(&store, bo).await;
        assert!(model.get(&KEY, store.feed(), NOW).is_some(), "somebody else's change");
        assert!(model.get(&KEY, store.feed(), END).is_none(), "its own end");

        // Another process revokes between the read and the put; this one hears of it after the put.
        let beside = Store::open(&options).await.unwrap();
        beside.migrate(NOW).await.unwrap();
        let read = entry(store.feed().position(), ada);
        change(&beside, ada).await;
        model.put(KEY, read);
        store.poll_feed(std::time::Duration::from_secs(1)).await.unwrap();
        assert!(model.get(&KEY, store.feed(), NOW).is_none());
    }
}
