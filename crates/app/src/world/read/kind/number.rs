//! Integers. None that names something is beyond 2^53 - 1, since clients in JavaScript read them.

use toml::de::DeValue;

use super::super::fields::{Judged, wrong_type};

const MOST: i64 = (1 << 53) - 1;

/// 1 and more: an id or an amount of seconds.
pub(in super::super) fn positive(value: &DeValue<'_>) -> Judged<i64> {
    within(value, (1, MOST), "1 to 9007199254740991")
}

/// 0 and more.
pub(in super::super) fn count(value: &DeValue<'_>) -> Judged<i64> {
    within(value, (0, MOST), "0 to 9007199254740991")
}

/// 0 and more, as far as a column reaches: what was reported is exported, and read back.
pub(in super::super) fn amount(value: &DeValue<'_>) -> Judged<i64> {
    let range = "0 to 9223372036854775807";
    within(value, (0, i64::MAX), range)
}

/// Of either sign: products number their collections as they like.
pub(in super::super) fn whole(value: &DeValue<'_>) -> Judged<i64> {
    within(value, (-MOST, MOST), "-9007199254740991 to 9007199254740991")
}

/// Any integer that fits 64 bits.
pub(super) fn any(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn within(value: &DeValue<'_>, (least, most): (i64, i64), range: &str) -> Judged<i64> {
    if !value.is_integer() {
        return Err(wrong_type("an integer", value));
    }
    let fits = |number: &i64| (least..=most).contains(number);
    any(value).filter(fits).ok_or_else(|| format!("is out of range; it may be {range}"))
}
