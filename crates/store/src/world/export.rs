//! What hangs on a page of rows that an export writes.

use domain::{RoleId, SiteId, TenantId, TokenId, UserId};

use crate::db::{ReadTx, params, statements};
use crate::error::StoreError;

statements! { "export";
    ROLES = "SELECT mr.user_id, mr.tenant_id, mr.role_id FROM membership_roles mr \
        JOIN live_tenants t ON t.id = mr.tenant_id JOIN users u ON u.id = mr.user_id WHERE u.email > $1 AND u.email <= $2";
    SITES = "SELECT ms.user_id, ms.tenant_id, ms.site_id FROM membership_sites ms \
        JOIN live_tenants t ON t.id = ms.tenant_id JOIN users u ON u.id = ms.user_id WHERE u.email > $1 AND u.email <= $2";
    TOKEN_ROLES = "SELECT tr.token_id, tr.role_id FROM token_roles tr JOIN live_tokens k ON k.id = tr.token_id \
        WHERE k.number > $1 AND k.number <= $2";
    TOKEN_OWNERS = "SELECT DISTINCT u.id, u.email FROM users u JOIN live_tokens k ON k.owner_id = u.id \
        WHERE k.number > $1 AND k.number <= $2";
    WEBHOOK_OWNERS = "SELECT DISTINCT u.id, u.email FROM users u JOIN live_webhooks w ON w.owner_id = u.id \
        WHERE w.number > $1 AND w.number <= $2";
}

/// Roles of members with addresses behind `after`, up to `last`.
pub async fn roles(
    tx: &mut ReadTx<'_>,
    after: &str,
    last: &str,
) -> Result<Vec<((UserId, TenantId), RoleId)>, StoreError> {
    tx.list(&ROLES, params![after, last], |mut row| {
        Ok(((row.take("user_id")?, row.take("tenant_id")?), row.take("role_id")?))
    })
    .await
}

/// Sites of members with addresses behind `after`, up to `last`.
pub async fn sites(
    tx: &mut ReadTx<'_>,
    after: &str,
    last: &str,
) -> Result<Vec<((UserId, TenantId), SiteId)>, StoreError> {
    tx.list(&SITES, params![after, last], |mut row| {
        Ok(((row.take("user_id")?, row.take("tenant_id")?), row.take("site_id")?))
    })
    .await
}

/// Roles of tokens with numbers behind `after`, up to `last`.
pub async fn token_roles(
    tx: &mut ReadTx<'_>,
    after: i64,
    last: i64,
) -> Result<Vec<(TokenId, RoleId)>, StoreError> {
    tx.list(&TOKEN_ROLES, params![after, last], |mut row| Ok((row.take("token_id")?, row.take("role_id")?)))
        .await
}

/// Who owns the tokens with numbers behind `after`, up to `last`.
pub async fn token_owners(
    tx: &mut ReadTx<'_>,
    after: i64,
    last: i64,
) -> Result<Vec<(UserId, String)>, StoreError> {
    tx.list(&TOKEN_OWNERS, params![after, last], |mut row| Ok((row.take("id")?, row.take("email")?))).await
}

/// The same of webhooks.
pub async fn webhook_owners(
    tx: &mut ReadTx<'_>,
    after: i64,
    last: i64,
) -> Result<Vec<(UserId, String)>, StoreError> {
    tx.list(&WEBHOOK_OWNERS, params![after, last], |mut row| Ok((row.take("id")?, row.take("email")?))).await
}
