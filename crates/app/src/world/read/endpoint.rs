use domain::endpoint::{AccessType, METHODS};

use super::fields::Fields;
use super::kind;
use super::nearest::quoted;
use crate::world::file::Endpoint;

const ACCESS: &[&str] = &["PUBLIC", "PRIVATE", "PARTNER", "THIRD_PARTY"];

/// `[[endpoint]]`
pub(super) fn read(f: &mut Fields<'_>) -> Endpoint {
    let cx = f.cx;
    let row = Endpoint {
        place: f.place.clone(),
        tenant: f.must("tenant", kind::tenant(cx)),
        collection: f.must("collection", kind::whole),
        method: f.must("method", kind::choice(METHODS)),
        url: f.must("url", kind::endpoint_url),
        access: f
            .must_list("access", kind::choice(ACCESS))
            .iter()
            .filter_map(|name| AccessType::parse(name))
            .collect(),
    };
    let value = format!("{:?}", (&row.tenant, row.collection, &row.method, &row.url));
    f.identity(
        &["tenant", "collection", "method", "url"],
        "endpoint ",
        value,
        &format!("{} {}", row.method, quoted(&row.url)),
    );
    row
}
