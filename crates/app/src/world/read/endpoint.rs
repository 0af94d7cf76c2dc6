use super::fields::Fields;
use super::nearest::quoted;
use super::{TEXT, distinct, kind};
use crate::world::file::Endpoint;

/// RFC 9110 §9.3 and RFC 5789.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
const ACCESS: &[&str] = &["PUBLIC", "PRIVATE", "PARTNER", "THIRD_PARTY"];

/// `[[endpoint]]`
pub(super) fn read(f: &mut Fields<'_>) -> Endpoint {
    let cx = f.cx;
    let mut row = Endpoint {
        place: f.place.clone(),
        tenant: f.must("tenant", kind::tenant(cx)),
        collection: f.must("collection", kind::whole),
        method: f.must("method", kind::choice(METHODS)),
        url: f.must("url", kind::filled(TEXT)),
        access: distinct(f.must_list("access", kind::choice(ACCESS))),
    };
    row.access.sort();
    let value = format!("{:?}", (&row.tenant, row.collection, &row.method, &row.url));
    f.identity(
        &["tenant", "collection", "method", "url"],
        "endpoint ",
        value,
        &format!("{} {}", row.method, quoted(&row.url)),
    );
    row
}
