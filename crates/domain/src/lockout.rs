//! Lockout after failed sign-ins: counted per e-mail, known or not (world.md, settings).

use std::time::Duration;

use crate::Timestamp;

/// No lockout is longer.
const LONGEST: Duration = Duration::from_hours(24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Failures within the window that lock out.
    pub attempts: i64,
    pub window: Duration,
    /// Of the first lockout; each further one doubles it.
    pub duration: Duration,
}

/// What is remembered of one address; gone after a success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    pub count: i64,
    pub window_from: Option<Timestamp>,
    pub locked_until: Option<Timestamp>,
    /// Lockouts so far.
    pub lockouts: i64,
}

impl Failures {
    pub fn is_locked_out(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// One more failure. While locked out nothing is counted, so that a lockout ends however often one knocks.
    #[must_use]
    pub fn fail(self, now: Timestamp, policy: &Policy) -> Self {
        if self.is_locked_out(now) {
            return self;
        }
        let open = self.window_from.is_some_and(|from| now.since(from) < policy.window);
        let count = if open { self.count + 1 } else { 1 };
        let window_from = if open { self.window_from } else { Some(now) };
        if count < policy.attempts {
            return Self { count, window_from, ..self };
        }
        let doubled = 2_u32.saturating_pow(u32::try_from(self.lockouts).unwrap_or(u32::MAX));
        let span = policy.duration.saturating_mul(doubled).min(LONGEST);
        Self { count: 0, window_from: None, locked_until: Some(now.plus(span)), lockouts: self.lockouts + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy =
        Policy { attempts: 3, window: Duration::from_mins(15), duration: Duration::from_mins(15) };

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_secs(minutes * 60)
    }

    fn fail(mut state: Failures, minutes: &[i64]) -> Failures {
        for minute in minutes {
            state = state.fail(at(*minute), &POLICY);
        }
        state
    }

    #[test]
    fn locks_at_the_bound_and_doubles() {
        let once = fail(Failures::default(), &[0, 1, 2]);
        assert_eq!(once.locked_until, Some(at(17)));
        let twice = fail(once, &[17, 18, 19]);
        assert_eq!(twice.locked_until, Some(at(19 + 30)));
    }

    #[test]
    fn failures_outside_the_window_do_not_add_up() {
        let spread = fail(Failures::default(), &[0, 14, 16, 30]);
        assert!(!spread.is_locked_out(at(30)));
    }

    #[test]
    fn knocking_does_not_prolong_and_a_day_is_the_most() {
        let locked = fail(Failures::default(), &[0, 0, 0]);
        assert_eq!(locked.fail(at(5), &POLICY), locked);
        let old = Failures { lockouts: 40, ..Failures::default() };
        assert_eq!(fail(old, &[0, 0, 0]).locked_until, Some(at(24 * 60)));
    }
}
