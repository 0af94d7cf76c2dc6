use domain::role::Builtin;

use super::fields::Fields;
use super::nearest::quoted;
use super::{NAME, TEXT, WORD, distinct, kind};
use crate::world::Name;
use crate::world::file::Role;

/// `[[role]]`
pub(super) fn read(f: &mut Fields<'_>) -> Role {
    let (cx, tenant) = (f.cx, f.raw("tenant"));
    let row = Role {
        place: f.place.clone(),
        key: f.must("key", kind::key),
        tenant: f.opt("tenant", kind::tenant(cx)),
        name: f.opt("name", kind::text(NAME)),
        description: f.opt("description", kind::text(TEXT)),
        base: f.opt("base", kind::builtin),
        permissions: f.list("permissions", kind::pattern(cx)).map(distinct),
        assigns: f.list("assigns", kind::assignable(cx, tenant)).map(distinct),
        level: f.opt("level", kind::count),
        is_default: f.opt("default", kind::flag),
        first_user: f.opt("first_user", kind::flag),
        collections: f.list("collections", kind::whole).map(distinct),
        default_invite: f.opt("default_invite", kind::flag),
        features: f.list("features", kind::filled(WORD)).map(distinct),
    };
    refuse_taken(f, &row);
    let shown = match &row.tenant {
        Some(tenant) => format!("{} of tenant {}", quoted(&row.key), quoted(tenant)),
        None => quoted(&row.key),
    };
    f.identity(&["tenant", "key"], "role ", format!("{:?}", (&row.tenant, &row.key)), &shown);
    row
}

/// A key means one role wherever it is named, in the dialects too.
fn refuse_taken(f: &mut Fields<'_>, row: &Role) {
    let common = || f.cx.names.common_roles.contains(&row.key);
    let stored = || f.cx.known.is_taken(&Name::Role { tenant: None, key: row.key.clone() });
    if let Some(builtin) = Builtin::taking(&row.key) {
        let (key, taken) = (quoted(&row.key), quoted(builtin.key()));
        let why = match builtin.alias() {
            Some(alias) if alias == row.key => {
                format!("{key} is what the built-in role {taken} is also called")
            }
            Some(_) | None => format!("{key} is a built-in role"),
        };
        f.fault("key", format!("{why}; choose another key"));
    } else if row.tenant.is_some() && !row.key.is_empty() && (common() || stored()) {
        f.fault(
            "key",
            format!("{} is a role of the whole installation; choose another key", quoted(&row.key)),
        );
    }
}
