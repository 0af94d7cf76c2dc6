//! The last administrator of a tenant stays, and the last operator of the installation (design §6): the one judge of
//! it, for demotion, deactivation, lock, deletion, an end date, the end of a role, and a world file.
//!
//! Who counts is live: account and membership, neither deactivated, locked nor over. Of them, one who has a password to sign
//! in with must stay where there was one: whoever was made without, or invited and never came, does not hold a tenant for
//! those who leave. A key is no way in, since it ends by itself and anybody may revoke his own
//! (docs/decisions/0006-who-is-the-last-administrator.md).
//!
//! Whoever could take one away asks [`Before`] first, which makes such writes wait for each other, changes, and then asks
//! [`Before::check`]. A tenant that has none is not made worse and may be changed; so a new one, whose first administrator
//! has not chosen a password yet, can be set up as anybody likes.

use std::collections::BTreeSet;

use domain::user::User;
use domain::{TenantId, Timestamp};
use store::memberships::{Administrators, Operators, administrators, operators};
use store::{StoreError, WriteTx};

use crate::failure::{Failure, Kind};

/// Who could administer before anything was written.
pub(crate) struct Before {
    tenants: Vec<(TenantId, Administrators)>,
    /// `None`: not asked.
    operators: Option<Operators>,
}

/// Who would have nobody.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lost {
    /// Keys, sorted.
    pub tenants: Vec<String>,
    pub operators: bool,
}

impl Before {
    /// Takes the tenants in the order of their ids, then the operators (engine.md §3). `None`: a tenant is gone.
    pub async fn take(
        tx: &mut WriteTx<'_>,
        tenants: &BTreeSet<TenantId>,
        with_operators: bool,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        for tenant in tenants {
            if !store::tenants::revise(tx, *tenant).await? {
                return Ok(None);
            }
        }
        let mut before = Self { tenants: Vec::new(), operators: None };
        for tenant in tenants {
            before.tenants.push((*tenant, administrators(tx, *tenant, now).await?));
        }
        if with_operators {
            store::world::lock_operators(tx).await?;
            before.operators = Some(operators(tx).await?);
        }
        Ok(Some(before))
    }

    /// Wherever the person could be the last. The caller holds the user, so that nobody makes the person a member
    /// elsewhere meanwhile.
    pub async fn of_person(tx: &mut WriteTx<'_>, person: &User, now: Timestamp) -> Result<Self, Failure> {
        let tenants = store::world::tenants_of_user(tx, person.id).await?.into_iter().collect();
        let before = Self::take(tx, &tenants, person.operator, now).await?;
        before.ok_or_else(Failure::not_found)
    }

    /// In one tenant.
    pub async fn of_tenant(tx: &mut WriteTx<'_>, tenant: TenantId, now: Timestamp) -> Result<Self, Failure> {
        let before = Self::take(tx, &BTreeSet::from([tenant]), false, now).await?;
        before.ok_or_else(Failure::not_found)
    }

    /// Tenants that go as a whole need nobody.
    pub fn without(mut self, gone: &BTreeSet<TenantId>) -> Self {
        self.tenants.retain(|(tenant, _)| !gone.contains(tenant));
        self
    }

    /// A tenant loses its administrators, too, when of all that remain every one has an end to the membership, or none can
    /// sign in.
    pub async fn lost(self, tx: &mut WriteTx<'_>, now: Timestamp) -> Result<Lost, StoreError> {
        let mut lost = Lost::default();
        for (tenant, before) in self.tenants {
            let after = administrators(tx, tenant, now).await?;
            if any_lost(&of_tenant(before), &of_tenant(after)) {
                let tenant = store::tenants::by_id(tx, tenant).await?;
                lost.tenants.push(tenant.map(|tenant| tenant.key).unwrap_or_default());
            }
        }
        lost.tenants.sort_unstable();
        lost.operators = match self.operators {
            Some(before) => {
                let after = operators(tx).await?;
                any_lost(&[before.live, before.able], &[after.live, after.able])
            }
            None => false,
        };
        Ok(lost)
    }

    /// Comes after the change.
    ///
    /// # Errors
    /// `Conflict` with code `last_administrator` or `last_operator`: the transaction is rolled back.
    pub async fn check(self, tx: &mut WriteTx<'_>, now: Timestamp) -> Result<(), Failure> {
        let lost = self.lost(tx, now).await?;
        if let Some(key) = lost.tenants.first() {
            let text =
                format!("This is the last administrator of {key} who can sign in; make another one first.");
            return Err(Failure::new(Kind::Conflict, "last_administrator", text));
        }
        if lost.operators {
            let text =
                "This is the last operator of the installation who can sign in; make another one first.";
            return Err(Failure::new(Kind::Conflict, "last_operator", text));
        }
        Ok(())
    }
}

fn of_tenant(administrators: Administrators) -> [i64; 4] {
    let Administrators { live, lasting, able, able_lasting } = administrators;
    [live, lasting, able, able_lasting]
}

/// Whether any kind of them had somebody, and has nobody now.
fn any_lost(before: &[i64], after: &[i64]) -> bool {
    before.iter().zip(after).any(|(before, after)| *before > 0 && *after == 0)
}
