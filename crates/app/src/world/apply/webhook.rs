use domain::ids::WebhookId;
use store::numbers::Counted;
use store::world::webhook::{self, Webhook};
use store::{ReadTx, StoreError};

use super::draft::Draft;
use super::error::Stop;
use super::given::{ORIGIN, over};
use super::shelf::Shelf;
use super::step::What;
use crate::world::file;

pub(super) type Found = Option<Webhook>;

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::Webhook,
) -> Result<Found, StoreError> {
    let tenant = shelf.fetch_tenant(tx, &row.tenant).await?;
    shelf.fetch_user(tx, row.owner.as_str()).await?;
    match shelf.user(row.owner.as_str()).map(|user| user.id).zip(tenant) {
        Some((owner, tenant)) => webhook::by_name(tx, owner, tenant, &row.name).await,
        None => Ok(None),
    }
}

pub(super) fn compare(d: &mut Draft<'_>, row: &file::Webhook, before: &Found) -> Result<(), Stop> {
    let (tenant, owner) = (d.tenant(&row.tenant)?, d.user(&row.owner)?);
    let mut after = before.clone().unwrap_or_else(|| Webhook {
        id: WebhookId::from_uuid(d.ctx.new_id()),
        number: 0,
        owner_id: owner,
        tenant_id: tenant,
        name: row.name.clone(),
        url: row.url.clone(),
        kind: row.kind.clone(),
        origin: ORIGIN.to_owned(),
        created_at: d.now,
    });
    over(&mut after.url, Some(&row.url));
    over(&mut after.kind, Some(&row.kind));
    let name = format!("{} of {} in {}", row.name, row.owner, row.tenant);
    let what = What::new("webhook", name).on(after.id.uuid()).of(Some(tenant));
    if let Some(step) = d.put(what, before.as_ref(), &after, Vec::new()) {
        step.counted = before.is_none().then_some(Counted::Webhook);
    }
    Ok(())
}
