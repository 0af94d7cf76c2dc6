//! Ending sessions: one's own by id, all of one's own but the presented one, or that of a refresh token.
//!
//! Asks for no permission, only for oneself. Audits `session.ended`.

use domain::audit::{Actor, Origin};
use domain::session::Opening;
use domain::{SessionId, UserId};
use secrecy::{ExposeSecret, SecretString};
use store::{StoreError, families, sessions};

use crate::Ctx;
use crate::authorize::{interactive, person};
use crate::failure::Failure;
use crate::principal::{Caller, digest, judge_again};
use crate::turn;

/// Ends one open session of the caller's own.
///
/// # Errors
/// `NotFound` for one that is not there, has ended, or is another's: the same answer.
pub async fn one(ctx: &Ctx, caller: &Caller, id: SessionId) -> Result<(), Failure> {
    let user = person(caller)?;
    interactive(caller)?;
    let event = ctx.event_by(caller, "session.ended").on("session", id.uuid()).because("by its owner");
    let (now, caller) = (ctx.now(), caller.clone());
    let ended: Result<bool, Failure> = ctx
        .store
        .write(move |tx| {
            let (event, caller) = (event.clone(), caller.clone());
            Box::pin(async move {
                turn::of_people(tx, &caller, None).await?;
                judge_again(tx, &caller, &None, now).await?;
                let own = sessions::by_id(tx, id).await?.is_some_and(|s| s.user == user && s.is_live(now));
                if !own || !sessions::end(tx, id, now).await? {
                    return Ok(false);
                }
                event.write(tx).await?;
                Ok(true)
            })
        })
        .await;
    if ended? { Ok(()) } else { Err(Failure::not_found()) }
}

/// Ends every session of the caller's own but the presented one; how many.
pub async fn others(ctx: &Ctx, caller: &Caller) -> Result<u64, Failure> {
    let user: UserId = person(caller)?;
    interactive(caller)?;
    let keep = caller.principal().credential.session;
    let event =
        ctx.event_by(caller, "session.ended").on("user", user.uuid()).because("all others, by their owner");
    let (now, caller) = (ctx.now(), caller.clone());
    ctx.store
        .write(move |tx| {
            let (event, caller) = (event.clone(), caller.clone());
            Box::pin(async move {
                turn::of_people(tx, &caller, None).await?;
                judge_again(tx, &caller, &None, now).await?;
                let count = sessions::end_all(tx, user, keep, now).await?;
                event.write(tx).await?;
                Ok(count)
            })
        })
        .await
}

/// Ends the session behind a refresh token of one door, whether it was rotated or not; `false`: there is none.
pub async fn by_refresh_token(
    ctx: &Ctx,
    presented: &SecretString,
    opening: Opening,
    origin: &Origin,
) -> Result<bool, StoreError> {
    let key = digest(presented.expose_secret());
    let event = ctx.event(Actor::ANONYMOUS, "session.ended", origin).because("by its refresh token");
    let now = ctx.now();
    ctx.store
        .write(move |tx| {
            let event = event.clone();
            Box::pin(async move {
                let Some(token) = families::token(tx, &key).await? else { return Ok(false) };
                let Some(family) = families::by_id(tx, token.family).await? else { return Ok(false) };
                if family.opening != opening || !families::end(tx, family.id, now).await? {
                    return Ok(false);
                }
                let tenant = sessions::by_id(tx, family.session).await?.and_then(|session| session.tenant);
                event.on("session", family.session.uuid()).in_tenant(tenant).write(tx).await?;
                Ok(true)
            })
        })
        .await
}
