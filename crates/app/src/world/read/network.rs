use super::fields::Fields;
use super::nearest::quoted;
use super::{distinct, kind};
use crate::world::file::Network;

/// `[[network]]`
pub(super) fn read(f: &mut Fields<'_>) -> Network {
    let cx = f.cx;
    let row = Network {
        place: f.place.clone(),
        tenant: f.must("tenant", kind::tenant(cx)),
        private: f.list("private", kind::network).map(distinct),
        partner: f.list("partner", kind::network).map(distinct),
    };
    f.identity(&["tenant"], "the networks of tenant ", row.tenant.clone(), &quoted(&row.tenant));
    row
}
