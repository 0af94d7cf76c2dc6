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

    /// RFC 3339, UTC, with what there is of a fraction: [`Self::parse`] reads the same moment.
    pub fn rfc3339_exact(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.fZ")
    }

    /// Reads RFC 3339 with any offset, from the year 1 to the end of the year 9999 in UTC; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
        let (civil, offset) = (pieces.date().to_datetime(pieces.time()?), pieces.to_numeric_offset()?);
        let local = i64::try_from(civil.duration_since(EPOCH).as_micros()).ok()?;
        let micros = local - i64::from(offset.seconds()) * 1_000_000;
        (FIRST..=LAST).contains(&micros).then_some(Self(micros))
    }

    fn format(self, pattern: &str) -> String {
        let clamped = self.0.clamp(FIRST, LAST);
        EPOCH.saturating_add(jiff::SignedDuration::from_micros(clamped)).strftime(pattern).to_string()
    }
}

// Instants are civil times in UTC here, since the library's own instants end a day before the year 9999 does.
const EPOCH: jiff::civil::DateTime = jiff::civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// The first microsecond of the year 1.
const FIRST: i64 = -62_135_596_800_000_000;
/// The last microsecond of the year 9999.
const LAST: i64 = Timestamp::NEVER.0 + 999_999;

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
        for micros in [0, 1, 120_000, 1_795_255_200_123_999, Timestamp::NEVER.as_micros()] {
            let at = Timestamp::from_micros(micros);
            assert_eq!(Timestamp::parse(&at.rfc3339_exact()), Some(at), "{}", at.rfc3339_exact());
        }
        assert_eq!(at.rfc3339_exact(), "2026-11-21T10:00:00Z");
    }

    #[test]
    fn reads_the_last_day_of_the_last_year() {
        assert_eq!(Timestamp::parse("9999-12-31T23:59:59Z"), Some(Timestamp::NEVER));
        assert_eq!(Timestamp::parse("9999-12-31T23:59:59.000Z"), Some(Timestamp::NEVER));
        assert_eq!(Timestamp::parse("9999-12-31T21:59:59-02:00"), Some(Timestamp::NEVER));
        let last = Timestamp::from_micros(Timestamp::NEVER.as_micros() + 999_999);
        assert_eq!(Timestamp::parse("9999-12-31T23:59:59.999999Z"), Some(last));
        assert_eq!(Timestamp::parse("9999-12-31T23:59:59-00:01"), None, "after the last year");
        assert_eq!(Timestamp::parse("0001-01-01T00:00:00Z").unwrap().rfc3339_secs(), "0001-01-01T00:00:00Z");
        for early in ["0000-12-31T23:59:59Z", "-000001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01"] {
            assert_eq!(Timestamp::parse(early), None, "{early}: could not be written down again");
        }
        for half in ["9999-12-31", "9999-12-31T23:59:59", "23:59:59Z", "9999-12-32T00:00:00Z"] {
            assert_eq!(Timestamp::parse(half), None, "{half}");
        }
    }

    #[test]
    fn reads_fractions_before_1970_as_it_does_after() {
        assert_eq!(Timestamp::parse("1969-12-31T23:59:59.5Z"), Some(Timestamp::from_micros(-500_000)));
        assert_eq!(Timestamp::parse("1970-01-01T00:00:00.000001Z"), Some(Timestamp::from_micros(1)));
    }
}
