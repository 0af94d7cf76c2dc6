//! A membership that nobody else changes until the commit, and whether it is the caller's to change.

use domain::decision::Authority;
use domain::membership::Membership;
use domain::{Permission, TenantId, Timestamp, UserId};
use store::WriteTx;

use super::all_takeable;
use crate::authorize::Stop;
use crate::failure::{Failure, Kind};
use crate::last::Before;
use crate::principal::{Caller, Profile, judge_again, load_profile};
use crate::turn;

/// What of somebody a write may touch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Touches {
    Membership,
    /// The person too, where the membership is the only one.
    Person,
}

pub(super) struct Held {
    pub person: Profile,
    pub membership: Membership,
    /// The caller's, as it is now.
    pub authority: Authority,
    before: Before,
    /// The caller no longer may, since somebody changed him meanwhile.
    denied: Option<Failure>,
}

impl Held {
    /// Takes user and tenant, judges the caller anew, and finds a membership that is his to change; `None`: there is none.
    ///
    /// Of two administrators who demote each other at once, the second has lost the permission when his turn comes. Where
    /// the person is touched too, it is told to him all the same that nobody would be left: a lost permission waits for
    /// [`Self::check`].
    pub(super) async fn take(
        tx: &mut WriteTx<'_>,
        caller: &Caller,
        (user, tenant): (UserId, TenantId),
        touches: Touches,
        now: Timestamp,
    ) -> Result<Option<Self>, Stop> {
        turn::of_people(tx, caller, Some(user)).await?;
        let Some(person) = load_profile(tx, user).await? else { return Ok(None) };
        let membership = person.membership(tenant).cloned();
        let only = touches == Touches::Person && membership.is_some() && person.memberships.len() == 1;
        let before = if only {
            Before::of_person(tx, &person.user, now).await?
        } else {
            Before::of_tenant(tx, tenant, now).await?
        };
        let asked = Some((Permission::USERS_WRITE, Some(tenant)));
        let (authority, denied) = match judge_again(tx, caller, &asked, now).await {
            Ok(principal) => (principal.authority, None),
            Err(failure) if failure.kind == Kind::Forbidden && touches == Touches::Person => {
                (caller.principal().authority.clone(), Some(failure))
            }
            Err(failure) => return Err(failure.into()),
        };
        let Some(membership) = membership else {
            // Who may no longer is not told who is here.
            return denied.map_or(Ok(None), |failure| Err(failure.into()));
        };
        all_takeable((&authority, caller.door), &membership.roles)?;
        Ok(Some(Self { person, membership, authority, before, denied }))
    }

    /// Comes after the change.
    ///
    /// # Errors
    /// `Conflict` where nobody would be left to administer; `Forbidden` where the caller may no more.
    pub(super) async fn check(self, tx: &mut WriteTx<'_>, now: Timestamp) -> Result<(), Failure> {
        self.before.check(tx, now).await?;
        self.denied.map_or(Ok(()), Err)
    }
}
