//! Tables that are kept as JSON, and the table of quotas.

use domain::text as rules;
use serde_json::{Map, Number, Value};
use toml::de::{DeTable, DeValue};

use super::super::fields::{Judged, wrong_type};
use super::super::nearest::quoted;
use super::number;

const MAX_JSON: usize = 16 * 1024;
const MAX_NAME: usize = 64;

/// A table as JSON text, keys in the file's order; at most 16 KiB. May be written as JSON, which has words that TOML
/// has not, like null.
pub(in super::super) fn object(value: &DeValue<'_>) -> Judged<String> {
    let json = match value {
        DeValue::Table(table) => members(table)?,
        DeValue::String(text) => written(text)?,
        _ => return Err(wrong_type("a table", value)),
    };
    let json = json.to_string();
    if json.len() > MAX_JSON {
        return Err(format!("has {} bytes as JSON; it may have at most {MAX_JSON}", json.len()));
    }
    Ok(json)
}

/// Name and limit, sorted by name.
pub(in super::super) fn quotas(value: &DeValue<'_>) -> Judged<Vec<(String, i64)>> {
    let table = value.as_table().ok_or_else(|| wrong_type("a table of names and limits", value))?;
    let mut quotas = Vec::with_capacity(table.len());
    for (name, limit) in table {
        let name = name.get_ref();
        rules::name(name, MAX_NAME).map_err(|unfit| format!("the name {} {unfit}", quoted(name)))?;
        let limit =
            number::count(limit.get_ref()).map_err(|why| format!("the limit of {} {why}", quoted(name)))?;
        quotas.push((name.to_string(), limit));
    }
    quotas.sort();
    Ok(quotas)
}

fn written(text: &str) -> Judged<Value> {
    let wrong = || "must be a table, or one JSON object in a text".to_owned();
    let value: Value = serde_json::from_str(text).map_err(|_| wrong())?;
    if holds_nul(&value) {
        return checked("\0").map(Value::String);
    }
    if value.is_object() { Ok(value) } else { Err(wrong()) }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(map) => map.iter().any(|(key, item)| key.contains('\0') || holds_nul(item)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn members(table: &DeTable<'_>) -> Judged<Value> {
    let mut in_order: Vec<_> = table.iter().collect();
    in_order.sort_by_key(|(key, _)| key.span().start);
    let mut map = Map::with_capacity(in_order.len());
    for (key, value) in in_order {
        let name = checked(key.get_ref())?;
        map.insert(name, json(value.get_ref()).map_err(|why| format!("{}: {why}", quoted(key.get_ref())))?);
    }
    Ok(Value::Object(map))
}

fn json(value: &DeValue<'_>) -> Judged<Value> {
    Ok(match value {
        DeValue::String(text) => Value::String(checked(text)?),
        DeValue::Integer(_) => {
            let number = number::any(value).ok_or("must fit 64 bits")?;
            Value::Number(number.into())
        }
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(Number::from_f64);
            Value::Number(number.ok_or("must be a finite number, since JSON has no other")?)
        }
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(at) => Value::String(at.to_string()),
        DeValue::Array(items) => {
            Value::Array(items.iter().map(|item| json(item.get_ref())).collect::<Judged<_>>()?)
        }
        DeValue::Table(table) => members(table)?,
    })
}

fn checked(text: &str) -> Judged<String> {
    if text.contains('\0') {
        Err("must not hold the character U+0000".to_owned())
    } else {
        Ok(text.to_owned())
    }
}
