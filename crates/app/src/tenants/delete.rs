//! Deleting a tenant with all that is bound to it: memberships, sites, roles, sessions, tokens. Its users stay, and its
//! audit trail does. Operators only (`installation:write`). Audits `tenant.deleted`, and before it
//! `tenant.deletion_begun` where much hangs on it.

use domain::Permission;
use store::drain::Of;
use store::world::{Record, remove, tenant};

use super::{TenantName, reach};
use crate::Ctx;
use crate::act::Act;
use crate::drain::{self, Emptying};
use crate::failure::Failure;
use crate::principal::Caller;

/// Every credential bound to it is dead when this answers: all of them hang on the tenant in the feed. A large one is
/// emptied first, in bounded batches: whoever loses his membership is out from then on.
///
/// # Errors
/// `Hidden` for whom it is not there; `Forbidden` for who is no operator.
pub async fn run(ctx: &Ctx, caller: &Caller, named: &TenantName) -> Result<(), Failure> {
    let id = reach(ctx, caller, named).await?;
    let action = "tenant.deletion_begun";
    let emptying = Emptying { of: Of::Tenant(id), permission: &Permission::INSTALLATION_WRITE, action };
    drain::run(ctx, caller, emptying).await?;
    let act = Act::begin(ctx, caller, (&Permission::INSTALLATION_WRITE, None), "tenant.deleted").await?;
    let act = act.in_tenant(Some(id));
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                act.in_turn(tx).await?;
                let row = tenant::by_id(tx, id).await?.ok_or_else(Failure::not_found)?;
                if !remove(tx, tenant::Tenant::table(), &[store::Value::Uuid(id.uuid())]).await? {
                    return Err(Failure::not_found());
                }
                act.tell(tx, ("tenant", id.uuid()), &format!("key {}", row.key)).await?;
                tx.changed(id.uuid());
                Ok(())
            })
        })
        .await
}
