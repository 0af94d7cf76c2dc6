//! Taking a member out of a tenant. Asks for `users:write`. Audits `member.removed`.

use super::held::{Held, Touches};
use super::{leave, list};
use crate::Ctx;
use crate::authorize::{Stop, authorize};
use crate::failure::Failure;
use crate::principal::Caller;
use domain::{Permission, TenantId, UserId};

/// Ends the sessions that are bound to the tenant and revokes the tokens held in it: a later membership does not bring
/// them back. The person stays, in whatever tenants else.
///
/// # Errors
/// `Hidden` for who is no member; `Forbidden` for one who holds a role that the caller may not take; `Conflict` with code
/// `last_administrator`.
pub async fn run(ctx: &Ctx, caller: &Caller, tenant: TenantId, user: UserId) -> Result<(), Failure> {
    let caller = &caller.about(user);
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, Some(tenant)).await?;
    let event = ctx
        .event_by(caller, "member.removed")
        .decided(&decided)
        .in_tenant(Some(tenant))
        .on("user", user.uuid());
    let (now, by) = (ctx.now(), caller.clone());
    let removed: Result<(), Stop> = ctx
        .store
        .write(move |tx| {
            let (event, by) = (event.clone(), by.clone());
            Box::pin(async move {
                let held = Held::take(tx, &by, (user, tenant), Touches::Membership, now).await?;
                let held = held.ok_or_else(list::hidden)?;
                leave(tx, &held.membership, now).await?;
                held.check(tx, now).await?;
                Ok(event.write(tx).await?)
            })
        })
        .await;
    match removed {
        Ok(()) => Ok(()),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}
