//! There is one default role among those of the installation, and one at most among those of a tenant.

use domain::Builtin;
use store::world::role::Role;
use store::world::{self, role};
use store::{StoreError, WriteTx};

use crate::failure::{Failure, Kind};

/// Comes behind the turn of those who make roles.
///
/// # Errors
/// `Conflict` names the role that is the default already: which of two a new member gets would be chance.
pub(super) async fn is_alone(tx: &mut WriteTx<'_>, row: &Role) -> Result<(), Failure> {
    let all = match row.tenant_id {
        Some(tenant) => role::defaults_of(tx, tenant).await?,
        None => role::defaults(tx).await?,
    };
    match all.iter().find(|other| other.id != row.id) {
        None => Ok(()),
        Some(other) => {
            let said = format!("The role {} is the default already; take that from it first.", other.key);
            Err(Failure::new(Kind::Conflict, "default_taken", said))
        }
    }
}

/// The guest role is the default as long as no custom role of the installation is (frontegg.md §2).
pub(super) async fn settle_default(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    let guest = Builtin::Guest.id();
    let Some(mut row) = role::by_id(tx, guest).await? else { return Ok(()) };
    let shall = role::defaults(tx).await?.is_empty();
    if row.is_default != shall {
        row.is_default = shall;
        world::save(tx, &row).await?;
        tx.changed(guest.uuid());
    }
    Ok(())
}
