//! Changing a membership: roles, sites, end, active. Asks for `users:write`. Audits `member.changed`.

use domain::membership::Membership;
use domain::{Permission, TenantId, Timestamp, UserId};
use store::memberships::Seat;
use store::{WriteTx, memberships};

use super::term::{self, Term};
use super::{Member, all_assignable, all_takeable, list, named_roles, named_sites};
use crate::Ctx;
use crate::authorize::{Stop, authorize};
use crate::failure::Failure;
use crate::last::Before;
use crate::principal::{Caller, Principal, judge_again};
use crate::tenants::room_for_user;
use crate::turn;

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
                let held = Held::take(tx, &by, (user, tenant), now).await?;
                let was = list::find(tx, tenant, user).await?.ok_or_else(list::hidden)?;
                let (is, shall) = (seat(&held.membership), held.shall(tx, &command, &by).await?);
                if is == shall {
                    return Ok(was);
                }
                write(tx, (user, tenant), (&is, &shall), now).await?;
                held.before.check(tx, now).await?;
                let is = list::find(tx, tenant, user).await?.ok_or_else(list::hidden)?;
                event.also(&became(&was, &is)).write(tx).await?;
                Ok(is)
            })
        })
        .await;
    match changed {
        Ok(member) => Ok(member),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

/// A membership that nobody else changes until the commit.
pub(super) struct Held {
    pub membership: Membership,
    pub before: Before,
    principal: Principal,
}

impl Held {
    /// Takes user and tenant, judges the caller anew, and finds a membership that is his to change.
    pub(super) async fn take(
        tx: &mut WriteTx<'_>,
        caller: &Caller,
        (user, tenant): (UserId, TenantId),
        now: Timestamp,
    ) -> Result<Self, Stop> {
        turn::of_people(tx, caller, Some(user)).await?;
        let before = Before::of_tenant(tx, tenant, now).await?;
        let asked = Some((Permission::USERS_WRITE, Some(tenant)));
        let principal = judge_again(tx, caller, &asked, now).await?;
        let here = memberships::of_user(tx, user).await?.into_iter().find(|m| m.tenant.id == tenant);
        let membership = here.ok_or_else(list::hidden)?;
        all_takeable((&principal.authority, caller.door), &membership.roles)?;
        Ok(Self { membership, before, principal })
    }

    async fn shall(&self, tx: &mut WriteTx<'_>, command: &Command, caller: &Caller) -> Result<Seat, Stop> {
        let mut seat = seat(&self.membership);
        if let Some(names) = &command.roles {
            let visible = store::roles::visible(tx, command.tenant).await?;
            let given = named_roles(&visible, names)?;
            all_assignable((&self.principal.authority, caller.door), &given, &seat.roles)?;
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
}

/// What is different, for the audit trail: `roles member, technician -> admin`.
fn became(was: &Member, is: &Member) -> String {
    let joined = |keys: Vec<&str>| if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
    let facts = |member: &Member| {
        [
            ("roles", joined(member.roles.iter().map(|role| role.key.as_str()).collect())),
            ("sites", joined(member.sites.iter().map(|site| site.key.as_str()).collect())),
            ("active", member.active.to_string()),
            ("end", member.expires_at.map_or_else(|| "none".to_owned(), Timestamp::rfc3339_millis)),
        ]
    };
    let pairs = facts(was).into_iter().zip(facts(is)).filter(|(was, is)| was != is);
    let told: Vec<_> = pairs.map(|((what, was), (_, is))| format!("{what} {was} -> {is}")).collect();
    told.join("; ")
}

pub(super) fn seat(membership: &Membership) -> Seat {
    let mut roles: Vec<_> = membership.roles.iter().map(|role| role.id).collect();
    let mut sites: Vec<_> = membership.sites.iter().map(|site| site.id).collect();
    roles.sort_unstable();
    sites.sort_unstable();
    Seat { active: membership.active, expires_at: membership.expires_at, roles, sites }
}

/// Of a membership that is held.
pub(super) async fn write(
    tx: &mut WriteTx<'_>,
    (user, tenant): (UserId, TenantId),
    (is, shall): (&Seat, &Seat),
    now: Timestamp,
) -> Result<(), Failure> {
    let (was, is) = (Term::of(is), Term::of(shall));
    if was.is_over(now) && !is.is_over(now) {
        room_for_user(tx, tenant, now).await?;
    }
    memberships::set(tx, (user, tenant), shall).await?;
    Ok(term::settle(tx, (user, tenant), (was, Some(is)), now).await?)
}
