//! The right key that comes closest to a wrong one.

use strsim::damerau_levenshtein;

/// What it costs, in edits, when only a part of the key is like what was typed.
const PART: usize = 2;

/// The key closest to `typed`; the first of those equally close. Nothing only when there are no keys.
pub fn nearest<'a>(typed: &str, keys: &'a [String]) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    keys.iter().min_by_key(|key| distance(&typed, key)).map(String::as_str)
}

/// Edits from one to the other. A key with the right name in another table is close too, and so is a key of the
/// table that was meant.
fn distance(typed: &str, key: &str) -> usize {
    let whole = damerau_levenshtein(typed, key);
    let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
    let same_name = damerau_levenshtein(typed.rsplit('.').next().unwrap_or(typed), name) + PART;
    let same_table = if table.is_empty() { whole } else { damerau_levenshtein(typed, table) + PART };
    whole.min(same_name).min(same_table)
}
