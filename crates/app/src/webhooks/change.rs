//! Changing a webhook: one's own with `tokens:write`, others' with `tenants:write`. Audits `webhook.changed` with what was
//! and what is; of the address, only that it is another.

use domain::ids::WebhookId;
use store::world::webhook::{self, Webhook};
use store::world::{Record, hold, save};

use super::{Given, find, to_write};
use crate::Ctx;
use crate::act::Act;
use crate::changes::Changes;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::taken;
use crate::tenants::{TenantName, reach};

/// What changes nothing is not written and not audited.
///
/// # Errors
/// `NotFound` for one that the caller does not see; `Conflict` where its owner has another of that name.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    (tenant, id): (&TenantName, WebhookId),
    given: Given,
) -> Result<(), Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    let found = find(ctx, caller, tenant, id).await?;
    let ask = (to_write(caller, found.owner_id), Some(tenant));
    let act = Act::begin(ctx, caller, ask, "webhook.changed").await?;
    given.judge()?;
    ctx.store
        .write(move |tx| {
            let (given, act) = (given.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                hold(tx, Webhook::table(), &[store::Value::Uuid(id.uuid())]).await?;
                let before = webhook::by_id(tx, id).await?.ok_or_else(Failure::not_found)?;
                let mut after = before.clone();
                let Given { name, url, kind } = given;
                after.name = name.unwrap_or(after.name);
                after.url = url.unwrap_or(after.url);
                after.kind = kind.unwrap_or(after.kind);
                let Some(words) = moved(&before, &after) else { return Ok(()) };
                let same = webhook::by_name(tx, after.owner_id, tenant, &after.name).await?;
                if same.is_some_and(|same| same.id != id) {
                    return Err(taken("name"));
                }
                save(tx, &after).await?;
                Ok(act.tell(tx, ("webhook", id.uuid()), &words).await?)
            })
        })
        .await
}

/// What differs, in words. Who knows the address may post there.
fn moved(before: &Webhook, after: &Webhook) -> Option<String> {
    Changes::default()
        .text("name", &before.name, &after.name)
        .value("kind", &before.kind, &after.kind)
        .named("url", before.url != after.url)
        .words()
}
