//! Removing a webhook: one's own with `tokens:write`, others' with `tenants:write`. Audits `webhook.removed`.

use domain::ids::WebhookId;
use store::world::webhook::Webhook;
use store::world::{self, Record};

use super::{find, to_write};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// # Errors
/// `NotFound` for one that the caller does not see.
pub async fn run(ctx: &Ctx, caller: &Caller, tenant: &TenantName, id: WebhookId) -> Result<(), Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    let found = find(ctx, caller, tenant, id).await?;
    let ask = (to_write(caller, found.owner_id), Some(tenant));
    let act = Act::begin(ctx, caller, ask, "webhook.removed").await?;
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                act.in_turn(tx).await?;
                if !world::remove(tx, Webhook::table(), &[store::Value::Uuid(id.uuid())]).await? {
                    return Err(Failure::not_found());
                }
                Ok(act.tell(tx, ("webhook", id.uuid()), "").await?)
            })
        })
        .await
}
