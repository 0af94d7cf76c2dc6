//! The open sessions of a user, for whoever looks after him. Asks for `sessions:admin`, of oneself for nothing: an
//! administrator sees and ends those that are bound to his tenant, an operator and oneself all. Audits `session.ended`.

use domain::session::Session;
use domain::{Permission, SessionId, TenantId, Timestamp, UserId};
use store::{StoreError, WriteTx, sessions};

use crate::Ctx;
use crate::act::Act;
use crate::authorize::{Decided, authorize, interactive};
use crate::failure::{Failure, Kind};
use crate::principal::{Caller, Profile, load_profile};
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
    let act = ending(ctx, caller, user).await?;
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                let bound = again(tx, &act, user).await?;
                let open = sessions::by_id(tx, id).await?.filter(|s| s.user == user && s.is_live(act.now));
                let open = open.filter(|s| bound.is_none() || s.tenant == bound).ok_or_else(hidden)?;
                sessions::end(tx, id, act.now).await?;
                Ok(act.in_tenant(open.tenant).tell(tx, ("session", id.uuid()), "").await?)
            })
        })
        .await
}

/// All that the caller sees; how many. One event for each tenant that they were bound to.
///
/// # Errors
/// As [`list`].
pub async fn end_all(ctx: &Ctx, caller: &Caller, user: UserId) -> Result<u64, Failure> {
    let act = ending(ctx, caller, user).await?;
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                let bound = again(tx, &act, user).await?;
                let (now, event) = (act.now, act.event.on("user", user.uuid()).also("all"));
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

/// The tenant whose sessions the caller may end now; `None`: all.
async fn again(tx: &mut WriteTx<'_>, act: &Act, user: UserId) -> Result<Option<TenantId>, Failure> {
    let authority = act.in_turn(tx).await?;
    let all = act.caller.user_id() == Some(user) || authority.operates(act.caller.door);
    // An operator who was one a moment ago, and is signed in to no tenant, is refused already.
    Ok(authority.tenant.filter(|_| !all))
}

/// As [`bound`], for whom to judge again, with why it was allowed; one's own are ended interactively (design §6).
async fn ending(ctx: &Ctx, caller: &Caller, user: UserId) -> Result<Act, Failure> {
    if caller.user_id() == Some(user) {
        interactive(caller)?;
    }
    let (_, decided) = bound(ctx, caller, user).await?;
    let asked = decided.as_ref().map(|_| (Permission::SESSIONS_ADMIN, caller.principal().tenant));
    let event = ctx.event_by(caller, "session.ended");
    let event = match decided {
        Some(decided) => event.decided(&decided),
        None => event.because("by its owner"),
    };
    let caller = caller.about(user);
    Ok(Act { caller, now: ctx.now(), asked, event })
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
    let caller = &caller.about(user);
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
