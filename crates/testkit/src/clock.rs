//! A clock that a test turns.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use domain::{Clock, Timestamp};

/// When every test begins: 2026-11-24T08:00:00Z.
pub const START: Timestamp = Timestamp::from_secs(1_795_507_200);

/// Both sides stand still until they are moved.
#[derive(Debug)]
pub struct FakeClock {
    wall: AtomicI64,
    monotonic: AtomicU64,
}

impl FakeClock {
    pub fn new() -> Self {
        // Not zero: the monotonic side of a machine never is.
        let running = nanos(hours(1));
        Self { wall: AtomicI64::new(START.as_micros()), monotonic: AtomicU64::new(running) }
    }

    /// Moves wall and monotonic time.
    pub fn advance(&self, span: Duration) {
        let micros = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        self.wall.fetch_add(micros, Ordering::SeqCst);
        self.monotonic.fetch_add(nanos(span), Ordering::SeqCst);
    }

    /// Sets the wall alone, as an operator or a time server does.
    pub fn set_wall(&self, at: Timestamp) {
        self.wall.store(at.as_micros(), Ordering::SeqCst);
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.wall.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_nanos(self.monotonic.load(Ordering::SeqCst))
    }
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

pub const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

pub const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

pub const fn hours(count: u64) -> Duration {
    minutes(count * 60)
}

pub const fn days(count: u64) -> Duration {
    hours(count * 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_where_the_documentation_says_and_moves_both_sides() {
        let clock = FakeClock::new();
        assert_eq!(clock.now().rfc3339_secs(), "2026-11-24T08:00:00Z");
        let before = clock.monotonic();
        clock.advance(minutes(16));
        assert_eq!(clock.now().rfc3339_secs(), "2026-11-24T08:16:00Z");
        assert_eq!(clock.monotonic(), before + minutes(16));
        clock.set_wall(START);
        assert_eq!(clock.monotonic(), before + minutes(16), "the wall alone was set back");
    }
}
