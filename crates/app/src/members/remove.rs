//! Taking a member out of a tenant. Asks for `users:write`. Audits `member.removed`.

use domain::{Permission, TenantId, UserId};
use store::{memberships, sessions, tokens};

use super::change::Held;
use super::list;
use crate::Ctx;
use crate::authorize::{Stop, authorize};
use crate::failure::Failure;
use crate::principal::Caller;

/// Ends the sessions that are bound to the tenant and revokes the tokens held in it: a later membership does not bring
/// them back. The person stays, in whatever tenants else.
///
/// # Errors
/// `Hidden` for who is no member; `Forbidden` for one who holds a role that the caller may not take; `Conflict` with code
/// `last_administrator`.
pub async fn run(ctx: &Ctx, caller: &Caller, tenant: TenantId, user: UserId) -> Result<(), Failure> {
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
                let held = Held::take(tx, &by, (user, tenant), now).await?;
                sessions::end_in(tx, user, tenant, now).await?;
                tokens::revoke_of_member(tx, user, tenant, now).await?;
                if !memberships::remove(tx, user, tenant).await? {
                    return Err(list::hidden().into());
                }
                held.before.check(tx, now).await?;
                Ok(event.write(tx).await?)
            })
        })
        .await;
    match removed {
        Ok(()) => Ok(()),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}
