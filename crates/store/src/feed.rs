//! The change feed: numbered in the order of commit, so that every node can drop what it has cached.
//!
//! engine.md §4 and §5: a slot per hashed id holds the last number that touched it; an entry of the read model
//! that was read at `as_of` counts only while all its slots are at most that.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use uuid::Uuid;

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "feed";
    HEAD_NEXT = "UPDATE feed_head SET n = n + 1 WHERE id = 1 RETURNING n";
    HEAD = "SELECT n FROM feed_head WHERE id = 1";
    ADD = "INSERT INTO feed (n, subject) VALUES ($1, $2)";
    AFTER = "SELECT n, subject FROM feed WHERE n > $1 ORDER BY n, subject LIMIT $2";
    OLDEST = "SELECT n FROM feed ORDER BY n LIMIT 1";
}

/// The subject under which changes of the permission catalogue are fed: everybody's answers may hang on it.
pub const CATALOGUE: Uuid = Uuid::nil();

const SLOTS: usize = 65_536;
const PAGE: i64 = 4_096;

/// What this node has heard.
pub struct Feed {
    slots: Box<[AtomicU64]>,
    /// All numbers up to here are in the slots.
    applied: AtomicU64,
    /// Entries read before this position count no more, whatever their slots say.
    floor: AtomicU64,
    /// Monotonic nanoseconds, taken before the poll that succeeded last; 0: never.
    heard_at: AtomicU64,
}

/// A slot number, to be kept with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(u16);

impl Slot {
    pub fn of(subject: Uuid) -> Self {
        // v7 ids differ in their last bytes, v5 ids everywhere; folding serves both.
        let folded = subject.as_u128() ^ (subject.as_u128() >> 64);
        let folded = folded ^ (folded >> 32);
        Self(u16::try_from((folded ^ (folded >> 16)) & 0xFFFF).unwrap_or(0))
    }
}

impl Feed {
    pub(crate) fn new() -> Self {
        Self {
            slots: (0..SLOTS).map(|_| AtomicU64::new(0)).collect(),
            applied: AtomicU64::new(0),
            floor: AtomicU64::new(0),
            heard_at: AtomicU64::new(0),
        }
    }

    /// The position to note *before* a read whose result shall be cached.
    pub fn position(&self) -> u64 {
        self.applied.load(Ordering::Acquire)
    }

    /// Whether what was read at `as_of` and hangs on `slots` still stands.
    pub fn unchanged(&self, as_of: u64, slots: &[Slot]) -> bool {
        self.floor.load(Ordering::Acquire) <= as_of
            && slots.iter().all(|slot| self.slot(*slot).is_none_or(|s| s.load(Ordering::Acquire) <= as_of))
    }

    /// Whether the feed was heard within `bound` of `monotonic`: else the store must be asked.
    pub fn is_fresh(&self, monotonic: Duration, bound: Duration) -> bool {
        let heard = self.heard_at.load(Ordering::Acquire);
        heard != 0 && nanos(monotonic).saturating_sub(heard) <= nanos(bound)
    }

    /// After a commit on this node, before its answer goes out.
    pub(crate) fn committed(&self, number: u64, subjects: &[Uuid]) {
        self.touch(number, subjects);
        // With a gap, another process's numbers are still unheard: the next poll closes it.
        let _gap = self.applied.compare_exchange(number - 1, number, Ordering::AcqRel, Ordering::Acquire);
    }

    /// What a poll brought; `polled_at` was taken before it was sent.
    pub(crate) fn heard(&self, page: &Page, polled_at: Duration) {
        for (number, subject) in &page.changes {
            self.touch(*number, std::slice::from_ref(subject));
        }
        if page.gap {
            self.floor.fetch_max(page.upto, Ordering::AcqRel);
        }
        self.applied.fetch_max(page.upto, Ordering::AcqRel);
        if page.complete {
            self.heard_at.fetch_max(nanos(polled_at), Ordering::AcqRel);
        }
    }

    /// A poll that found nothing new.
    pub(crate) fn quiet(&self, polled_at: Duration) {
        self.heard_at.fetch_max(nanos(polled_at), Ordering::AcqRel);
    }

    /// At start: nothing is cached, so nothing before `head` matters.
    pub(crate) fn begin(&self, head: u64) {
        self.applied.fetch_max(head, Ordering::AcqRel);
        self.floor.fetch_max(head, Ordering::AcqRel);
    }

    fn touch(&self, number: u64, subjects: &[Uuid]) {
        for subject in subjects {
            if let Some(slot) = self.slot(Slot::of(*subject)) {
                slot.fetch_max(number, Ordering::AcqRel);
            }
        }
    }

    fn slot(&self, slot: Slot) -> Option<&AtomicU64> {
        self.slots.get(usize::from(slot.0))
    }
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// Numbers after a position.
pub(crate) struct Page {
    pub changes: Vec<(u64, Uuid)>,
    /// The last number that this page covers.
    pub upto: u64,
    /// Nothing more waits behind it.
    pub complete: bool,
    /// Numbers were swept away unheard, or hold more than a page: nothing read before `upto` counts.
    pub gap: bool,
}

/// The last statement of a transaction that changed something cached: takes the number.
pub(crate) async fn number(tx: &mut WriteTx<'_>) -> Result<Option<(u64, Vec<Uuid>)>, StoreError> {
    if tx.changed.is_empty() {
        return Ok(None);
    }
    let mut subjects = std::mem::take(&mut tx.changed);
    subjects.sort_unstable();
    subjects.dedup();
    let Some(mut row) = tx.row(&HEAD_NEXT, &[]).await? else {
        return Err(StoreError::Corrupt { table: "feed_head", column: "n" });
    };
    let number: i64 = row.take("n")?;
    for subject in &subjects {
        tx.run(&ADD, params![number, *subject]).await?;
    }
    Ok(Some((position(number), subjects)))
}

pub(crate) async fn head(tx: &mut ReadTx<'_>) -> Result<u64, StoreError> {
    let row = tx.row(&HEAD, &[]).await?;
    let mut row = row.ok_or(StoreError::Corrupt { table: "feed_head", column: "n" })?;
    Ok(position(row.take("n")?))
}

pub(crate) async fn after(tx: &mut ReadTx<'_>, from: u64) -> Result<Page, StoreError> {
    let start = i64::try_from(from).unwrap_or(i64::MAX);
    let change = |mut row: Row| Ok((position(row.take("n")?), row.take("subject")?));
    let mut changes: Vec<(u64, Uuid)> = tx.list(&AFTER, params![start, PAGE], change).await?;
    let head = head(tx).await?;
    let complete = i64::try_from(changes.len()).unwrap_or(PAGE) < PAGE;
    let swept = match tx.row(&OLDEST, &[]).await? {
        Some(mut row) => position(row.take("n")?) > from + 1 && head > from,
        None => head > from,
    };
    let last = changes.last().map_or(head, |(last, _)| *last);
    // One number may have more subjects than a page: it is then about everybody, and the next page begins behind it.
    let endless = !complete && changes.first().is_some_and(|(first, _)| *first == last);
    let upto = match (complete, endless) {
        (true, _) => head,
        (false, true) => last,
        // The last number of a full page may go on behind it: it is read again.
        (false, false) => last - 1,
    };
    changes.retain(|(number, _)| *number > from);
    Ok(Page { changes, upto, complete, gap: swept || endless })
}

fn position(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_counts_no_more() {
        let feed = Feed::new();
        let (ada, bo) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let slots = [Slot::of(ada)];
        assert!(feed.unchanged(0, &slots));
        feed.committed(1, &[ada]);
        assert!(!feed.unchanged(0, &slots));
        assert!(feed.unchanged(feed.position(), &slots));
        feed.committed(2, &[bo]);
        assert!(feed.unchanged(1, &slots));
    }

    #[test]
    fn a_gap_left_by_another_process_is_not_skipped() {
        let feed = Feed::new();
        feed.committed(2, &[Uuid::from_u128(2)]);
        assert_eq!(feed.position(), 0, "number 1 is unheard");
        let ada = Uuid::from_u128(1);
        let page =
            Page { changes: vec![(1, ada), (2, Uuid::from_u128(2))], upto: 2, complete: true, gap: false };
        feed.heard(&page, Duration::from_secs(1));
        assert_eq!(feed.position(), 2);
        assert!(!feed.unchanged(0, &[Slot::of(ada)]));
    }

    #[test]
    fn swept_numbers_empty_the_model() {
        let feed = Feed::new();
        let page = Page { changes: vec![], upto: 9, complete: true, gap: true };
        feed.heard(&page, Duration::from_secs(1));
        assert!(!feed.unchanged(8, &[]));
        assert!(feed.unchanged(9, &[]));
    }

    #[test]
    fn freshness_is_counted_from_before_the_poll() {
        let feed = Feed::new();
        let bound = Duration::from_secs(1);
        assert!(!feed.is_fresh(Duration::from_millis(1), bound), "never heard");
        feed.quiet(Duration::from_secs(5));
        assert!(feed.is_fresh(Duration::from_secs(6), bound));
        assert!(!feed.is_fresh(Duration::from_millis(6_001), bound));
    }
}
