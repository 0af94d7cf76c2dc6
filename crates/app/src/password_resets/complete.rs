//! Choosing a new password by a link. Asks for its token alone. Ends every session and refresh family, and a lockout
//! by failed attempts; a lock by an administrator stays, and so does the second factor. A link that was mailed has shown
//! that the mailbox is the person's: then the address counts as verified.
//! Audits `user.password_reset`, and `password_reset.refused`.

use domain::audit::{Actor, Origin};
use domain::link::{Aim, Link};
use domain::{TenantId, Timestamp, UserId};
use secrecy::SecretString;
use store::{ReadTx, StoreError, WriteTx, links, sessions, users};

use super::issue::may_still;
use crate::Ctx;
use crate::audit::Event;
use crate::failure::Failure;
use crate::links::{VERIFIED, by_whom, invalid, key};
use crate::refusals;
use crate::sessions::forget_failures;
use crate::users::{password, told_in};

pub struct Command {
    pub token: SecretString,
    pub password: SecretString,
    pub origin: Origin,
}

/// # Errors
/// `invalid_token` for every token that does not work, whatever the reason; `Invalid` for a password that breaks the
/// rule, which leaves the token as it is.
pub async fn run(ctx: &Ctx, command: Command) -> Result<(), Failure> {
    let (digest, now) = (key(&command.token), ctx.now());
    let found: Result<_, StoreError> =
        ctx.store.read(move |tx| Box::pin(async move { open(tx, &digest, now).await })).await;
    let Some((link, user)) = found? else { return refuse(ctx, digest, &command.origin).await };
    let hash = password::hash(ctx, "password", &command.password).await?;
    let (actor, how) = by_whom(&link, user);
    let event = ctx.event(actor, "user.password_reset", &command.origin).on("user", user.uuid());
    let event = event.because(format!("link {}, {how}", link.id));
    let set: Result<bool, StoreError> = ctx
        .store
        .write(move |tx| {
            let (hash, event) = (hash.clone(), event.clone());
            Box::pin(async move {
                // The same order as whoever makes such a link: the person first.
                users::hold(tx, user).await?;
                let Some((link, _)) = open(tx, &digest, now).await? else { return Ok(false) };
                if !links::take(tx, &digest, now).await? {
                    return Ok(false);
                }
                set(tx, (user, link.mailed), (&hash, &event), now).await
            })
        })
        .await;
    if set? { Ok(()) } else { refuse(ctx, digest, &command.origin).await }
}

/// The link and its user, where it is open, he is active, and whoever made it for him still may.
async fn open(
    tx: &mut ReadTx<'_>,
    digest: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(Link, UserId)>, StoreError> {
    let Some(link) = links::by_digest(tx, digest).await?.filter(|link| link.is_open(now)) else {
        return Ok(None);
    };
    let Aim::PasswordReset(user) = link.aim else { return Ok(None) };
    let may = may_still(tx, &link, user, now).await?;
    Ok(may.then_some((link, user)))
}

async fn set(
    tx: &mut WriteTx<'_>,
    (user, mailed): (UserId, bool),
    (hash, event): (&str, &Event),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(person) = users::by_id(tx, user).await? else { return Ok(false) };
    users::set_password(tx, user, hash, person.email.as_str(), now).await?;
    sessions::end_all(tx, user, None, now).await?;
    forget_failures(tx, &person.email).await?;
    let verified = mailed && users::verify(tx, user, person.email.as_str(), now).await?;
    let event = event.clone().in_tenant(told_in(tx, user, now).await?);
    let event = if verified { event.also(VERIFIED) } else { event };
    event.write(tx).await?;
    Ok(true)
}

async fn refuse(ctx: &Ctx, digest: [u8; 32], origin: &Origin) -> Result<(), Failure> {
    let event = ctx.event(Actor::ANONYMOUS, "password_reset.refused", origin).refused();
    let event = event.because("no such token, or over");
    let now = ctx.now();
    let whose: Result<Option<(UserId, Option<TenantId>)>, StoreError> =
        ctx.store.read(move |tx| Box::pin(async move { whose(tx, &digest, now).await })).await;
    let event = match whose? {
        Some((user, tenant)) => event.on("user", user.uuid()).in_tenant(tenant),
        None => event,
    };
    refusals::tell(ctx, event, origin).await?;
    Err(invalid())
}

/// Of a link that may be over: the person, and the tenant that is told.
async fn whose(
    tx: &mut ReadTx<'_>,
    digest: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(UserId, Option<TenantId>)>, StoreError> {
    let Some(link) = links::by_digest(tx, digest).await? else { return Ok(None) };
    let Aim::PasswordReset(user) = link.aim else { return Ok(None) };
    Ok(Some((user, told_in(tx, user, now).await?)))
}
