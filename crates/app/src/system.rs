//! The real clock and the real source of chance: the one home of both.
//!
//! Everything else takes them as arguments, so that a test can turn the one and repeat the other.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use domain::{Clock, Rng, Timestamp};
use rustix::time::{ClockId, clock_gettime};

/// The machine's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that all others ask")]
    fn now(&self) -> Timestamp {
        // A machine set to a time before 1970 gets 1970.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    /// `CLOCK_BOOTTIME`: a lease must run out while the machine sleeps, too.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that all others ask")]
    fn monotonic(&self) -> Duration {
        let at = clock_gettime(ClockId::Boottime);
        let secs = u64::try_from(at.tv_sec).unwrap_or(0);
        Duration::new(secs, u32::try_from(at.tv_nsec).unwrap_or(0))
    }
}

/// The operating system's cryptographically secure source, by AWS-LC.
#[derive(Clone, Debug)]
pub struct SystemRng(SystemRandom);

impl SystemRng {
    #[expect(clippy::disallowed_methods, reason = "this is the source that all others ask")]
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Default for SystemRng {
    fn default() -> Self {
        Self::new()
    }
}

impl Rng for SystemRng {
    #[expect(
        clippy::expect_used,
        reason = "without chance no secret may be made: there is nothing to go on with"
    )]
    fn fill(&self, buf: &mut [u8]) {
        self.0.fill(buf).expect("the system's source of randomness failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_shows_this_century() {
        let now = SystemClock.now();
        assert!(now > Timestamp::parse("2026-01-01T00:00:00Z").unwrap());
        assert!(now < Timestamp::NEVER);
    }

    #[test]
    fn the_monotonic_clock_goes_on() {
        let start = SystemClock.monotonic();
        assert!(start > Duration::ZERO);
        let mut later = start;
        for _ in 0..1_000_000 {
            later = SystemClock.monotonic();
            assert!(later >= start);
            if later > start {
                break;
            }
        }
        assert!(later > start);
    }

    #[test]
    fn chance_fills_all_and_differs() {
        let rng = SystemRng::new();
        let (mut one, mut two) = ([0_u8; 64], [0_u8; 64]);
        rng.fill(&mut one);
        rng.fill(&mut two);
        assert_ne!(one, two);
        assert_ne!(one[32..], [0; 32]);
        rng.fill(&mut []);
    }
}
