use super::fields::Fields;
use super::{TEXT, kind};
use crate::world::file::Permission;

/// `[[permission]]`
pub(super) fn read(f: &mut Fields<'_>) -> Permission {
    let key = f.must_or("key", kind::permission, domain::Permission::USERS_READ);
    let row = Permission { place: f.place.clone(), description: f.opt("description", kind::text(TEXT)), key };
    f.identity(&["key"], "permission ", row.key.as_str().to_owned(), row.key.as_str());
    row
}
