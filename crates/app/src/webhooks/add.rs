//! Adding a webhook of one's own. Asks for `tokens:write`. Audits `webhook.added`, without the address.

use domain::Permission;
use domain::ids::WebhookId;
use store::numbers::Counted;
use store::webhooks;
use store::world::webhook::{Webhook, by_name};

use super::Given;
use crate::Ctx;
use crate::act::Act;
use crate::authorize::person;
use crate::failure::Failure;
use crate::numbers::numbered;
use crate::principal::Caller;
use crate::rules::{Faults, enough, taken};
use crate::tenants::{TenantName, reach};

/// Webhooks that a tenant may have.
pub const MOST: i64 = 1_000;
/// `given` must name all three.
///
/// # Errors
/// `Hidden` for another tenant; `Conflict` where one has one of that name there.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    tenant: &TenantName,
    given: Given,
) -> Result<WebhookId, Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    let owner = person(caller)?;
    let act = Act::begin(ctx, caller, (&Permission::TOKENS_WRITE, Some(tenant)), "webhook.added").await?;
    given.judge()?;
    let mut faults = Faults::default();
    for (field, is_given) in
        [("name", given.name.is_some()), ("url", given.url.is_some()), ("kind", given.kind.is_some())]
    {
        faults.unless(is_given, field, "is required");
    }
    faults.done()?;
    let row = Webhook {
        id: WebhookId::from_uuid(ctx.new_id()),
        number: 0,
        owner_id: owner,
        tenant_id: tenant,
        name: given.name.unwrap_or_default(),
        url: given.url.unwrap_or_default(),
        kind: given.kind.unwrap_or_default(),
        origin: String::new(),
        created_at: act.now,
    };
    numbered(ctx, Counted::Webhook, |number| keep(ctx, Webhook { number, ..row.clone() }, act.clone())).await
}

/// `None`: another one has the number.
async fn keep(ctx: &Ctx, row: Webhook, act: Act) -> Result<Option<WebhookId>, Failure> {
    ctx.store
        .write(move |tx| {
            let (row, act) = (row.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                if webhooks::count(tx, row.tenant_id, MOST).await? >= MOST {
                    return Err(enough("webhooks"));
                }
                if !store::world::add(tx, &row).await? {
                    let same = by_name(tx, row.owner_id, row.tenant_id, &row.name).await?;
                    return if same.is_some() { Err(taken("name")) } else { Ok(None) };
                }
                act.tell(tx, ("webhook", row.id.uuid()), &format!("kind {}", row.kind)).await?;
                Ok(Some(row.id))
            })
        })
        .await
}
