//! Between the inventory's JSON and what Herald holds.

use std::borrow::Cow;
use std::net::IpAddr;

use app::endpoints::observe::Observation;
use domain::endpoint::{self, AccessSet, AccessType, Direction, Key, Seen, address};
use domain::text::Unfit;
use serde_json::{Map, Value};

use super::wire;
use crate::dialects::native::named::Named;

pub(super) fn endpoint(endpoint: endpoint::Endpoint) -> wire::Endpoint {
    let Key { url, collection, method } = endpoint.key;
    wire::Endpoint { collection, method, url, access: endpoint.access.names() }
}

/// # Errors
/// The first field at fault.
pub(super) fn read_endpoint(map: &Map<String, Value>) -> Result<endpoint::Endpoint, Named> {
    let key = key(map)?;
    let faulty = || Named("access", "must be a list of PUBLIC, PRIVATE, PARTNER and THIRD_PARTY".into());
    let Some(Value::Array(names)) = map.get("access") else { return Err(faulty()) };
    let access: Option<AccessSet> =
        names.iter().map(|name| AccessType::parse(name.as_str().unwrap_or_default())).collect();
    Ok(endpoint::Endpoint { key, access: access.ok_or_else(faulty)? })
}

/// # Errors
/// The first field at fault.
pub(super) fn read_observation(map: &Map<String, Value>) -> Result<Observation, Named> {
    let key = key(map)?;
    let direction = match map.get("direction").unwrap_or(&Value::Null) {
        Value::Null => Direction::Incoming,
        Value::String(text) if text == "incoming" => Direction::Incoming,
        Value::String(text) if text == "outgoing" => Direction::Outgoing,
        _ => return Err(Named("direction", "must be incoming or outgoing".into())),
    };
    let (source, destination) = (text(map, "source")?, text(map, "destination")?);
    let forwarded = forwarded(map)?;
    let addresses = match direction {
        Direction::Incoming => {
            let said = forwarded.into_iter().flat_map(|list| list.split(','));
            said.chain(source).filter_map(address).collect::<Vec<IpAddr>>()
        }
        Direction::Outgoing => destination.into_iter().filter_map(address).collect(),
    };
    Ok(Observation { key, seen: Seen { direction, addresses } })
}

fn key(map: &Map<String, Value>) -> Result<Key, Named> {
    let collection = map.get("collection").and_then(Value::as_i64).filter(|n| endpoint::is_collection(*n));
    let collection = collection.ok_or_else(|| Named("collection", "must be a whole number".into()))?;
    let method = map.get("method").and_then(Value::as_str).and_then(endpoint::method);
    let method = method
        .ok_or_else(|| Named("method", format!("must be one of {}", endpoint::METHODS.join(", ")).into()))?;
    let url = text(map, "url")?.ok_or_else(|| Named("url", "is required".into()))?;
    let url = endpoint::url(url).map_err(|unfit| {
        let said: Cow<'static, str> = match unfit {
            Unfit::TooLong { max } => format!("must have at most {max} bytes").into(),
            unfit => unfit.to_string().into(),
        };
        Named("url", said)
    })?;
    Ok(Key { url: url.to_owned(), collection, method: method.to_owned() })
}

/// A text that may be absent.
fn text<'m>(map: &'m Map<String, Value>, field: &'static str) -> Result<Option<&'m str>, Named> {
    match map.get(field).unwrap_or(&Value::Null) {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(Named(field, "must be a string".into())),
    }
}

/// The headers by which proxies say for whom they call (akto.md §3.5).
const FORWARDED: [&str; 7] = [
    "x-forwarded-for",
    "x-real-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "x-original-forwarded-for",
    "x-client-ip",
    "client-ip",
];

fn forwarded(map: &Map<String, Value>) -> Result<Vec<&str>, Named> {
    let faulty = || Named("headers", "must be an object of strings, or lists of strings".into());
    let headers = match map.get("headers").unwrap_or(&Value::Null) {
        Value::Null => return Ok(Vec::new()),
        Value::Object(headers) => headers,
        _ => return Err(faulty()),
    };
    let mut values = Vec::new();
    let counts = |name: &str| FORWARDED.iter().any(|known| name.eq_ignore_ascii_case(known));
    for (_, value) in headers.iter().filter(|(name, _)| counts(name)) {
        match value {
            Value::String(text) => values.push(text.as_str()),
            Value::Array(items) => {
                for item in items {
                    values.push(item.as_str().ok_or_else(faulty)?);
                }
            }
            _ => return Err(faulty()),
        }
    }
    Ok(values)
}
