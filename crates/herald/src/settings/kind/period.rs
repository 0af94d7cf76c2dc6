//! Lengths of time, written as a number and a unit.

use std::time::Duration;

use super::{Kind, Written};

/// Units with their length in milliseconds, longest first.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A length of time such as `"15m"`, within bounds that are themselves written so.
pub struct Period {
    least: &'static str,
    most: &'static str,
}

impl Period {
    /// From `least` to `most`, both included.
    pub const fn between(least: &'static str, most: &'static str) -> Self {
        Self { least, most }
    }
}

impl Kind for Period {
    type Value = Duration;

    fn takes(&self) -> String {
        format!("a duration such as \"15m\" (units ms, s, m, h, d), from {} to {}", self.least, self.most)
    }

    fn read(&self, written: &Written) -> Option<Duration> {
        let period = parse(written.text()?)?;
        (parse(self.least)? <= period && period <= parse(self.most)?).then_some(period)
    }
}

/// Reads a whole number followed by one of the units.
pub fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let (_, length) = UNITS.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*length).map(Duration::from_millis)
}

/// As it is written: in the longest unit of which it is a whole number.
pub fn show(period: Duration) -> String {
    let millis = period.as_millis();
    let unit = UNITS.iter().find(|(_, length)| millis.is_multiple_of(u128::from(*length)));
    unit.map_or_else(
        || format!("{millis}ms"),
        |(name, length)| format!("{}{name}", millis / u128::from(*length)),
    )
}
