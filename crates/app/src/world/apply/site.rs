use domain::{SiteId, TenantId};
use store::drain;
use store::world::site::{self, Site};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::given::{ORIGIN, over};
use super::shelf::Shelf;
use super::step::What;
use crate::world::file;

pub(super) struct Found {
    row: Option<Site>,
    /// Which site has the id that the file gives.
    with_id: Option<Site>,
    /// The id is that of one of a deleted tenant, whose rows are not swept yet.
    ended: bool,
}

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    tenant: &str,
    row: &file::Site,
) -> Result<Found, StoreError> {
    shelf.fetch_site(tx, tenant, &row.key).await?;
    let here = shelf.tenant(tenant).and_then(|tenant| shelf.site(tenant.id, &row.key)).cloned();
    let (with_id, ended) = match row.id {
        Some(id) => (site::by_id(tx, id).await?, drain::is_ended_site(tx, id).await?),
        None => (None, false),
    };
    Ok(Found { row: here, with_id, ended })
}

pub(super) fn compare(d: &mut Draft<'_>, (tenant, of): (TenantId, &str), row: &file::Site, found: &Found) {
    let before = found.row.as_ref();
    if let Some(has) = before.filter(|has| row.id.is_some_and(|id| id != has.id)) {
        d.fault(
            &row.place,
            format!("the site has the id {}, which never changes; name that, or none", has.id),
        );
    } else if let Some(other) = found.with_id.as_ref().filter(|_| before.is_none()) {
        d.fault(&row.place, format!("id {} is that of another site; give another, or none", other.id));
    }
    if let Some(id) = row.id.filter(|_| found.ended) {
        d.fault(
            &row.place,
            format!("id {id} is that of a site of a deleted tenant that is being swept; wait some minutes, or give another"),
        );
    }
    let mut after = before.cloned().unwrap_or_else(|| Site {
        id: row.id.unwrap_or_else(|| SiteId::from_uuid(d.ctx.new_id())),
        tenant_id: tenant,
        key: row.key.clone(),
        name: row.name.clone(),
        origin: ORIGIN.to_owned(),
        created_at: d.now,
    });
    over(&mut after.name, Some(&row.name));
    d.name_site(tenant, &row.key, after.id);
    // A profile in the read model shows its sites and hangs on its tenants.
    let name = format!("{} of {of}", row.key);
    let what = What::new("site", name).on(after.id.uuid()).of(Some(tenant)).cached(tenant.uuid());
    d.put(what, before, &after, Vec::new());
}
