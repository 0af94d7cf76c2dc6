//! There is one default role among those of the installation.

use domain::Builtin;
use store::world::{self, role};
use store::{StoreError, WriteTx};

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
