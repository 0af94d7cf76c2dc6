//! What changes in a row, in words, without a secret.

use std::collections::{BTreeSet, HashMap};

use domain::Timestamp;
use domain::endpoint::AccessSet;
use store::Value;
use uuid::Uuid;

use super::step::{Links, Step};

pub(super) struct Change {
    /// The key of the file.
    pub(super) key: &'static str,
    /// `level 4 → 3`.
    pub(super) text: String,
}

/// Characters of a value that are shown.
const MOST: usize = 60;

pub(super) fn changes(step: &Step, shown: &HashMap<Uuid, String>) -> Vec<Change> {
    let Some(before) = &step.before else { return Vec::new() };
    let cells = step.table.columns.iter().zip(before.iter().zip(&step.after));
    let moved = cells.filter(|(_, (before, after))| before != after);
    let mut all: Vec<Change> = moved
        .filter_map(|(column, (before, after))| change(step.table.name, column, (before, after), shown))
        .collect();
    all.extend(step.links.iter().filter(|l| l.before != l.after).map(|links| listed(links, shown)));
    all
}

/// How much of a value is told.
enum Telling {
    /// Follows from another column.
    Nothing,
    /// That there is one.
    Presence,
    Value,
}

fn change(
    table: &str,
    column: &'static str,
    (before, after): (&Value, &Value),
    shown: &HashMap<Uuid, String>,
) -> Option<Change> {
    let (key, telling) = told(table, column);
    let text = match telling {
        Telling::Nothing => return None,
        Telling::Presence => match (before, after) {
            (Value::Null, _) => format!("{key} set"),
            (_, Value::Null) => format!("{key} removed"),
            _ => format!("{key} changed"),
        },
        Telling::Value => format!("{key} {} → {}", value(column, before, shown), value(column, after, shown)),
    };
    Some(Change { key, text })
}

/// The key by which the file names a column, and what may be said of its value.
fn told(table: &str, column: &'static str) -> (&'static str, Telling) {
    match column {
        "updated_at" | "updated_by" | "totp_device_id" | "totp_step" | "secret_bytes" => {
            (column, Telling::Nothing)
        }
        "password_hash" => ("password", Telling::Presence),
        "totp_sealed" => ("totp_secret", Telling::Presence),
        "digest" | "secret_digest" => ("secret", Telling::Presence),
        "sealed" => ("revealable copy", Telling::Presence),
        // An address of a webhook may hold a key; objects are long.
        "url" | "metadata" | "vendor_metadata" => (column, Telling::Presence),
        "user_group" => ("group", Telling::Value),
        "kind" if table == "users" => ("type", Telling::Value),
        "is_operator" => ("operator", Telling::Value),
        "is_default" => ("default", Telling::Value),
        "patterns" => ("permissions", Telling::Value),
        "cap_id" => ("role", Telling::Value),
        "default_tenant_id" => ("default_tenant", Telling::Value),
        "default_site_id" => ("default_site", Telling::Value),
        other => (other, Telling::Value),
    }
}

fn value(column: &str, value: &Value, shown: &HashMap<Uuid, String>) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Int(at) if column.ends_with("_at") => Timestamp::from_micros(*at).rfc3339_secs(),
        Value::Int(bits) if column == "access" => names(*bits),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => cut(&list(text).unwrap_or_else(|| text.clone())),
        Value::Bytes(_) => "…".to_owned(),
        Value::Uuid(id) => name(*id, shown),
    }
}

/// The access types of an endpoint.
fn names(bits: i64) -> String {
    cut(&AccessSet::from_bits(bits).map(AccessSet::names).unwrap_or_default().join(", "))
}

fn list(text: &str) -> Option<String> {
    let items: Vec<serde_json::Value> = serde_json::from_str(text).ok()?;
    let item = |item: &serde_json::Value| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    Some(items.iter().map(item).collect::<Vec<_>>().join(", "))
}

fn listed(links: &Links, shown: &HashMap<Uuid, String>) -> Change {
    let key = links.relation.name;
    let names = |ids: &BTreeSet<Uuid>| {
        let mut names: Vec<String> = ids.iter().map(|id| name(*id, shown)).collect();
        names.sort();
        cut(&names.join(", "))
    };
    Change { key, text: format!("{key} {} → {}", names(&links.before), names(&links.after)) }
}

fn name(id: Uuid, shown: &HashMap<Uuid, String>) -> String {
    shown.get(&id).cloned().unwrap_or_else(|| id.to_string())
}

fn cut(text: &str) -> String {
    if text.is_empty() {
        return "none".to_owned();
    }
    let head: String = text.chars().take(MOST).collect();
    if head.len() < text.len() { format!("{head}…") } else { head }
}
