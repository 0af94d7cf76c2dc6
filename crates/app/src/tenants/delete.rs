//! Deleting a tenant with all that is bound to it: memberships, sites, roles, sessions, tokens. Its users stay, and its
//! audit trail does. Operators only (`installation:write`). Audits `tenant.deleted`.

use domain::Permission;
use store::drain::{self, Of};
use store::world::tenant;

use super::{TenantName, reach};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;

/// Every credential bound to it is dead when this answers, and its key is free: all of them hang on the tenant in the
/// feed. The rows of a large one are swept afterwards.
///
/// # Errors
/// `Hidden` for whom it is not there; `Forbidden` for who is no operator.
pub async fn run(ctx: &Ctx, caller: &Caller, named: &TenantName) -> Result<(), Failure> {
    let id = reach(ctx, caller, named).await?;
    let act = Act::begin(ctx, caller, (&Permission::INSTALLATION_WRITE, None), "tenant.deleted").await?;
    let act = act.in_tenant(Some(id));
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                act.in_turn(tx).await?;
                let row = tenant::by_id(tx, id).await?.ok_or_else(Failure::not_found)?;
                if !drain::end(tx, Of::Tenant(id), act.now).await? {
                    return Err(Failure::not_found());
                }
                act.tell(tx, ("tenant", id.uuid()), &format!("key {}", row.key)).await?;
                Ok(())
            })
        })
        .await
}
