//! Between what agents did as JSON and what Herald holds.

use domain::Timestamp;
use domain::activity::{Activity, Harm, MAX_REASON, MAX_WORD, Tally};
use serde_json::{Map, Value};

use super::wire;
use crate::dialects::native::named::Named;

pub(super) fn device(agent: String, device: String, tally: Tally) -> wire::Deeds {
    wire::Deeds {
        agent,
        device,
        dominant_topics: tally.dominant().into_iter().map(str::to_owned).collect(),
        user: tally.user,
        input_tokens: tally.input_tokens,
        output_tokens: tally.output_tokens,
        topics: tally.topics,
        harmful: tally.harms.into_iter().map(|(category, one)| (category, harm(one))).collect(),
        as_other: tally.as_other,
        updated_at: tally.newest.0.rfc3339_millis(),
    }
}

fn harm(Harm { count, newest, reason }: Harm) -> wire::Harm {
    wire::Harm { count, last_seen_at: newest.0.rfc3339_millis(), last_reason: reason }
}

/// The activity, and the moment that it tells of.
///
/// # Errors
/// The first field at fault.
pub(super) fn read(map: &Map<String, Value>) -> Result<(Activity, Option<Timestamp>), Named> {
    let at = text(map, "at", MAX_WORD)?;
    let at =
        at.map(|at| Timestamp::parse(at).ok_or_else(|| Named("at", "must be a moment of RFC 3339".into())));
    let word = |field| text(map, field, MAX_WORD).map(|word| word.map(str::to_owned));
    let activity = Activity {
        agent: must(map, "agent")?,
        device: must(map, "device")?,
        user: must(map, "user")?,
        domain: word("domain")?,
        topic: word("topic")?,
        input_tokens: count(map, "input_tokens")?,
        output_tokens: count(map, "output_tokens")?,
        harmful: word("harmful")?,
        reason: text(map, "reason", MAX_REASON)?.map(str::to_owned),
        at: Timestamp::from_micros(0),
        received: 0,
    };
    Ok((activity, at.transpose()?))
}

/// Without the blanks around it, by which nobody could ask for it.
fn must(map: &Map<String, Value>, field: &'static str) -> Result<String, Named> {
    let word = text(map, field, MAX_WORD)?;
    word.map(|word| word.trim().to_owned()).ok_or_else(|| Named(field, "is required".into()))
}

/// A blank one counts as absent.
fn text<'m>(map: &'m Map<String, Value>, field: &'static str, max: usize) -> Result<Option<&'m str>, Named> {
    let text = match map.get(field).unwrap_or(&Value::Null) {
        Value::Null => return Ok(None),
        Value::String(text) => text.as_str(),
        _ => return Err(Named(field, "must be a string".into())),
    };
    domain::text::optional_name(text, max).map_err(|unfit| Named(field, unfit.to_string().into()))?;
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

fn count(map: &Map<String, Value>, field: &'static str) -> Result<Option<i64>, Named> {
    match map.get(field).unwrap_or(&Value::Null) {
        Value::Null => Ok(None),
        value => match value.as_i64().filter(|count| *count >= 0) {
            Some(count) => Ok(Some(count)),
            None => Err(Named(field, "must be a whole number from 0 to 9223372036854775807".into())),
        },
    }
}
