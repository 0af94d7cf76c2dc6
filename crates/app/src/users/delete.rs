//! Deleting a person with memberships, sessions and tokens; the audit trail stays. Asks for oneself (interactively), an
//! operator, or `users:write` in the person's only tenant. Audits `user.deleted`.

use domain::{Permission, UserId};
use store::users;

use super::{Owned, owned};
use crate::Ctx;
use crate::authorize::Stop;
use crate::failure::Failure;
use crate::last::Before;
use crate::principal::Caller;

/// # Errors
/// `Hidden` or `NotFound` for who is not visible; `Forbidden` for who belongs to others too; `Conflict` with code
/// `last_administrator` or `last_operator`.
pub async fn run(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<(), Failure> {
    let caller = &caller.about(id);
    let event = owned(ctx, caller, id).await?.event(ctx, caller, ("user.deleted", id));
    let (now, by) = (ctx.now(), caller.clone());
    let deleted: Result<(), Stop> = ctx
        .store
        .write(move |tx| {
            let (event, by) = (event.clone(), by.clone());
            Box::pin(async move {
                let owned = Owned::take(tx, &by, id, now).await?;
                let user = &owned.person.user;
                let before = Before::of_person(tx, user, now).await?;
                users::remove(tx, id).await?;
                before.check(tx, now).await?;
                let event = event.also(user.email.as_str()).in_tenant(owned.told_in(now));
                Ok(event.write(tx).await?)
            })
        })
        .await;
    match deleted {
        Ok(()) => Ok(()),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}
