use super::fields::Fields;
use super::nearest::quoted;
use super::{distinct, kind};
use crate::world::file::Membership;

/// `[[user.membership]]`; `user` is the path of the user's row.
pub(super) fn read(f: &mut Fields<'_>, user: &str) -> Membership {
    let (cx, tenant) = (f.cx, f.raw("tenant"));
    let row = Membership {
        place: f.place.clone(),
        tenant: f.must("tenant", kind::tenant(cx)),
        roles: distinct(f.must_list("roles", kind::role(cx, tenant))),
        sites: f.list("sites", kind::site(cx, tenant)).map(distinct),
        active: f.opt("active", kind::flag),
        expires_at: f.opt("expires_at", kind::moment),
    };
    f.identity(&["tenant"], "this user in tenant ", format!("{user}/{}", row.tenant), &quoted(&row.tenant));
    row
}
