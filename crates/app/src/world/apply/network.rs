use ipnet::IpNet;
use store::world::network::{self, Network};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::error::Stop;
use super::given::{ORIGIN, over};
use super::shelf::Shelf;
use super::step::What;
use crate::world::file;

pub(super) type Found = Option<Network>;

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::Network,
) -> Result<Found, StoreError> {
    match shelf.fetch_tenant(tx, &row.tenant).await? {
        Some(tenant) => network::of_tenant(tx, tenant).await,
        None => Ok(None),
    }
}

pub(super) fn compare(d: &mut Draft<'_>, row: &file::Network, before: &Found) -> Result<(), Stop> {
    let tenant = d.tenant(&row.tenant)?;
    let mut after = before.clone().unwrap_or_else(|| Network {
        tenant_id: tenant,
        private: Vec::new(),
        partner: Vec::new(),
        origin: ORIGIN.to_owned(),
    });
    let texts = |nets: &Vec<IpNet>| nets.iter().map(ToString::to_string).collect::<Vec<_>>();
    over(&mut after.private, row.private.as_ref().map(texts).as_ref());
    over(&mut after.partner, row.partner.as_ref().map(texts).as_ref());
    let what = What::new("network", format!("of {}", row.tenant)).on(tenant.uuid()).of(Some(tenant));
    d.put(what, before.as_ref(), &after, Vec::new());
    Ok(())
}
