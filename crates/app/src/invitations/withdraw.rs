//! Withdrawing an invitation that nobody has used. Asks for `users:write`. Audits `invitation.withdrawn`.

use domain::Permission;
use domain::ids::LinkId;
use store::links;

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::{Asked, Caller, judge_again};
use crate::tenants::{TenantName, reach};

/// # Errors
/// `NotFound` for one that is used, over, another tenant's, or not there.
pub async fn run(ctx: &Ctx, caller: &Caller, named: &TenantName, id: LinkId) -> Result<(), Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, Some(tenant)).await?;
    let event = ctx.event_by(caller, "invitation.withdrawn").decided(&decided).on("invitation", id.uuid());
    let event = event.in_tenant(Some(tenant));
    let asked: Asked = Some((Permission::USERS_WRITE, Some(tenant)));
    let (now, caller) = (ctx.now(), caller.clone());
    ctx.store
        .write(move |tx| {
            let (event, caller, asked) = (event.clone(), caller.clone(), asked.clone());
            Box::pin(async move {
                judge_again(tx, &caller, &asked, now).await?;
                if !links::withdraw(tx, tenant, id, now).await? {
                    return Err(Failure::not_found());
                }
                event.write(tx).await?;
                Ok(())
            })
        })
        .await
}
