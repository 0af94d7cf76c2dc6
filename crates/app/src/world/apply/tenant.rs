use domain::TenantId;
use store::drain;
use store::numbers::Counted;
use store::world::tenant::{self, Tenant};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::given::{ORIGIN, over, some};
use super::shelf::Shelf;
use super::site;
use super::step::What;
use crate::world::file;

#[derive(Default)]
pub(super) struct Found {
    row: Option<Tenant>,
    /// Who has the number that the file gives.
    numbered: Option<Tenant>,
    /// Who has the id that the file gives.
    with_id: Option<Tenant>,
    /// The id is that of a deleted one, whose rows are not swept yet.
    ended: bool,
    sites: Vec<site::Found>,
}

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::Tenant,
) -> Result<Found, StoreError> {
    shelf.fetch_tenant(tx, &row.key).await?;
    let mut found = Found { row: shelf.tenant(&row.key).cloned(), ..Found::default() };
    if let Some(number) = row.number {
        found.numbered = tenant::by_number(tx, number).await?;
    }
    if let Some(id) = row.id {
        found.with_id = tenant::by_id(tx, id).await?;
        found.ended = drain::is_ended(tx, id).await?;
    }
    for site in &row.sites {
        found.sites.push(site::find(tx, shelf, &row.key, site).await?);
    }
    Ok(found)
}

pub(super) fn compare(d: &mut Draft<'_>, row: &file::Tenant, found: &Found) {
    judge(d, row, found);
    let before = found.row.as_ref();
    let mut after = before.cloned().unwrap_or_else(|| made(d, row));
    over(&mut after.name, Some(&row.name));
    over(&mut after.features, row.features.as_ref());
    over(&mut after.metadata, row.metadata.as_ref());
    some(&mut after.billing_id, row.billing_id.as_ref());
    some(&mut after.lockout_attempts, row.lockout_attempts.as_ref());
    if let Some(quotas) = &row.quotas {
        let map: serde_json::Map<_, _> =
            quotas.iter().map(|(name, limit)| (name.clone(), (*limit).into())).collect();
        after.quotas = serde_json::Value::Object(map).to_string();
    }
    if let Some(mfa) = &row.mfa {
        after.mfa_enforce = Some(mfa.enforce.as_str().to_owned());
        over(&mut after.mfa_remember_device, mfa.remember_device.as_ref());
        over(&mut after.mfa_device_ttl, mfa.device_ttl.as_ref());
    }
    d.name_tenant(&row.key, after.id);
    let id = after.id.uuid();
    let what = What::new("tenant", &row.key).on(id).of(Some(after.id)).cached(id);
    if let Some(step) = d.put(what, before, &after, Vec::new()) {
        step.counted = (before.is_none() && row.number.is_none()).then_some(Counted::Tenant);
    }
    for (site, found) in row.sites.iter().zip(&found.sites) {
        site::compare(d, (after.id, &row.key), site, found);
    }
}

fn judge(d: &mut Draft<'_>, row: &file::Tenant, found: &Found) {
    let id = found.row.as_ref().map(|row| row.id);
    if let Some((given, has)) = row.id.zip(id).filter(|(given, has)| given != has) {
        d.fault(
            &row.place,
            format!("id {given}: the tenant has the id {has}, which never changes; name that, or none"),
        );
    }
    if let Some(other) = found.with_id.as_ref().filter(|other| other.key != row.key) {
        d.fault(
            &row.place,
            format!("id {} is that of tenant {:?}; give another, or none", other.id, other.key),
        );
    }
    if let Some(id) = row.id.filter(|_| found.ended) {
        d.fault(
            &row.place,
            format!("id {id} is that of a tenant that was deleted and is being swept; wait some minutes, or give another"),
        );
    }
    if let Some(other) = found.numbered.as_ref().filter(|other| other.key != row.key) {
        let number = other.number;
        d.fault(
            &row.place,
            format!("number {number} is that of tenant {:?}; give another, or none", other.key),
        );
    } else if let Some(has) = found.row.as_ref().filter(|has| row.number.is_some_and(|n| n != has.number)) {
        d.fault(
            &row.place,
            format!("the tenant has number {}, which never changes; name that, or none", has.number),
        );
    }
}

fn made(d: &Draft<'_>, row: &file::Tenant) -> Tenant {
    let id = row.id.unwrap_or_else(|| TenantId::from_uuid(d.ctx.new_id()));
    let number = row.number.unwrap_or_default();
    Tenant {
        number,
        origin: ORIGIN.to_owned(),
        ..Tenant::blank(id, row.key.clone(), row.name.clone(), d.now)
    }
}
