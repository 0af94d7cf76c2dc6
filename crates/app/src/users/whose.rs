//! Whose user is it (design §6): the one place that says so.
//!
//! A person as a whole (e-mail, password, profile, lock, deletion) belongs to himself, to an operator, and to the
//! administrator of a tenant only while that tenant is the person's only one. A membership elsewhere that has ended or
//! is inactive still counts as elsewhere: its tenant could let it count again, and would find somebody whose password
//! another one has set.

use domain::decision::{Authority, Door, Reason};
use domain::{Permission, TenantId, Timestamp, UserId};
use store::{ReadTx, StoreError, WriteTx};

use crate::Ctx;
use crate::audit::Event;
use crate::authorize::{Decided, Stop, authorize, interactive};
use crate::failure::{Failure, Kind};
use crate::members::all_takeable;
use crate::principal::{Caller, Principal, Profile, judge_again, load_profile};
use crate::turn;

/// What makes a person the caller's to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is the caller.
    Oneself,
    Operator,
    /// `users:write` in the only tenant of the person.
    Administrator(TenantId),
}

/// What makes a person the caller's to change, and the decision behind it.
pub(crate) struct Claimed {
    pub claim: Claim,
    /// `None`: nobody is asked about oneself.
    decided: Option<Decided>,
}

impl Claimed {
    /// An event on the person that says why it was allowed.
    pub(crate) fn event(&self, ctx: &Ctx, caller: &Caller, (action, id): (&'static str, UserId)) -> Event {
        let event = ctx.event_by(caller, action).on("user", id.uuid());
        match &self.decided {
            Some(decided) => event.decided(decided),
            None => event.because("oneself"),
        }
    }
}

/// Whether the credential shows the person at all: oneself, to an operator, to its tenant.
pub(crate) fn sees(principal: &Principal, door: Door, person: &Profile) -> bool {
    let oneself = principal.profile().is_some_and(|profile| profile.user.id == person.user.id);
    let here = principal.tenant.is_some_and(|tenant| person.membership(tenant).is_some());
    oneself || here || principal.authority.operates(door)
}

/// # Errors
/// `Hidden` for who is not visible; `Refused` for who belongs to others too, runs the installation, or holds a role that
/// the credential may not take.
pub(crate) fn claim(principal: &Principal, door: Door, person: &Profile) -> Result<Claim, Stop> {
    if principal.profile().is_some_and(|profile| profile.user.id == person.user.id) {
        return Ok(Claim::Oneself);
    }
    of_another(&principal.authority, door, person)
}

/// The same of somebody who is not the person: by what he may do in the tenant of the authority.
pub(crate) fn of_another(authority: &Authority, door: Door, person: &Profile) -> Result<Claim, Stop> {
    if authority.operates(door) {
        return Ok(Claim::Operator);
    }
    let here = authority.tenant.and_then(|tenant| person.membership(tenant));
    let here = here.ok_or_else(|| Failure { kind: Kind::Hidden, ..Failure::not_found() })?;
    if person.user.operator || person.memberships.len() > 1 {
        return Err(Stop::Refused(Reason::NotYours));
    }
    all_takeable((authority, door), &here.roles)?;
    Ok(Claim::Administrator(here.tenant.id))
}

/// Comes before anything slow: whether the person is the caller's to change. Of oneself it asks for an interactive
/// credential, of others for `users:write`. A refusal is audited.
pub(crate) async fn owned(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<Claimed, Failure> {
    if caller.user_id() == Some(id) {
        interactive(caller)?;
        return Ok(Claimed { claim: Claim::Oneself, decided: None });
    }
    let tenant = caller.principal().tenant;
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, tenant).await?;
    let found: Result<Option<Profile>, StoreError> =
        ctx.store.read(move |tx| Box::pin(load_profile(tx, id))).await;
    let person = found?.ok_or_else(Failure::not_found)?;
    match claim(caller.principal(), caller.door, &person) {
        Ok(claim) => Ok(Claimed { claim, decided: Some(decided) }),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

/// A person whom nobody else changes until the commit, and whose the caller may do so now.
pub(crate) struct Owned {
    pub person: Profile,
    pub claim: Claim,
    /// The caller, as he is now.
    pub principal: Principal,
}

impl Owned {
    /// Comes first in the transaction.
    ///
    /// # Errors
    /// `NotFound`, and as [`claim`].
    pub(crate) async fn take(
        tx: &mut WriteTx<'_>,
        caller: &Caller,
        id: UserId,
        now: Timestamp,
    ) -> Result<Self, Stop> {
        if !turn::of_people(tx, caller, Some(id)).await? {
            return Err(Failure::not_found().into());
        }
        let oneself = caller.user_id() == Some(id);
        let asked = (!oneself).then(|| (Permission::USERS_WRITE, caller.principal().tenant));
        let principal = judge_again(tx, caller, &asked, now).await?;
        let person = load_profile(tx, id).await?.ok_or_else(Failure::not_found)?;
        let claim = claim(&principal, caller.door, &person)?;
        Ok(Self { person, claim, principal })
    }

    /// The tenant whose audit trail tells of it: one that the person is in. Of oneself and of an administrator that is the
    /// tenant of the credential; what an operator does is not told to the tenant that he happens to be signed in to.
    pub(crate) fn told_in(&self, now: Timestamp) -> Option<TenantId> {
        let here = self.principal.tenant.filter(|_| self.claim != Claim::Operator);
        let here = here.filter(|tenant| self.person.membership(*tenant).is_some());
        here.or_else(|| self.person.told_in(now))
    }
}

/// The same for who is no caller: the command line, and whoever holds a link.
pub(crate) async fn told_in(
    tx: &mut ReadTx<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Option<TenantId>, StoreError> {
    Ok(load_profile(tx, user).await?.and_then(|person| person.told_in(now)))
}
