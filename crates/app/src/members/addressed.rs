//! A member whom a caller names by e-mail, and the person behind the membership where it is the person's only one.

use domain::decision::Reason;
use domain::{EmailAddress, Permission, TenantId, Timestamp};
use store::{StoreError, WriteTx, users};

use super::held::{Held, Touches};
use crate::Ctx;
use crate::authorize::Stop;
use crate::failure::Failure;
use crate::principal::Caller;

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
    pub held: Held,
    /// The person is in no other tenant: the whole of it is this tenant's to change. A membership elsewhere counts
    /// whether it is live or not, as everywhere (`users::whose`).
    pub whole: bool,
}

impl Addressed {
    /// As [`Held::take`]; who runs the installation is not a tenant's to change.
    pub(super) async fn take(
        tx: &mut WriteTx<'_>,
        caller: &Caller,
        (email, tenant): (&EmailAddress, TenantId),
        now: Timestamp,
    ) -> Result<Self, Halt> {
        let id = users::by_email(tx, email).await?.ok_or(Halt::Missing)?.id;
        let held = Held::take(tx, caller, (id, tenant), Touches::Person, now).await?;
        let held = held.filter(|held| held.person.user.email == *email).ok_or(Halt::Missing)?;
        if held.person.user.operator && !held.authority.operates(caller.door) {
            return Err(Stop::Refused(Reason::NotYours).into());
        }
        let whole = held.person.memberships.len() == 1;
        Ok(Self { held, whole })
    }
}
