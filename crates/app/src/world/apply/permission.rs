use domain::permission::CATALOGUE;
use store::feed::CATALOGUE as CATALOGUE_SUBJECT;
use store::world::permission::{self, Permission};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::given::{ORIGIN, over};
use super::step::What;
use crate::world::file;

pub(super) type Found = Option<Permission>;

pub(super) async fn find(tx: &mut ReadTx<'_>, row: &file::Permission) -> Result<Found, StoreError> {
    permission::by_key(tx, row.key.as_str()).await
}

/// One of the catalogue may be declared again; what it allows is not the file's to say.
pub(super) fn compare(d: &mut Draft<'_>, row: &file::Permission, before: &Found) {
    let made = Permission {
        id: row.key.id(),
        key: row.key.as_str().to_owned(),
        description: String::new(),
        origin: ORIGIN.to_owned(),
        created_at: d.now,
        updated_at: d.now,
    };
    let mut after = before.clone().unwrap_or(made);
    if !CATALOGUE.iter().any(|(key, _)| *key == row.key) {
        over(&mut after.description, row.description.as_ref());
    }
    let what = What::new("permission", row.key.as_str()).on(after.id.uuid());
    let what = what.cached(CATALOGUE_SUBJECT).missed(true);
    d.put(what, before.as_ref(), &after, Vec::new());
}
