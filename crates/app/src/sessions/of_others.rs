//! The open sessions of a user, for whoever looks after him. Asks for `sessions:admin`, of oneself for nothing: an
//! administrator sees and ends those that are bound to his tenant, an operator and oneself all. Audits `session.ended`.

use domain::session::Session;
use domain::{Permission, SessionId, TenantId, Timestamp, UserId};
use store::{StoreError, WriteTx, sessions};

use crate::Ctx;
use crate::audit::Event;
use crate::authorize::{Decided, authorize, interactive};
use crate::failure::{Failure, Kind};
use crate::principal::{Caller, Profile, judge_again, load_profile};
use crate::users::sees;

/// Newest first, `limit` at most, behind `before` (its time and number) where given.
///
/// # Errors
/// `Hidden` or `NotFound` for a user who is not visible.
pub async fn list(
    ctx: &Ctx,
    caller: &Caller,
    user: UserId,
    limit: i64,
    before: Option<(Timestamp, i64)>,
) -> Result<Vec<Session>, Failure> {
    let (bound, _) = bound(ctx, caller, user).await?;
    let now = ctx.now();
    let open: Result<Vec<Session>, StoreError> = ctx
        .store
        .read(move |tx| {
            Box::pin(async move {
                match bound {
                    None => sessions::open(tx, user, now, limit, before).await,
                    Some(tenant) => sessions::open_in(tx, (user, tenant), now, limit, before).await,
                }
            })
        })
        .await;
    Ok(open?)
}

/// # Errors
/// `Hidden` for a session that is not there, has ended, or is bound elsewhere: the same answer.
pub async fn end(ctx: &Ctx, caller: &Caller, user: UserId, id: SessionId) -> Result<(), Failure> {
    let (bound, event) = ending(ctx, caller, user).await?;
    let event = event.on("session", id.uuid());
    let (now, by) = (ctx.now(), caller.clone());
    let ended: Result<(), Failure> = ctx
        .store
        .write(move |tx| {
            let (event, by) = (event.clone(), by.clone());
            Box::pin(async move {
                again(tx, &by, user, now).await?;
                let open = sessions::by_id(tx, id).await?.filter(|s| s.user == user && s.is_live(now));
                let open = open.filter(|s| bound.is_none() || s.tenant == bound).ok_or_else(hidden)?;
                sessions::end(tx, id, now).await?;
                Ok(event.in_tenant(open.tenant).write(tx).await?)
            })
        })
        .await;
    ended
}

/// All that the caller sees; how many. One event for each tenant that they were bound to.
///
/// # Errors
/// As [`list`].
pub async fn end_all(ctx: &Ctx, caller: &Caller, user: UserId) -> Result<u64, Failure> {
    let (bound, event) = ending(ctx, caller, user).await?;
    let event = event.on("user", user.uuid()).also("all");
    let (now, by) = (ctx.now(), caller.clone());
    ctx.store
        .write(move |tx| {
            let (event, by) = (event.clone(), by.clone());
            Box::pin(async move {
                again(tx, &by, user, now).await?;
                let Some(tenant) = bound else {
                    // Each tenant reads of its own sessions.
                    for tenant in sessions::bound_to(tx, user, now).await? {
                        event.copy_in(tenant).write(tx).await?;
                    }
                    return Ok(sessions::end_all(tx, user, None, now).await?);
                };
                let count = sessions::end_in(tx, user, tenant, now).await?;
                if count > 0 {
                    event.in_tenant(bound).write(tx).await?;
                }
                Ok(count)
            })
        })
        .await
}

async fn again(tx: &mut WriteTx<'_>, caller: &Caller, user: UserId, now: Timestamp) -> Result<(), Failure> {
    let others = caller.user_id() != Some(user);
    let asked = others.then(|| (Permission::SESSIONS_ADMIN, caller.principal().tenant));
    judge_again(tx, caller, &asked, now).await.map(drop)
}

/// As [`bound`], with the event that says why it was allowed; one's own are ended interactively (design §6).
async fn ending(ctx: &Ctx, caller: &Caller, user: UserId) -> Result<(Option<TenantId>, Event), Failure> {
    if caller.user_id() == Some(user) {
        interactive(caller)?;
    }
    let (bound, decided) = bound(ctx, caller, user).await?;
    let event = ctx.event_by(caller, "session.ended");
    let event = match decided {
        Some(decided) => event.decided(&decided),
        None => event.because("by its owner"),
    };
    Ok((bound, event))
}

/// The tenant whose sessions the caller sees, `None`: all; and the decision, of which one's own need none.
async fn bound(
    ctx: &Ctx,
    caller: &Caller,
    user: UserId,
) -> Result<(Option<TenantId>, Option<Decided>), Failure> {
    if caller.user_id() == Some(user) {
        return Ok((None, None));
    }
    let principal = caller.principal();
    let decided = authorize(ctx, caller, &Permission::SESSIONS_ADMIN, principal.tenant).await?;
    let found: Result<Option<Profile>, StoreError> =
        ctx.store.read(move |tx| Box::pin(load_profile(tx, user))).await;
    let profile = found?.ok_or_else(hidden)?;
    if !sees(principal, caller.door, &profile) {
        return Err(hidden());
    }
    let tenant = if principal.authority.operates(caller.door) { None } else { principal.tenant };
    Ok((tenant, Some(decided)))
}

fn hidden() -> Failure {
    Failure { kind: Kind::Hidden, ..Failure::not_found() }
}
