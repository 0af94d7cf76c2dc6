//! What hangs on a row that an apply made and that a later one would take away.

use domain::{RoleId, SiteId, TenantId, TokenId, UserId};
use uuid::Uuid;

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "prune";
    MADE_IN_TENANT = "SELECT 'member' AS kind, u.email AS name FROM memberships m JOIN users u ON u.id = m.user_id \
            WHERE m.tenant_id = $1 AND m.origin <> 'world' \
        UNION ALL SELECT 'site', key FROM sites WHERE tenant_id = $1 AND origin <> 'world' \
        UNION ALL SELECT 'role', key FROM roles WHERE tenant_id = $1 AND origin <> 'world' \
        UNION ALL SELECT 'token', name FROM tokens WHERE tenant_id = $1 AND owner_id IS NULL AND origin <> 'world' \
        UNION ALL SELECT 'network', 'list' FROM networks WHERE tenant_id = $1 AND origin <> 'world' \
        UNION ALL SELECT 'endpoint', url FROM endpoints WHERE tenant_id = $1 AND origin <> 'world' \
        UNION ALL SELECT 'activity', agent FROM activities WHERE tenant_id = $1 AND origin <> 'world' LIMIT $2";
    OWNED_IN_TENANT = "SELECT 'token' AS kind, name, owner_id FROM tokens \
            WHERE tenant_id = $1 AND owner_id IS NOT NULL AND origin <> 'world' \
        UNION ALL SELECT 'webhook', name, owner_id FROM webhooks WHERE tenant_id = $1 AND origin <> 'world'";
    MEMBER_OF = "SELECT t.key FROM memberships m JOIN live_tenants t ON t.id = m.tenant_id \
        WHERE m.user_id = $1 AND m.origin <> 'world' ORDER BY t.key";
    MEMBERS_WITH_ROLE = "SELECT mr.user_id, mr.tenant_id, u.email FROM membership_roles mr \
        JOIN live_tenants t ON t.id = mr.tenant_id JOIN users u ON u.id = mr.user_id WHERE mr.role_id = $1";
    TOKENS_WITH_ROLE = "SELECT k.id, k.name FROM live_tokens k WHERE k.cap_id = $1 \
        UNION SELECT k.id, k.name FROM live_tokens k JOIN token_roles tr ON tr.token_id = k.id WHERE tr.role_id = $1";
    MEMBERS_AT_SITE = "SELECT ms.user_id, ms.tenant_id, u.email FROM membership_sites ms \
        JOIN users u ON u.id = ms.user_id WHERE ms.site_id = $1";
    LEFT_OF_TENANT = "SELECT tenant_id FROM memberships WHERE tenant_id = $1 \
        UNION ALL SELECT tenant_id FROM sites WHERE tenant_id = $1 \
        UNION ALL SELECT tenant_id FROM roles WHERE tenant_id = $1 \
        UNION ALL SELECT tenant_id FROM tokens WHERE tenant_id = $1 \
        UNION ALL SELECT tenant_id FROM webhooks WHERE tenant_id = $1 \
        UNION ALL SELECT tenant_id FROM networks WHERE tenant_id = $1 \
        UNION ALL SELECT tenant_id FROM endpoints WHERE tenant_id = $1 \
        UNION ALL SELECT tenant_id FROM activities WHERE tenant_id = $1 LIMIT 1";
    LEFT_OF_USER = "SELECT user_id FROM live_memberships WHERE user_id = $1 \
        UNION ALL SELECT owner_id FROM live_tokens WHERE owner_id = $1 \
        UNION ALL SELECT owner_id FROM live_webhooks WHERE owner_id = $1 LIMIT 1";
    LEFT_OF_ROLE = "SELECT mr.role_id FROM membership_roles mr JOIN live_tenants t ON t.id = mr.tenant_id WHERE mr.role_id = $1 \
        UNION ALL SELECT tr.role_id FROM token_roles tr JOIN live_tokens k ON k.id = tr.token_id WHERE tr.role_id = $1 \
        UNION ALL SELECT cap_id FROM live_tokens WHERE cap_id = $1 LIMIT 1";
    LEFT_OF_SITE = "SELECT site_id FROM membership_sites WHERE site_id = $1 LIMIT 1";
    CLAIM_TENANT = "UPDATE tenants SET key = key || ' ' WHERE id = $1";
    CLAIM_USER = "UPDATE users SET number = -number WHERE id = $1";
    CLAIM_ROLE = "UPDATE roles SET key = key || ' ' WHERE id = $1";
    CLAIM_SITE = "UPDATE sites SET key = key || ' ' WHERE id = $1";
}

/// Something that no apply made.
#[derive(Clone, Debug)]
pub struct Thing {
    /// `member`, `token`.
    pub kind: String,
    pub name: String,
}

/// A membership that holds something, and whose it is.
#[derive(Clone, Debug)]
pub struct Holder {
    pub user: UserId,
    pub tenant: TenantId,
    pub email: String,
}

/// What no apply made in the tenant, but for what its members own; `limit` at most.
pub async fn made_in_tenant(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    limit: i64,
) -> Result<Vec<Thing>, StoreError> {
    tx.list(&MADE_IN_TENANT, params![tenant, limit], thing).await
}

/// What no apply made and the tenant's members own there, with whose it is.
pub async fn owned_in_tenant(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
) -> Result<Vec<(Thing, UserId)>, StoreError> {
    tx.list(&OWNED_IN_TENANT, params![tenant], |mut row| {
        let thing = Thing { kind: row.take("kind")?, name: row.take("name")? };
        Ok((thing, row.take("owner_id")?))
    })
    .await
}

/// Keys of the tenants into which the user was let by no apply.
pub async fn member_of(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<String>, StoreError> {
    tx.list(&MEMBER_OF, params![user], |mut row| row.take("key")).await
}

pub async fn members_with_role(tx: &mut ReadTx<'_>, role: RoleId) -> Result<Vec<Holder>, StoreError> {
    tx.list(&MEMBERS_WITH_ROLE, params![role], holder).await
}

/// Tokens that hold the role or are capped by it, with their names.
pub async fn tokens_with_role(
    tx: &mut ReadTx<'_>,
    role: RoleId,
) -> Result<Vec<(TokenId, String)>, StoreError> {
    tx.list(&TOKENS_WITH_ROLE, params![role], |mut row| Ok((row.take("id")?, row.take("name")?))).await
}

pub async fn members_at_site(tx: &mut ReadTx<'_>, site: SiteId) -> Result<Vec<Holder>, StoreError> {
    tx.list(&MEMBERS_AT_SITE, params![site], holder).await
}

/// Whether anything hangs on the row that would go with it. It is asked when nobody can add more: whoever refers to the
/// row meanwhile has to wait for this transaction. The row must go, or the transaction be rolled back.
pub async fn is_free(tx: &mut WriteTx<'_>, table: &str, id: Uuid) -> Result<bool, StoreError> {
    // On PostgreSQL only a change of a key waits for those who have just referred to the row.
    let (claim, left) = match table {
        "tenants" => (&CLAIM_TENANT, &LEFT_OF_TENANT),
        "users" => (&CLAIM_USER, &LEFT_OF_USER),
        "roles" => (&CLAIM_ROLE, &LEFT_OF_ROLE),
        "sites" => (&CLAIM_SITE, &LEFT_OF_SITE),
        _ => return Ok(true),
    };
    tx.run(claim, params![id]).await?;
    Ok(!tx.any(left, params![id]).await?)
}

/// Waits for whoever has just let somebody hold the role; nobody can any more. It must go, or the transaction be rolled
/// back.
pub async fn claim_role(tx: &mut WriteTx<'_>, id: RoleId) -> Result<(), StoreError> {
    tx.run(&CLAIM_ROLE, params![id]).await.map(drop)
}

fn thing(mut row: Row) -> Result<Thing, StoreError> {
    Ok(Thing { kind: row.take("kind")?, name: row.take("name")? })
}

fn holder(mut row: Row) -> Result<Holder, StoreError> {
    Ok(Holder { user: row.take("user_id")?, tenant: row.take("tenant_id")?, email: row.take("email")? })
}
