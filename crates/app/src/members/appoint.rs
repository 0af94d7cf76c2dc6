//! Giving a member one role, and letting him in or shutting him out: both or neither. Asks for `users:write`. Audits
//! `member.changed` with what was and what is.

use domain::user::User;
use domain::{EmailAddress, Permission, Role, TenantId, Timestamp};
use store::memberships::Seat;
use store::users::Standing;
use store::{ReadTx, WriteTx};

use super::addressed::{Addressed, Error, Halt};
use super::change::{self, seat};
use super::held::Held;
use super::told::became;
use super::{Member, all_assignable, list, role_by_key};
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::users::{by, lock, stand, standing};

#[derive(Clone, Debug)]
pub struct Command {
    pub email: EmailAddress,
    /// Key of the one role that he shall hold; `None`, or the strongest that he holds: all roles stay.
    pub role: Option<String>,
    /// `false` deactivates the membership, and the person too where it is the only one; `true` ends both, and a lock.
    pub active: Option<bool>,
}

/// Sessions of the tenant end with a deactivation and stay ended; keys rest, and work again afterwards.
///
/// # Errors
/// As [`Error`]; `Conflict` with code `last_administrator`.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Member, Error> {
    let tenant = caller.principal().tenant;
    let caller = &caller.about(command.email.clone());
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, tenant).await.map_err(Error::Refused)?;
    let tenant = tenant.ok_or(Error::Missing)?;
    let event = ctx.event_by(caller, "member.changed").decided(&decided);
    let (now, by_caller) = (ctx.now(), caller.clone());
    let appointed: Result<Member, Halt> = ctx
        .store
        .write(move |tx| {
            let (command, event, caller) = (command.clone(), event.clone(), by_caller.clone());
            Box::pin(async move {
                let role = wanted(tx, tenant, command.role.as_deref()).await?;
                let Addressed { held, whole } =
                    Addressed::take(tx, &caller, (&command.email, tenant), now).await?;
                let id = held.person.user.id;
                let was = list::find(tx, tenant, id).await?.ok_or(Halt::Missing)?;
                let shall = shall(&held, &caller, role, command.active)?;
                change::write(tx, &held.membership, &shall, now).await?;
                if let Some(active) = command.active.filter(|_| whole) {
                    let_in_or_shut_out(tx, &held.person.user, active, (&by(&caller), now)).await?;
                }
                held.check(tx, now).await?;
                let is = list::find(tx, tenant, id).await?.ok_or(Halt::Missing)?;
                if let Some(words) = became(&was, &is) {
                    event.on("user", id.uuid()).also(&words).write(tx).await?;
                }
                Ok(is)
            })
        })
        .await;
    match appointed {
        Ok(member) => Ok(member),
        Err(halt) => Err(halt.told(ctx, caller).await),
    }
}

/// The role is looked for before the person is.
async fn wanted(tx: &mut ReadTx<'_>, tenant: TenantId, key: Option<&str>) -> Result<Option<Role>, Halt> {
    let Some(key) = key else { return Ok(None) };
    let role = role_by_key(store::roles::visible(tx, tenant).await?, key);
    role.map(Some).ok_or(Halt::Role)
}

fn shall(held: &Held, caller: &Caller, role: Option<Role>, active: Option<bool>) -> Result<Seat, Halt> {
    let mut seat = seat(&held.membership);
    let shown = held.membership.highest_role().map(|highest| highest.id);
    if let Some(role) = role.filter(|role| Some(role.id) != shown) {
        let id = role.id;
        all_assignable((&held.authority, caller.door), &[role], &[])?;
        seat.roles = vec![id];
    }
    seat.active = active.unwrap_or(seat.active);
    Ok(seat)
}

/// The person too, where it is in no other tenant.
async fn let_in_or_shut_out(
    tx: &mut WriteTx<'_>,
    user: &User,
    active: bool,
    (by, now): (&str, Timestamp),
) -> Result<(), Failure> {
    let is = standing(user);
    stand(tx, user, (&is, &Standing { active, ..is.clone() }), (by, now)).await?;
    if active {
        lock::write(tx, user, false, (by, now)).await?;
    }
    Ok(())
}
