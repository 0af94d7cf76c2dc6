//! Withdrawing an invitation that nobody has used. Asks for `users:write`. Audits `invitation.withdrawn`.

use domain::Permission;
use domain::ids::LinkId;
use store::links;

use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// # Errors
/// `NotFound` for one that is used, over, another tenant's, or not there.
pub async fn run(ctx: &Ctx, caller: &Caller, named: &TenantName, id: LinkId) -> Result<(), Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let ask = (&Permission::USERS_WRITE, Some(tenant));
    let act = Act::begin(ctx, caller, ask, "invitation.withdrawn").await?;
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                act.in_turn(tx).await?;
                if !links::withdraw(tx, tenant, id, act.now).await? {
                    return Err(Failure::not_found());
                }
                Ok(act.tell(tx, ("invitation", id.uuid()), "").await?)
            })
        })
        .await
}
