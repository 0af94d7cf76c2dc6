//! A member whom a caller names by e-mail, and the person behind the membership where it is the person's only one.

use domain::decision::{Authority, Reason};
use domain::membership::Membership;
use domain::{EmailAddress, Permission, TenantId, Timestamp};
use store::{StoreError, WriteTx, users};

use super::all_takeable;
use crate::Ctx;
use crate::authorize::Stop;
use crate::failure::{Failure, Kind};
use crate::last::Before;
use crate::principal::{Caller, Profile, judge_again, load_profile};
use crate::turn;

/// Why nothing was changed.
#[derive(Debug)]
pub enum Error {
    Refused(Failure),
    /// Nobody in the tenant has that address.
    Missing,
    /// No role of the tenant has that key.
    Role,
    /// A role that the caller may not give, or not take away.
    NotAssignable,
}

/// The same inside the transaction, where nothing can be told of a refusal.
pub(super) enum Halt {
    Stop(Stop),
    Missing,
    Role,
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Stop(failure.into())
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Stop(error.into())
    }
}

impl Halt {
    /// Comes after the transaction: a refusal is audited.
    pub(super) async fn told(self, ctx: &Ctx, caller: &Caller) -> Error {
        let stop = match self {
            Self::Missing => return Error::Missing,
            Self::Role => return Error::Role,
            Self::Stop(stop) => stop,
        };
        let assigning = matches!(&stop, Stop::Refused(Reason::NotAssignable { .. }));
        let failure = stop.told(ctx, caller, &Permission::USERS_WRITE).await;
        if assigning { Error::NotAssignable } else { Error::Refused(failure) }
    }
}

/// A member whom nobody else changes until the commit.
pub(super) struct Addressed {
    pub person: Profile,
    pub membership: Membership,
    /// The person is in no other tenant: the whole of it is this tenant's to change. A membership elsewhere counts
    /// whether it is live or not, as everywhere (`users::whose`).
    pub whole: bool,
    before: Before,
    /// The caller's, as it is now.
    pub authority: Authority,
    /// The caller no longer may, since somebody changed him meanwhile.
    denied: Option<Failure>,
}

impl Addressed {
    /// Takes user and tenant, and judges the caller anew. Of two administrators who demote each other at once, the
    /// second has lost the permission when his turn comes; that nobody would be left is told to him all the same, so a
    /// lost permission waits for [`Self::check`].
    pub(super) async fn take(
        tx: &mut WriteTx<'_>,
        caller: &Caller,
        (email, tenant): (&EmailAddress, TenantId),
        now: Timestamp,
    ) -> Result<Self, Halt> {
        let id = users::by_email(tx, email).await?.ok_or(Halt::Missing)?.id;
        turn::of_people(tx, caller, Some(id)).await?;
        let person = load_profile(tx, id).await?.filter(|person| person.user.email == *email);
        let person = person.ok_or(Halt::Missing)?;
        let membership = person.membership(tenant).cloned().ok_or(Halt::Missing)?;
        let whole = person.memberships.len() == 1;
        let before = if whole {
            Before::of_person(tx, &person.user, now).await?
        } else {
            Before::of_tenant(tx, tenant, now).await?
        };
        let asked = Some((Permission::USERS_WRITE, Some(tenant)));
        let (authority, denied) = match judge_again(tx, caller, &asked, now).await {
            Ok(principal) => (principal.authority, None),
            Err(failure) if failure.kind == Kind::Forbidden => {
                (caller.principal().authority.clone(), Some(failure))
            }
            Err(failure) => return Err(failure.into()),
        };
        if person.user.operator && !authority.operates(caller.door) {
            return Err(Stop::Refused(Reason::NotYours).into());
        }
        all_takeable((&authority, caller.door), &membership.roles)?;
        Ok(Self { person, membership, whole, before, authority, denied })
    }

    /// Comes after the change.
    ///
    /// # Errors
    /// `Conflict` where nobody would be left to administer; `Forbidden` where the caller may no more.
    pub(super) async fn check(self, tx: &mut WriteTx<'_>, now: Timestamp) -> Result<(), Halt> {
        self.before.check(tx, now).await?;
        match self.denied {
            None => Ok(()),
            Some(failure) => Err(failure.into()),
        }
    }
}
