//! Joining a tenant, whoever lets somebody in: an operator, an administrator who makes a user, an invitation.

use std::sync::Arc;

use domain::decision::{Authority, Door, Reason};
use domain::membership::Membership;
use domain::{Role, RoleId, TenantId, Timestamp, UserId};
use store::memberships::Seat;
use store::{ReadTx, StoreError, WriteTx, memberships};

use super::named;
use super::term::{self, Term};
use crate::authorize::Stop;
use crate::failure::Failure;
use crate::tenants::room_for_user;

/// A membership as somebody asks for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Keys or ids; `None`: the default role.
    pub roles: Option<Vec<String>>,
    /// Keys or ids.
    pub sites: Vec<String>,
    /// In the future.
    pub expires_at: Option<Timestamp>,
    /// Whether it counts at once.
    pub active: bool,
}

impl Wanted {
    /// What it comes to in the tenant, and the roles in it, for [`all_assignable`].
    ///
    /// # Errors
    /// `Invalid` names `roles`, `sites` or `expires_at`.
    pub(crate) async fn settle(
        &self,
        tx: &mut ReadTx<'_>,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<(Seat, Vec<Role>), Failure> {
        if self.expires_at.is_some_and(|end| end <= now) {
            return Err(Failure::invalid_field("expires_at", "must be in the future"));
        }
        let visible = store::roles::visible(tx, tenant).await?;
        let roles = match &self.roles {
            Some(names) => named::roles(&visible, names)?,
            None => named::default_roles(visible),
        };
        let sites = named::sites(tx, tenant, &self.sites).await?;
        let held = roles.iter().map(|role| role.id).collect();
        let seat = Seat { active: self.active, expires_at: self.expires_at, roles: held, sites };
        Ok((seat, roles))
    }
}

/// Whether the credential may let somebody hold these roles together, who `already` holds some of them: each new one is
/// its to give, and together they show no collection that it does not see (else to take away the role that narrows
/// somebody would show him all).
///
/// # Errors
/// Names the first role that stands against it.
pub(crate) fn all_assignable(
    (authority, door): (&Authority, Door),
    roles: &[Role],
    already: &[RoleId],
) -> Result<(), Stop> {
    let new = |role: &&Role| !already.contains(&role.id);
    let ungiven = roles.iter().filter(new).find(|role| !authority.may_give(role, door));
    within((authority, door), &roles.iter().collect::<Vec<_>>(), ungiven)
}

/// Whether somebody who holds these roles is the caller's to change.
///
/// # Errors
/// Names the first role that the credential may not take, or by which they show a collection that it does not see.
pub(crate) fn all_takeable((authority, door): (&Authority, Door), roles: &[Arc<Role>]) -> Result<(), Stop> {
    let roles: Vec<&Role> = roles.iter().map(AsRef::as_ref).collect();
    let untaken = roles.iter().copied().find(|role| !authority.may_take(role, door));
    within((authority, door), &roles, untaken)
}

fn within(
    (authority, door): (&Authority, Door),
    roles: &[&Role],
    against: Option<&Role>,
) -> Result<(), Stop> {
    let beyond = || if authority.operates(door) { None } else { authority.shown_beyond(roles) };
    match against.or_else(beyond) {
        None => Ok(()),
        Some(role) => Err(Stop::Refused(Reason::NotAssignable { role: role.key.clone() })),
    }
}

/// Makes the user a member. Comes behind `store::users::hold` (not for a user made in the same transaction) and
/// `store::tenants::revise`. A membership that ended makes way for the new one,
/// with the sessions and tokens that hung on it: they do not come back with other roles.
///
/// # Errors
/// `Forbidden` with code `quota_exceeded`; `Conflict` where there is a membership that has not ended.
pub(crate) async fn join(
    tx: &mut WriteTx<'_>,
    (user, tenant): (UserId, TenantId),
    seat: &Seat,
    now: Timestamp,
) -> Result<(), Failure> {
    room_for_user(tx, tenant, now).await?;
    let here = memberships::of_user(tx, user).await?.into_iter().find(|m| m.tenant.id == tenant);
    let was = here.map(|here| Term { active: here.active, expires_at: here.expires_at });
    if let Some(was) = was.filter(|was| was.is_over(now)) {
        term::settle(tx, (user, tenant), (was, Some(Term::of(seat))), now).await?;
        return Ok(memberships::renew(tx, (user, tenant), seat, now).await?);
    }
    Ok(memberships::add(tx, (user, tenant), seat, now).await?)
}

/// Takes a membership that is held away, with the sessions and tokens that hung on it: a later one does not bring them
/// back.
pub(super) async fn leave(
    tx: &mut WriteTx<'_>,
    membership: &Membership,
    now: Timestamp,
) -> Result<(), StoreError> {
    let whose = (membership.user, membership.tenant.id);
    let was = Term { active: membership.active, expires_at: membership.expires_at };
    term::settle(tx, whose, (was, None), now).await?;
    memberships::remove(tx, whose.0, whose.1).await.map(drop)
}
