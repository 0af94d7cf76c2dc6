//! Changing a tenant. Asks for `tenants:write`; for what a tenant is entitled to (features, quotas), its key and its
//! billing id for `installation:write`, which operators alone have: nobody raises his own quota. Audits `tenant.changed`.

use domain::{Permission, TenantId};
use store::world::{Record, hold, save, tenant};

use super::settings::moved;
use super::{Settings, TenantName, reach};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::taken;

/// What changes nothing is not written and not audited.
///
/// # Errors
/// `Hidden` for another tenant; `Forbidden`; `Invalid` names every field at fault; `Conflict` where the key is taken.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    named: &TenantName,
    settings: Settings,
) -> Result<TenantId, Failure> {
    let id = reach(ctx, caller, named).await?;
    let ask = if settings.is_operators() {
        (&Permission::INSTALLATION_WRITE, None)
    } else {
        (&Permission::TENANTS_WRITE, Some(id))
    };
    let act = Act::begin(ctx, caller, ask, "tenant.changed").await;
    let act = act.map_err(|failure| settings.not_his(failure))?.in_tenant(Some(id));
    settings.judge()?;
    ctx.store
        .write(move |tx| {
            let (settings, act) = (settings.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                // Two at once that change different settings must both be kept.
                hold(tx, tenant::Tenant::table(), &[store::Value::Uuid(id.uuid())]).await?;
                let before = tenant::by_id(tx, id).await?.ok_or_else(Failure::not_found)?;
                let mut after = before.clone();
                settings.over(&mut after);
                let Some(words) = moved(&before, &after) else { return Ok(()) };
                let other = tenant::by_key(tx, &after.key).await?;
                if other.is_some_and(|other| other.id != id) {
                    return Err(taken("key"));
                }
                after.updated_at = act.now;
                save(tx, &after).await?;
                act.tell(tx, ("tenant", id.uuid()), &words).await?;
                tx.changed(id.uuid());
                Ok(())
            })
        })
        .await
        .map(|()| id)
}
