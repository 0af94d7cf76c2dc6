//! `GET /v1/endpoints`.

use app::endpoints::list::{Command, run};
use app::tenants::TenantName;
use app::{Failure, FieldFault};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::endpoint::{Key, is_collection, method};
use utoipa::IntoParams;

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::page::{Listed, limit, pairs};
use crate::dialects::native::texts;
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, OfAnyone};
use crate::refusal::Refusal;

/// Characters of a beginning at most.
const MAX_SEARCH: usize = 512;

/// The endpoints of the credential's tenant, by URL, collection and method. Needs `endpoints:read`.
///
/// Whoever holds custom roles that name collections, and administers nothing, sees those alone. A part may hold fewer
/// than `limit`, even none, while `next` says that there is more to look at.
#[utoipa::path(get, path = "", params(Wanted), responses((status = 200, body = Listed<wire::Endpoint>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let part = run(&web.ctx, &caller, read(&query.unwrap_or_default())?).await?;
    let items = part.items.into_iter().map(convert::endpoint).collect();
    Ok(answer(StatusCode::OK, JSON, &Listed { items, next: part.next.as_ref().map(cursor) }))
}

/// How it is asked for, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Wanted {
    #[param(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
    collection: Option<i64>,
    /// Upper case: `GET`.
    #[param(inline, value_type = Option<texts::Method>)]
    method: Option<String>,
    /// How the URL begins, byte for byte.
    #[param(max_length = 512)]
    search: Option<String>,
    /// Key or id; without it, the tenant of the credential.
    tenant: Option<String>,
    /// `next` of the part before.
    after: Option<String>,
    /// Rows at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

fn read(query: &str) -> Result<Command, Failure> {
    let pairs = pairs(query)?;
    let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut faults = Vec::new();
    let mut fault = |field, message: &'static str| faults.push(FieldFault::new(field, message));
    let collection = get("collection").map(|text| text.parse().ok().filter(|n| is_collection(*n)));
    if collection == Some(None) {
        fault("collection", "must be a whole number");
    }
    let wanted = get("method").map(method);
    if wanted == Some(None) {
        fault("method", "must be a method in upper case");
    }
    let after = get("after").map(key);
    if after == Some(None) {
        fault("after", "must be the `next` of an earlier answer");
    }
    let search = get("search").unwrap_or_default();
    if search.chars().count() > MAX_SEARCH {
        fault("search", "must have at most 512 characters");
    }
    let limit = limit(get("limit")).and_then(|limit| usize::try_from(limit).ok());
    if limit.is_none() {
        fault("limit", "must be a whole number from 1 to 200");
    }
    match limit {
        Some(limit) if faults.is_empty() => Ok(Command {
            tenant: get("tenant").map(TenantName::parse),
            collection: collection.flatten(),
            method: wanted.flatten(),
            search: search.to_owned(),
            after: after.flatten(),
            limit,
        }),
        Some(_) | None => Err(Failure::invalid_fields(faults)),
    }
}

/// Where a list goes on, opaque on the wire.
fn cursor(Key { url, collection, method }: &Key) -> String {
    URL_SAFE_NO_PAD.encode(format!("{method} {collection} {url}"))
}

fn key(cursor: &str) -> Option<Key> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (name, rest) = text.split_once(' ')?;
    let (collection, url) = rest.split_once(' ')?;
    let collection = collection.parse().ok().filter(|n| is_collection(*n))?;
    let url = domain::endpoint::url(url).ok()?;
    Some(Key { url: url.to_owned(), collection, method: method(name)?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_nothing_else_does() {
        let at = Key { url: "/a b/ü?x=1 2".into(), collection: -7, method: "GET".into() };
        assert_eq!(key(&cursor(&at)), Some(at));
        for bad in ["", "x", "%00"] {
            assert_eq!(key(bad), None, "{bad}");
        }
        for text in ["GET 1", "get 1 /x", "GET x /x", "GET 1 ", "GET 1 /\0", "GET 9007199254740992 /x"] {
            assert_eq!(key(&URL_SAFE_NO_PAD.encode(text)), None, "{text}");
        }
    }

    #[test]
    fn every_parameter_at_fault_is_named() {
        let failure = read("collection=x&method=get&after=x&limit=0").unwrap_err();
        let named: Vec<_> = failure.fields.iter().map(|fault| &*fault.field).collect();
        assert_eq!(named, ["collection", "method", "after", "limit"]);
        let whole = read("collection=-5&method=PUT&search=%2Fv1%25&limit=2").unwrap();
        assert_eq!((whole.collection, whole.method, whole.limit), (Some(-5), Some("PUT"), 2));
        assert_eq!(whole.search, "/v1%");
    }
}
