//! Changing a membership: roles, sites, end, active. Asks for `users:write`. Audits `member.changed`.

use domain::membership::Membership;
use domain::{Permission, TenantId, Timestamp, UserId};
use store::memberships::Seat;
use store::{WriteTx, memberships};

use super::held::{Held, Touches};
use super::term::{self, Term};
use super::told::became;
use super::{Member, all_assignable, list, named_roles, named_sites};
use crate::Ctx;
use crate::authorize::{Stop, authorize};
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::room_for_user;

#[derive(Clone, Debug)]
pub struct Command {
    pub tenant: TenantId,
    pub user: UserId,
    /// What the membership shall hold: keys or ids; `None`: leave them.
    pub roles: Option<Vec<String>>,
    /// The same of sites.
    pub sites: Option<Vec<String>>,
    /// `Some(None)`: it does not end by itself. A moment that is over ends it at once.
    pub expires_at: Option<Option<Timestamp>>,
    pub active: Option<bool>,
}

/// A membership that does not count any more ends the sessions bound to it. While it is inactive its tokens rest; those of
/// one that had ended are revoked when it counts again. What changes nothing is not written and not audited.
///
/// # Errors
/// `Hidden` for who is no member; `Forbidden` for one who holds a role that the caller may not take, for a role that the
/// caller may not give, and with code `quota_exceeded` where an ended membership would count again; `Conflict` with code
/// `last_administrator`; `Invalid` names `roles` or `sites`.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Member, Failure> {
    let tenant = command.tenant;
    let caller = &caller.about(command.user);
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, Some(tenant)).await?;
    let event = ctx.event_by(caller, "member.changed").decided(&decided).in_tenant(Some(tenant));
    let event = event.on("user", command.user.uuid());
    let (now, by) = (ctx.now(), caller.clone());
    let changed: Result<Member, Stop> = ctx
        .store
        .write(move |tx| {
            let (command, event, by) = (command.clone(), event.clone(), by.clone());
            Box::pin(async move {
                let user = command.user;
                let held = Held::take(tx, &by, (user, tenant), Touches::Membership, now).await?;
                let held = held.ok_or_else(list::hidden)?;
                let was = list::find(tx, tenant, user).await?.ok_or_else(list::hidden)?;
                let shall = shall(tx, &held, (&command, &by)).await?;
                write(tx, &held.membership, &shall, now).await?;
                held.check(tx, now).await?;
                let is = list::find(tx, tenant, user).await?.ok_or_else(list::hidden)?;
                if let Some(words) = became(&was, &is) {
                    event.also(&words).write(tx).await?;
                }
                Ok(is)
            })
        })
        .await;
    match changed {
        Ok(member) => Ok(member),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

async fn shall(
    tx: &mut WriteTx<'_>,
    held: &Held,
    (command, caller): (&Command, &Caller),
) -> Result<Seat, Stop> {
    let mut seat = seat(&held.membership);
    if let Some(names) = &command.roles {
        let visible = store::roles::visible(tx, command.tenant).await?;
        let given = named_roles(&visible, names)?;
        all_assignable((&held.authority, caller.door), &given, &seat.roles)?;
        seat.roles = given.iter().map(|role| role.id).collect();
        seat.roles.sort_unstable();
    }
    if let Some(names) = &command.sites {
        seat.sites = named_sites(tx, command.tenant, names).await?;
        seat.sites.sort_unstable();
    }
    seat.expires_at = command.expires_at.unwrap_or(seat.expires_at);
    seat.active = command.active.unwrap_or(seat.active);
    Ok(seat)
}

pub(super) fn seat(membership: &Membership) -> Seat {
    let mut roles: Vec<_> = membership.roles.iter().map(|role| role.id).collect();
    let mut sites: Vec<_> = membership.sites.iter().map(|site| site.id).collect();
    roles.sort_unstable();
    sites.sort_unstable();
    Seat { active: membership.active, expires_at: membership.expires_at, roles, sites }
}

/// Of a membership that is held. What changes nothing is not written.
pub(super) async fn write(
    tx: &mut WriteTx<'_>,
    membership: &Membership,
    shall: &Seat,
    now: Timestamp,
) -> Result<(), Failure> {
    let (user, tenant, is) = (membership.user, membership.tenant.id, seat(membership));
    if is == *shall {
        return Ok(());
    }
    let (was, is) = (Term::of(&is), Term::of(shall));
    if was.is_over(now) && !is.is_over(now) {
        room_for_user(tx, tenant, now).await?;
    }
    memberships::set(tx, (user, tenant), shall).await?;
    Ok(term::settle(tx, (user, tenant), (was, Some(is)), now).await?)
}
