//! The two things a pure rule cannot have of itself. Their real bodies stand in `app::system`.

use std::time::Duration;

use crate::time::Timestamp;

pub trait Clock: Send + Sync {
    /// The wall: what is stored, shown and compared with expiries.
    fn now(&self) -> Timestamp;

    /// Time since an arbitrary start, suspended time included; never goes back. For leases and waits.
    fn monotonic(&self) -> Duration;
}

pub trait Rng: Send + Sync {
    /// Fills `buf` from a cryptographically secure source.
    fn fill(&self, buf: &mut [u8]);
}
