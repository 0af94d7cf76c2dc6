//! `PUT /v1/endpoints`.

use app::endpoints::put::{MOST, run};
use app::{Failure, FieldFault};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::endpoint::Endpoint;
use serde_json::{Map, Value};

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::fields::unknown;
use crate::dialects::native::named::{Named, tenant};
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, Object, OfAnyone};
use crate::refusal::Refusal;

/// Make endpoints, or replace the access types of those that are there: one, or up to 500 as `items`; all or nothing.
/// Needs `endpoints:write`.
#[utoipa::path(put, path = "",
    params(("tenant" = Option<String>, Query, description = "Key or id; without it, the tenant of the credential")),
    request_body = wire::Endpoints, responses((status = 200, body = wire::Written)))]
pub async fn put(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    RawQuery(query): RawQuery,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let tenant = tenant(&query.unwrap_or_default())?;
    let written = run(&web.ctx, &caller, tenant.as_ref(), endpoints(&body.map)?).await?;
    let written =
        wire::Written { created: written.created, changed: written.changed, unchanged: written.unchanged };
    Ok(answer(StatusCode::OK, JSON, &written))
}

fn endpoints(body: &Map<String, Value>) -> Result<Vec<Endpoint>, Failure> {
    let items = match body.get("items") {
        None => {
            refuse(unknown::faults(others(body, FIELDS)))?;
            return Ok(vec![convert::read_endpoint(body)?]);
        }
        Some(Value::Array(items)) if items.len() <= MOST => items,
        Some(Value::Array(_)) => {
            return Err(Failure::invalid_field("items", format!("must have at most {MOST} entries")));
        }
        Some(_) => return Err(Failure::invalid_field("items", "must be a list of endpoints")),
    };
    refuse(unknown::faults(others(body, &["items"])))?;
    items.iter().enumerate().map(|(at, item)| entry(at + 1, item)).collect()
}

/// One of a list, counted from 1.
fn entry(at: usize, item: &Value) -> Result<Endpoint, Failure> {
    let Some(map) = item.as_object() else {
        return Err(Failure::invalid_field("items", format!("entry {at}: must be an object")));
    };
    refuse(unknown::faults_of_entry("items", at, others(map, FIELDS)))?;
    let faulty = |Named(field, message): Named| {
        Failure::invalid_field("items", format!("entry {at}: {field} {message}"))
    };
    convert::read_endpoint(map).map_err(faulty)
}

const FIELDS: &[&str] = &["collection", "method", "url", "access"];

fn others<'b>(map: &'b Map<String, Value>, known: &'static [&str]) -> impl Iterator<Item = &'b String> {
    map.keys().filter(|name| !known.contains(&name.as_str()))
}

fn refuse(faults: Vec<FieldFault>) -> Result<(), Failure> {
    if faults.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(faults)) }
}
