//! Moments: TOML's own date and time with an offset, or the same as RFC 3339 text.

use domain::Timestamp;
use toml::de::DeValue;

use super::super::fields::{Judged, wrong_type};
use super::super::nearest::quoted;
use super::text::string;

const EXAMPLE: &str = "2031-01-01T00:00:00Z";

pub(in super::super) fn moment(value: &DeValue<'_>) -> Judged<Timestamp> {
    let written = match value {
        DeValue::Datetime(at) => {
            if at.date.is_none() || at.time.is_none() || at.offset.is_none() {
                return Err(format!("needs date, time and offset; write it like {EXAMPLE}"));
            }
            at.to_string()
        }
        DeValue::String(_) => string(value)?.to_owned(),
        _ => return Err(wrong_type(&format!("a date and time like {EXAMPLE}"), value)),
    };
    Timestamp::parse(&written)
        .ok_or_else(|| format!("{} is no moment; write it like {EXAMPLE}", quoted(&written)))
}
