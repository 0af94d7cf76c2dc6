//! `GET /v1/endpoints`.

use app::Failure;
use app::endpoints::list::{Command, run};
use app::tenants::TenantName;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::endpoint::{Key, is_collection, method};
use utoipa::IntoParams;

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::page::{Asked, Listed};
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
    asked: Asked,
) -> Result<Response, Refusal> {
    let mark = asked.mark;
    let part = run(&web.ctx, &caller, read(asked)?).await?;
    let items = part.items.into_iter().map(convert::endpoint).collect();
    let next = part.next.as_ref().map(|key| mark.cursor(place(key).as_bytes()));
    Ok(answer(StatusCode::OK, JSON, &Listed { items, next }))
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

fn read(mut asked: Asked) -> Result<Command, Failure> {
    let whole = |text: &str| text.parse().ok().filter(|n| is_collection(*n));
    let short = |text: &str| (text.chars().count() <= MAX_SEARCH).then(|| text.to_owned());
    let command = Command {
        tenant: asked.text("tenant").map(TenantName::parse),
        collection: asked.get("collection", "must be a whole number", whole),
        method: asked.get("method", "must be a method in upper case", method),
        search: asked.get("search", "must have at most 512 characters", short).unwrap_or_default(),
        after: asked.after(key),
        limit: usize::try_from(asked.limit()).unwrap_or_default(),
    };
    asked.done()?;
    Ok(command)
}

/// Where a list goes on, opaque on the wire.
fn place(Key { url, collection, method }: &Key) -> String {
    format!("{method} {collection} {url}")
}

fn key(place: Vec<u8>) -> Option<Key> {
    let text = String::from_utf8(place).ok()?;
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
        assert_eq!(key(place(&at).into()), Some(at));
        for text in
            ["", "x", "GET 1", "get 1 /x", "GET x /x", "GET 1 ", "GET 1 /\0", "GET 9007199254740992 /x"]
        {
            assert_eq!(key(text.into()), None, "{text}");
        }
        assert_eq!(key(vec![0xff]), None);
    }

    fn read(query: &str) -> Result<Command, Failure> {
        super::read(Asked::of("/v1/endpoints", query)?)
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
