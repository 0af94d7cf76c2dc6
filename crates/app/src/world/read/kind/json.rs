//! Tables that are kept as JSON, and the table of quotas.

use domain::text as rules;
use serde_json::{Map, Number, Value};
use toml::de::{DeTable, DeValue};

use super::super::fields::{Judged, wrong_type};
use super::super::nearest::quoted;
use super::number;

const MAX_JSON: usize = 16 * 1024;
const MAX_NAME: usize = 64;

/// A table as JSON text, keys in the file's order; at most 16 KiB.
pub(in super::super) fn object(value: &DeValue<'_>) -> Judged<String> {
    let table = value.as_table().ok_or_else(|| wrong_type("a table", value))?;
    let json = members(table)?.to_string();
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
