//! Instants, as every table and every rule of Herald holds them.

use std::time::Duration;

/// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 9999-12-31T23:59:59Z: "never" for the dialects that must name a moment.
    pub const NEVER: Self = Self(253_402_300_799_000_000);

    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds, rounded down.
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds, rounded down.
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)))
    }

    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)))
    }

    /// The time from `earlier` to `self`; zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339, UTC, three fraction digits: `2026-11-22T08:00:00.000Z`.
    pub fn rfc3339_millis(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.3fZ")
    }

    /// RFC 3339, UTC, whole seconds: `2026-11-22T08:00:00Z`.
    pub fn rfc3339_secs(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%SZ")
    }

    /// Reads RFC 3339 with any offset; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|at| Self(at.as_microsecond()))
    }

    fn format(self, pattern: &str) -> String {
        // Civil arithmetic, since the library's own instants end a day before the year does.
        let clamped = self.0.clamp(-62_135_596_800_000_000, Self::NEVER.0 + 999_999);
        let epoch = jiff::civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        epoch.saturating_add(jiff::SignedDuration::from_micros(clamped)).strftime(pattern).to_string()
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_utc_with_milliseconds() {
        let at = Timestamp::from_micros(1_795_255_200_123_999);
        assert_eq!(at.rfc3339_millis(), "2026-11-21T10:00:00.123Z");
        assert_eq!(at.rfc3339_secs(), "2026-11-21T10:00:00Z");
        assert_eq!(Timestamp::NEVER.rfc3339_millis(), "9999-12-31T23:59:59.000Z");
        assert_eq!(Timestamp::from_micros(i64::MAX).rfc3339_secs(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn reads_what_it_prints() {
        let at = Timestamp::from_secs(1_795_255_200);
        assert_eq!(Timestamp::parse(&at.rfc3339_millis()), Some(at));
        assert_eq!(Timestamp::parse("2026-11-21T12:00:00+02:00"), Some(at));
        assert_eq!(Timestamp::parse("yesterday"), None);
    }
}
