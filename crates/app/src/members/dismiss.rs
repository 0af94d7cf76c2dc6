//! Taking a member out of a tenant, and the person away who is then left without any. Asks for `users:write`. Audits
//! `member.removed`, or `user.deleted` with the address.

use domain::{EmailAddress, Permission};
use store::users;

use super::addressed::{Addressed, Error, Halt};
use super::leave;
use crate::Ctx;
use crate::authorize::authorize;
use crate::principal::Caller;

/// Ends the sessions that are bound to the tenant and revokes the tokens held in it. The address of a deleted person is
/// free again.
///
/// # Errors
/// As [`Error`]; `Conflict` with code `last_administrator`.
pub async fn run(ctx: &Ctx, caller: &Caller, email: EmailAddress) -> Result<(), Error> {
    let tenant = caller.principal().tenant;
    let caller = &caller.about(email.clone());
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, tenant).await.map_err(Error::Refused)?;
    let tenant = tenant.ok_or(Error::Missing)?;
    let event = |action| ctx.event_by(caller, action).decided(&decided);
    let events = (event("member.removed"), event("user.deleted"));
    let (now, by) = (ctx.now(), caller.clone());
    let dismissed: Result<(), Halt> = ctx
        .store
        .write(move |tx| {
            let (email, events, by) = (email.clone(), events.clone(), by.clone());
            Box::pin(async move {
                let Addressed { held, whole } = Addressed::take(tx, &by, (&email, tenant), now).await?;
                let id = held.person.user.id;
                leave(tx, &held.membership, now).await?;
                let event = if whole {
                    users::remove(tx, id).await?;
                    events.1
                } else {
                    events.0
                };
                held.check(tx, now).await?;
                Ok(event.on("user", id.uuid()).also(email.as_str()).write(tx).await?)
            })
        })
        .await;
    match dismissed {
        Ok(()) => Ok(()),
        Err(halt) => Err(halt.told(ctx, caller).await),
    }
}
