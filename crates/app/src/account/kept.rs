//! The last answer made of an entry of the read model, as long as it stands.

use std::sync::Arc;

use domain::Timestamp;
use parking_lot::Mutex;
use store::{Feed, Slot};
use uuid::Uuid;

/// Longer answers (somebody with dozens of open sessions) are made anew each time: fifty thousand entries must not
/// hold gigabytes. In bytes.
const LONGEST: usize = 8 * 1024;

/// Empty at first. What changes the entry itself takes the entry away, and this with it.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<Body>>);

struct Body {
    bytes: Arc<[u8]>,
    /// The feed position before it was read.
    as_of: u64,
    slots: Box<[Slot]>,
    valid_until: Timestamp,
}

impl Kept {
    pub(super) fn get(&self, feed: &Feed, now: Timestamp) -> Option<Arc<[u8]>> {
        let held = self.0.lock();
        let body = held.as_ref()?;
        let stands = now < body.valid_until && feed.unchanged(body.as_of, &body.slots);
        stands.then(|| Arc::clone(&body.bytes))
    }

    pub(super) fn put(&self, bytes: &Arc<[u8]>, as_of: u64, subjects: &[Uuid], valid_until: Timestamp) {
        if bytes.len() > LONGEST {
            return;
        }
        let slots = subjects.iter().copied().map(Slot::of).collect();
        *self.0.lock() = Some(Body { bytes: Arc::clone(bytes), as_of, slots, valid_until });
    }
}
