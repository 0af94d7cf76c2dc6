//! What one apply asks of the whole: that no other came between, and that somebody can still administer.

use domain::{RoleId, TenantId, UserId};

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "installation";
    STAMP = "SELECT value FROM installation WHERE key = 'world'";
    TAKE_STAMP = "INSERT INTO installation (key, value) VALUES ('world', $1) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE installation.value = $2 RETURNING value";
    TENANTS_OF_USER = "SELECT tenant_id FROM live_memberships WHERE user_id = $1";
    TENANTS_OF_ROLE = "SELECT DISTINCT mr.tenant_id FROM membership_roles mr \
        JOIN live_tenants t ON t.id = mr.tenant_id WHERE mr.role_id = $1";
    LOCK_OPERATORS = "UPDATE users SET is_operator = is_operator WHERE is_operator";
}

/// What the last apply left; empty before the first.
pub async fn stamp(tx: &mut ReadTx<'_>) -> Result<String, StoreError> {
    tx.row(&STAMP, params![]).await?.map_or(Ok(String::new()), |mut row| row.take("value"))
}

/// Comes first in an apply's transaction: applies then happen one after the other. `false`: another one has
/// happened since `seen` was read.
pub async fn take_stamp(tx: &mut WriteTx<'_>, seen: &str, mine: &str) -> Result<bool, StoreError> {
    tx.any(&TAKE_STAMP, params![mine, seen]).await
}

/// Tenants in which the user is or was a member.
pub async fn tenants_of_user(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<TenantId>, StoreError> {
    tx.list(&TENANTS_OF_USER, params![user], |mut row: Row| row.take("tenant_id")).await
}

/// Tenants in which somebody has the role.
pub async fn tenants_of_role(tx: &mut ReadTx<'_>, role: RoleId) -> Result<Vec<TenantId>, StoreError> {
    tx.list(&TENANTS_OF_ROLE, params![role], |mut row: Row| row.take("tenant_id")).await
}

/// Makes changes of the present operators wait for this transaction.
pub async fn lock_operators(tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
    tx.run(&LOCK_OPERATORS, params![]).await.map(drop)
}
