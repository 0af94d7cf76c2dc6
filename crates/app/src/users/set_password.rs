//! Setting somebody's password: ends every session of the user, and a lockout by failed attempts, since who is locked out of
//! everything else comes here. Asks for an operator, or `users:write` in the person's only tenant, interactively. Audits
//! `user.password_set`.

use domain::audit::{Actor, Origin};
use domain::user::User;
use domain::{EmailAddress, Permission, Timestamp, UserId};
use secrecy::SecretString;
use store::{StoreError, WriteTx, sessions, users};

use super::{Claim, Owned, by, owned, password, told_in};
use crate::Ctx;
use crate::authorize::{Stop, interactive};
use crate::failure::Failure;
use crate::principal::Caller;
use crate::sessions::forget_failures;

/// By a caller; one's own is changed by who knows it (`change_password`).
///
/// # Errors
/// `Hidden` or `NotFound` for who is not visible; `Forbidden` for oneself, for who belongs to others too, and for a
/// credential that a program holds; `Invalid` names `password`.
pub async fn set(ctx: &Ctx, caller: &Caller, id: UserId, new: &SecretString) -> Result<(), Failure> {
    let caller = &caller.about(id);
    let claimed = owned(ctx, caller, id).await?;
    if claimed.claim == Claim::Oneself {
        let public = "One's own password is changed with the current one.";
        return Err(Failure { public: public.into(), ..Failure::forbidden() });
    }
    interactive(caller)?;
    let hash = password::hash(ctx, "password", new).await?;
    let event = claimed.event(ctx, caller, ("user.password_set", id));
    let (now, by_caller) = (ctx.now(), caller.clone());
    let done: Result<(), Stop> = ctx
        .store
        .write(move |tx| {
            let (hash, event, caller) = (hash.clone(), event.clone(), by_caller.clone());
            Box::pin(async move {
                let owned = Owned::take(tx, &caller, id, now).await?;
                write(tx, &owned.person.user, &hash, (&by(&caller), now)).await?;
                Ok(event.in_tenant(owned.told_in(now)).write(tx).await?)
            })
        })
        .await;
    match done {
        Ok(()) => Ok(()),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

/// From the command line.
///
/// # Errors
/// `NotFound` where nobody has that address, or no longer.
pub async fn run(ctx: &Ctx, email: EmailAddress, new: &SecretString) -> Result<(), Failure> {
    let hash = password::hash(ctx, "password", new).await?;
    let event = ctx.event(Actor::COMMAND_LINE, "user.password_set", &Origin::default());
    let now = ctx.now();
    let found: Result<bool, StoreError> = ctx
        .store
        .write(move |tx| {
            let (email, hash, event) = (email.clone(), hash.clone(), event.clone());
            Box::pin(async move {
                let Some(user) = users::by_email(tx, &email).await? else { return Ok(false) };
                // Whoever moves the address elsewhere meanwhile is waited for.
                users::hold(tx, user.id).await?;
                let user = users::by_id(tx, user.id).await?.filter(|user| user.email == email);
                let Some(user) = user else { return Ok(false) };
                write(tx, &user, &hash, ("system", now)).await?;
                let tenant = told_in(tx, user.id, now).await?;
                event.on("user", user.id.uuid()).in_tenant(tenant).write(tx).await?;
                Ok(true)
            })
        })
        .await;
    if found? { Ok(()) } else { Err(Failure::not_found()) }
}

async fn write(
    tx: &mut WriteTx<'_>,
    user: &User,
    hash: &str,
    (by, now): (&str, Timestamp),
) -> Result<(), StoreError> {
    users::set_password(tx, user.id, hash, by, now).await?;
    sessions::end_all(tx, user.id, None, now).await?;
    forget_failures(tx, &user.email).await.map(drop)
}
