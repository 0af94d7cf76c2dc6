//! `PUT /v1/endpoints`.

use app::Failure;
use app::endpoints::put::{MOST, run};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::endpoint::Endpoint;
use serde_json::{Map, Value};

use super::{convert, wire};
use crate::dialects::native::Native;
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
        None => return Ok(vec![convert::read_endpoint(body)?]),
        Some(Value::Array(items)) if items.len() <= MOST => items,
        Some(Value::Array(_)) => {
            return Err(Failure::invalid_field("items", format!("must have at most {MOST} entries")));
        }
        Some(_) => return Err(Failure::invalid_field("items", "must be a list of endpoints")),
    };
    let item = |(at, item): (usize, &Value)| {
        let read = item.as_object().map(convert::read_endpoint);
        match read {
            Some(Ok(endpoint)) => Ok(endpoint),
            Some(Err(Named(field, message))) => {
                Err(Failure::invalid_field("items", format!("entry {}: {field} {message}", at + 1)))
            }
            None => Err(Failure::invalid_field("items", format!("entry {}: must be an object", at + 1))),
        }
    };
    items.iter().enumerate().map(item).collect()
}
