//! The access types of URLs, in the tenant of the credential (akto.md §3.5). Asks for `endpoints:read`.

use std::collections::HashMap;

use domain::endpoint::Endpoint;
use domain::{Permission, TenantId};
use store::endpoints::{AT_ONCE, by_urls};
use store::{ReadTx, StoreError};

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;

/// URLs of one call at most, and rows of one answer.
pub const MOST: usize = 2_000;
const MOST_ROWS: i64 = 2_000;
const _: () = assert!(MOST_ROWS.unsigned_abs() == MOST as u64);

/// Every stored endpoint with one of these URLs, byte for byte, that the caller's roles let him see: in the order in
/// which `urls` first names them, then by collection and method.
///
/// # Errors
/// `Invalid` beyond [`MOST`] URLs.
pub async fn run(ctx: &Ctx, caller: &Caller, urls: Vec<String>) -> Result<Vec<Endpoint>, Failure> {
    let principal = caller.principal();
    authorize(ctx, caller, &Permission::ENDPOINTS_READ, principal.tenant).await?;
    if urls.len() > MOST {
        return Err(Failure::invalid_field("urls", format!("must have at most {MOST} entries")));
    }
    let Some(tenant) = principal.tenant else { return Ok(Vec::new()) };
    let mut rank: HashMap<String, usize> = HashMap::with_capacity(urls.len());
    for (at, url) in urls.into_iter().enumerate() {
        rank.entry(url).or_insert(at);
    }
    let mut wanted: Vec<(usize, String)> = rank.iter().map(|(url, at)| (*at, url.clone())).collect();
    wanted.sort_unstable();
    let seen = principal.authority.collections().map(|mut seen| {
        seen.sort_unstable();
        seen.dedup();
        seen
    });
    let found: Result<Vec<Endpoint>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let (wanted, seen) = (wanted.clone(), seen.clone());
            Box::pin(async move {
                let urls: Vec<&str> = wanted.iter().map(|(_, url)| url.as_str()).collect();
                look_up(tx, tenant, &urls, seen.as_deref()).await
            })
        })
        .await;
    let mut found = found?;
    found.sort_by_cached_key(|endpoint| (rank.get(&endpoint.key.url).copied(), endpoint.key.clone()));
    found.truncate(MOST);
    Ok(found)
}

/// In the order of `urls`, as far as [`MOST`] rows go, and perhaps a few more; of the collections in `seen` alone.
async fn look_up(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    urls: &[&str],
    seen: Option<&[i64]>,
) -> Result<Vec<Endpoint>, StoreError> {
    // What is looked in by one statement each.
    let places: Vec<Option<&[i64]>> =
        seen.map_or_else(|| vec![None], |seen| seen.chunks(AT_ONCE).map(Some).collect());
    let mut found = Vec::new();
    for some in urls.chunks(AT_ONCE) {
        if let Some(rows) = all_of(tx, tenant, (some, &places)).await? {
            found.extend(rows);
        } else {
            // One by one, so that none takes another's place: what is cut of a URL is behind all that can be shown.
            for url in some {
                for place in &places {
                    found.extend(by_urls(tx, tenant, (&[url], *place), MOST_ROWS).await?);
                }
                if found.len() >= MOST {
                    break;
                }
            }
        }
        if found.len() >= MOST {
            break;
        }
    }
    Ok(found)
}

/// `None` where a statement was cut, in the order of keys and not of URLs.
async fn all_of(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    (urls, places): (&[&str], &[Option<&[i64]>]),
) -> Result<Option<Vec<Endpoint>>, StoreError> {
    let mut found = Vec::new();
    for place in places {
        let rows = by_urls(tx, tenant, (urls, *place), MOST_ROWS).await?;
        if rows.len() >= MOST {
            return Ok(None);
        }
        found.extend(rows);
    }
    Ok(Some(found))
}
