use domain::endpoint::AccessSet;
use store::world::endpoint::{self, Endpoint};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::error::Stop;
use super::given::ORIGIN;
use super::shelf::Shelf;
use super::step::What;
use crate::world::file;

pub(super) type Found = Option<Endpoint>;

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::Endpoint,
) -> Result<Found, StoreError> {
    match shelf.fetch_tenant(tx, &row.tenant).await? {
        Some(tenant) => endpoint::by_url(tx, tenant, &row.url, row.collection, &row.method).await,
        None => Ok(None),
    }
}

pub(super) fn compare(d: &mut Draft<'_>, row: &file::Endpoint, before: &Found) -> Result<(), Stop> {
    let tenant = d.tenant(&row.tenant)?;
    let mut after = before.clone().unwrap_or_else(|| Endpoint {
        id: d.ctx.new_id(),
        tenant_id: tenant,
        url: row.url.clone(),
        collection: row.collection,
        method: row.method.clone(),
        access: AccessSet::EMPTY,
        origin: ORIGIN.to_owned(),
        created_at: d.now,
    });
    after.access = row.access;
    let name = format!("{} {} of {}/{}", row.method, row.url, row.tenant, row.collection);
    let what = What::new("endpoint", name).on(after.id).of(Some(tenant));
    d.put(what, before.as_ref(), &after, Vec::new());
    Ok(())
}
