//! Refusals of the last minute: the same one, again and again, is written a few times and then counted.

use std::collections::HashMap;
use std::time::Duration;

use domain::TenantId;
use domain::audit::Origin;
use parking_lot::Mutex;
use store::StoreError;
use uuid::Uuid;

use crate::Ctx;
use crate::audit::Event;

/// As long as the last audit row stands for what repeats it.
const WINDOW: Duration = Duration::from_mins(1);
/// Rows of the same refusal within that.
const EACH: u64 = 10;
/// Remembered at most; beyond, each is written.
const REMEMBERED: usize = 10_000;

/// Which credential was refused what (a permission, or why it is barred, and on which route), and where.
pub type Question = (Uuid, String, Option<TenantId>);

/// What this node has written lately. Times are monotonic.
#[derive(Default)]
pub struct Refusals(Mutex<HashMap<Question, Written>>);

#[derive(Clone, Copy)]
struct Written {
    /// Of the last row.
    decision: Uuid,
    /// Of the first one.
    at: Duration,
    rows: u64,
    repeats: u64,
}

/// What is to be done with a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It stands in the trail under this decision.
    Already(Uuid),
    /// To be written; so often did it repeat the row before, unwritten.
    Now { repeats: u64 },
}

impl Refusals {
    /// Notes a refusal under a new `decision`, or finds the one that stands for it.
    pub fn note(&self, question: Question, decision: Uuid, now: Duration) -> Told {
        let mut all = self.0.lock();
        let is_over = |written: &Written| now.saturating_sub(written.at) >= WINDOW;
        if let Some(written) = all.get_mut(&question).filter(|written| !is_over(written)) {
            if written.rows >= EACH {
                written.repeats += 1;
                return Told::Already(written.decision);
            }
            written.rows += 1;
            written.decision = decision;
            return Told::Now { repeats: 0 };
        }
        if all.len() >= REMEMBERED {
            all.retain(|_, written| !is_over(written));
        }
        let repeats = all.remove(&question).map_or(0, |written| written.repeats);
        if all.len() < REMEMBERED {
            all.insert(question, Written { decision, at: now, rows: 1, repeats: 0 });
        }
        Told::Now { repeats }
    }

    /// The row could not be written: the next one is to be.
    pub fn forget(&self, question: &Question) {
        self.0.lock().remove(question);
    }
}

/// Writes the refusal of somebody who is nobody yet, or counts it where as many of its kind came from his address within
/// the minute: nobody fills the trail without a credential.
///
/// # Errors
/// Where it was to be written and was not.
pub(crate) async fn tell(ctx: &Ctx, event: Event, origin: &Origin) -> Result<(), StoreError> {
    let from = origin.ip.as_str();
    let question = (Uuid::nil(), format!("{} {from}", event.action()), None);
    let event = match ctx.refusals.note(question.clone(), Uuid::nil(), ctx.clock.monotonic()) {
        Told::Already(_) => return Ok(()),
        Told::Now { repeats: 0 } => event,
        Told::Now { repeats } => event.also(&format!("{repeats} more from there within a minute")),
    };
    let written: Result<(), StoreError> = ctx
        .store
        .write(move |tx| {
            let event = event.clone();
            Box::pin(async move { event.write(tx).await })
        })
        .await;
    if written.is_err() {
        ctx.refusals.forget(&question);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(number: usize) -> Question {
        (Uuid::from_u128(number as u128), "users:write".into(), None)
    }

    #[test]
    fn the_last_row_stands_for_the_rest_of_a_minute() {
        let refusals = Refusals::default();
        let (first, second) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let note = |decision, secs| refusals.note(question(1), decision, Duration::from_secs(secs));
        for _ in 1..EACH {
            assert_eq!(note(Uuid::nil(), 100), Told::Now { repeats: 0 });
        }
        assert_eq!(note(first, 130), Told::Now { repeats: 0 });
        assert_eq!([note(second, 130), note(second, 159)], [Told::Already(first); 2]);
        let other = (question(1).0, "users:read".into(), None);
        assert_eq!(refusals.note(other, second, Duration::from_secs(159)), Told::Now { repeats: 0 });
        assert_eq!(note(second, 160), Told::Now { repeats: 2 });
        assert_eq!(note(first, 161), Told::Now { repeats: 0 }, "a minute of its own");
        refusals.forget(&question(1));
        assert_eq!(note(first, 220), Told::Now { repeats: 0 });
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let refusals = Refusals::default();
        let at = Duration::from_secs(1);
        for number in 0..REMEMBERED + 5 {
            assert_eq!(refusals.note(question(number), Uuid::nil(), at), Told::Now { repeats: 0 });
        }
        assert_eq!(refusals.0.lock().len(), REMEMBERED);
        let crowded = refusals.note(question(REMEMBERED + 1), Uuid::nil(), at);
        assert_eq!(crowded, Told::Now { repeats: 0 }, "each is written");
        refusals.note(question(1), Uuid::nil(), at + WINDOW);
        refusals.note(question(REMEMBERED + 1), Uuid::nil(), at + WINDOW);
        assert_eq!(refusals.0.lock().len(), 2, "those of a minute ago went");
    }
}
