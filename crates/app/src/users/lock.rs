//! Locking and unlocking. A lock ends sessions and suspends tokens until unlocked. Asks for an operator, or `users:write` in
//! the person's only tenant; oneself may lock oneself, interactively. Audits `user.locked`, `user.unlocked`.

use domain::audit::{Actor, Origin};
use domain::user::User;
use domain::{EmailAddress, Permission, Timestamp, UserId};
use store::{WriteTx, sessions, users};

use super::{Owned, by, owned, told_in};
use crate::Ctx;
use crate::authorize::Stop;
use crate::failure::Failure;
use crate::last::Before;
use crate::principal::Caller;
use crate::sessions::forget_failures;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Changed,
    /// It was so before.
    Unchanged,
}

/// By a caller.
///
/// # Errors
/// `Hidden` or `NotFound` for who is not visible; `Forbidden` for who belongs to others too; `Conflict` with code
/// `last_administrator` or `last_operator`.
pub async fn set(ctx: &Ctx, caller: &Caller, id: UserId, locked: bool) -> Result<Done, Failure> {
    let caller = &caller.about(id);
    let event = owned(ctx, caller, id).await?.event(ctx, caller, (action(locked), id));
    let (now, by_caller) = (ctx.now(), caller.clone());
    let done: Result<Done, Stop> = ctx
        .store
        .write(move |tx| {
            let (event, caller) = (event.clone(), by_caller.clone());
            Box::pin(async move {
                let owned = Owned::take(tx, &caller, id, now).await?;
                let done = write(tx, &owned.person.user, locked, (&by(&caller), now)).await?;
                if done == Done::Changed {
                    event.in_tenant(owned.told_in(now)).write(tx).await?;
                }
                Ok(done)
            })
        })
        .await;
    match done {
        Ok(done) => Ok(done),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

/// From the command line.
///
/// # Errors
/// `NotFound` where nobody has that address; `Conflict` as [`set`].
pub async fn run(ctx: &Ctx, email: EmailAddress, locked: bool) -> Result<Done, Failure> {
    let event = ctx.event(Actor::COMMAND_LINE, action(locked), &Origin::default());
    let now = ctx.now();
    ctx.store
        .write(move |tx| {
            let (email, event) = (email.clone(), event.clone());
            Box::pin(async move {
                let user = users::by_email(tx, &email).await?.ok_or_else(Failure::not_found)?;
                users::hold(tx, user.id).await?;
                let user = users::by_id(tx, user.id).await?.ok_or_else(Failure::not_found)?;
                let done = write(tx, &user, locked, ("system", now)).await?;
                if done == Done::Changed {
                    let tenant = told_in(tx, user.id, now).await?;
                    event.on("user", user.id.uuid()).in_tenant(tenant).write(tx).await?;
                }
                Ok(done)
            })
        })
        .await
}

const fn action(locked: bool) -> &'static str {
    if locked { "user.locked" } else { "user.unlocked" }
}

/// Of a user who is held.
pub(crate) async fn write(
    tx: &mut WriteTx<'_>,
    user: &User,
    locked: bool,
    (by, now): (&str, Timestamp),
) -> Result<Done, Failure> {
    let before = if locked { Some(Before::of_person(tx, user, now).await?) } else { None };
    let changed = users::set_locked(tx, user.id, locked, by, now).await?;
    // Unlocking lets somebody in again: also out of a lockout by failed attempts.
    let forgotten = !locked && forget_failures(tx, &user.email).await?;
    if !changed && !forgotten {
        return Ok(Done::Unchanged);
    }
    if let Some(before) = before {
        sessions::end_all(tx, user.id, None, now).await?;
        before.check(tx, now).await?;
    }
    Ok(Done::Changed)
}
