//! Memberships as a world file names them; their roles and sites are links.

use domain::{TenantId, Timestamp, UserId};

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Membership in "memberships" seen "live_memberships", key "user_id = $1 AND tenant_id = $2" of 2,
        also ", email" ", (SELECT email FROM users WHERE id = $1)";
    {
        user_id: UserId = "$1",
        tenant_id: TenantId = "$2",
        active: bool = "$3",
        expires_at: Option<Timestamp> = "$4",
        origin: String = "$5",
        created_at: Timestamp = "$6",
    }
    OF_PAGE = "user_id IN (SELECT id FROM users WHERE email > $1 AND email <= $2)";
}

pub async fn of(
    tx: &mut ReadTx<'_>,
    user: UserId,
    tenant: TenantId,
) -> Result<Option<Membership>, StoreError> {
    one(tx, &AGAIN, params![user, tenant], read).await
}

/// Those of the users with addresses behind `after`, up to `last`; in no order.
pub async fn of_page(tx: &mut ReadTx<'_>, after: &str, last: &str) -> Result<Vec<Membership>, StoreError> {
    tx.list(&OF_PAGE, params![after, last], read).await
}
