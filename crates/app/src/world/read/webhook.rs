use domain::EmailAddress;

use super::fields::Fields;
use super::nearest::quoted;
use super::{NAME, kind};
use crate::world::file::Webhook;

const KINDS: &[&str] = &["SLACK"];

/// `[[webhook]]`
pub(super) fn read(f: &mut Fields<'_>) -> Webhook {
    let cx = f.cx;
    let row = Webhook {
        place: f.place.clone(),
        owner: f.must_or("owner", kind::user(cx), EmailAddress::from_stored(String::new())),
        tenant: f.must("tenant", kind::tenant(cx)),
        name: f.must("name", kind::filled(NAME)),
        url: f.must("url", kind::url),
        kind: f.must("kind", kind::choice(KINDS)),
    };
    let shown = format!("{} of the same owner and tenant", quoted(&row.name));
    f.identity(
        &["owner", "tenant", "name"],
        "webhook ",
        format!("{:?}", (&row.owner, &row.tenant, &row.name)),
        &shown,
    );
    row
}
