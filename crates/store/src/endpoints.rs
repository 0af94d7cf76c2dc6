//! The endpoint inventory of a tenant.

pub(crate) mod write;

use domain::TenantId;
use domain::endpoint::{Endpoint, Key};

pub use write::{Manner, Written, write};

use crate::db::{Param, ReadTx, Row, params, statements};
use crate::error::StoreError;

/// URLs that one statement looks up, and collections that it looks in.
pub const AT_ONCE: usize = 32;

macro_rules! urls {
    () => {
        "e.url IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)"
    };
}
macro_rules! collections {
    () => {
        "e.collection IN ($34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, \
         $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65)"
    };
}

macro_rules! select {
    ($($rest:expr),*) => {
        concat!("SELECT e.url, e.collection, e.method, e.access FROM endpoints e WHERE e.tenant_id = $1 AND ",
            $($rest),*)
    };
}
statements! { "endpoints";
    BY_URLS = select!(urls!(), " ORDER BY e.url, e.collection, e.method LIMIT $34");
    BY_URLS_WITHIN = select!(urls!(), " AND ", collections!(),
        " ORDER BY e.url, e.collection, e.method LIMIT $66");
    PAGE = select!("(e.url, e.collection, e.method) > ($2, $3, $4) \
        ORDER BY e.url, e.collection, e.method LIMIT $5");
    PAGE_BELOW = select!("(e.url, e.collection, e.method) > ($2, $3, $4) AND e.url < $6 \
        ORDER BY e.url, e.collection, e.method LIMIT $5");
    OF_COLLECTION = select!("e.collection = $2 AND (e.url, e.method) > ($3, $4) \
        ORDER BY e.url, e.method LIMIT $5");
    OF_COLLECTION_BELOW = select!("e.collection = $2 AND (e.url, e.method) > ($3, $4) AND e.url < $6 \
        ORDER BY e.url, e.method LIMIT $5");
}

/// Those with one of the first [`AT_ONCE`] of these URLs, in the order of keys, `limit` at most. `within`: of the
/// first [`AT_ONCE`] of these collections alone; `None`: of all, and `[]`: of none.
pub async fn by_urls(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    (urls, within): (&[&str], Option<&[i64]>),
    limit: i64,
) -> Result<Vec<Endpoint>, StoreError> {
    let mut row = vec![Param::from(tenant)];
    let Some(urls) = filled(urls) else { return Ok(Vec::new()) };
    row.extend(urls.map(Param::from));
    let statement = match within.map(filled) {
        None => &BY_URLS,
        Some(None) => return Ok(Vec::new()),
        Some(Some(within)) => {
            row.extend(within.map(Param::from));
            &BY_URLS_WITHIN
        }
    };
    row.push(limit.into());
    tx.list(statement, &row, read).await
}

/// As many as a statement has places: one without a value of its own repeats the last one.
fn filled<T: Copy>(some: &[T]) -> Option<impl Iterator<Item = T>> {
    let last = *some.last()?;
    Some((0..AT_ONCE).map(move |at| some.get(at).copied().unwrap_or(last)))
}

/// A part of a tenant's inventory.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub collection: Option<i64>,
    /// Behind this one.
    pub after: Option<Key>,
    /// Of URLs that begin like this; `""`: of all.
    pub prefix: String,
    pub limit: i64,
}

/// In the order of keys.
pub async fn page(tx: &mut ReadTx<'_>, tenant: TenantId, part: &Part) -> Result<Vec<Endpoint>, StoreError> {
    // No row has this collection, so the first of the prefix is behind it.
    let first = Key { url: part.prefix.clone(), collection: i64::MIN, method: String::new() };
    let Key { url, collection, method } = part.after.as_ref().unwrap_or(&first);
    let (limit, below) = (part.limit, above(&part.prefix));
    match (part.collection, below) {
        (None, None) => tx.list(&PAGE, params![tenant, url, *collection, method, limit], read).await,
        (None, Some(below)) => {
            tx.list(&PAGE_BELOW, params![tenant, url, *collection, method, limit, below], read).await
        }
        (Some(of), None) => tx.list(&OF_COLLECTION, params![tenant, of, url, method, limit], read).await,
        (Some(of), Some(below)) => {
            tx.list(&OF_COLLECTION_BELOW, params![tenant, of, url, method, limit, below], read).await
        }
    }
}

/// The least text above all that begin like this; `None` where there is none.
fn above(prefix: &str) -> Option<String> {
    let mut stem = prefix.to_owned();
    while let Some(last) = stem.pop() {
        let next = if last == '\u{D7FF}' { Some('\u{E000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            stem.push(next);
            return Some(stem);
        }
    }
    None
}

fn read(mut row: Row) -> Result<Endpoint, StoreError> {
    let key = Key { url: row.take("url")?, collection: row.take("collection")?, method: row.take("method")? };
    Ok(Endpoint { key, access: row.take("access")? })
}

#[cfg(test)]
mod tests {
    use super::above;

    #[test]
    fn the_end_of_a_range_is_the_next_text() {
        for (prefix, end) in [
            ("/v1", Some("/v2")),
            ("a\u{10FFFF}", Some("b")),
            ("\u{10FFFF}\u{10FFFF}", None),
            ("", None),
            ("\u{D7FF}", Some("\u{E000}")),
            ("ß", Some("à")),
        ] {
            assert_eq!(above(prefix).as_deref(), end, "{prefix:?}");
        }
    }
}
