//! API keys as a world file names them: all but when they were revoked or last used.

use domain::{RoleId, TenantId, Timestamp, TokenId, UserId};
use uuid::Uuid;

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Token in "tokens" seen "live_tokens", key "id = $1" of 1, also "" "";
    {
        id: TokenId = "$1",
        number: i64 = "$2",
        tenant_id: TenantId = "$3",
        owner_id: Option<UserId> = "$4",
        kind: String = "$5",
        name: String = "$6",
        utility: Option<String> = "$7",
        cap_id: Option<RoleId> = "$8",
        digest: Option<Vec<u8>> = "$9",
        sealed: Option<Vec<u8>> = "$10",
        provider: String = "$11",
        created_by: Option<Uuid> = "$12",
        created_at: Timestamp = "$13",
        expires_at: Option<Timestamp> = "$14",
        origin: String = "$15",
        scopes: Option<String> = "$16",
    }
    BY_NUMBER = "number = $1";
    BY_DIGEST = "digest = $1";
    OWNED = "tenant_id = $1 AND name = $2 AND owner_id = $3 AND origin = 'world' ORDER BY created_at, id LIMIT 1";
    PAGE = "number > $1 AND kind = 'api_key' AND revoked_at IS NULL AND (owner_id IS NULL OR EXISTS \
        (SELECT 1 FROM memberships m WHERE m.user_id = live_tokens.owner_id AND m.tenant_id = live_tokens.tenant_id)) \
        ORDER BY number LIMIT $2";
    SINCE = "owner_id = $1 AND origin <> 'world'";
    TENANTS_OWN =
        "tenant_id = $1 AND name = $2 AND owner_id IS NULL AND origin = 'world' ORDER BY created_at, id LIMIT 1";
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: TokenId) -> Result<Option<Token>, StoreError> {
    one(tx, &AGAIN, params![id], read).await
}

pub async fn by_number(tx: &mut ReadTx<'_>, number: i64) -> Result<Option<Token>, StoreError> {
    one(tx, &BY_NUMBER, params![number], read).await
}

pub async fn by_digest(tx: &mut ReadTx<'_>, digest: &[u8; 32]) -> Result<Option<Token>, StoreError> {
    one(tx, &BY_DIGEST, params![digest], read).await
}

/// The one that an apply made; the oldest, where several applies made several.
pub async fn by_name(
    tx: &mut ReadTx<'_>,
    owner: Option<UserId>,
    tenant: TenantId,
    name: &str,
) -> Result<Option<Token>, StoreError> {
    match owner {
        Some(owner) => one(tx, &OWNED, params![tenant, name, owner], read).await,
        None => one(tx, &TENANTS_OWN, params![tenant, name], read).await,
    }
}

/// What is the user's and no apply made.
pub async fn since(tx: &mut ReadTx<'_>, owner: UserId) -> Result<Vec<Token>, StoreError> {
    tx.list(&SINCE, params![owner], read).await
}

/// API keys behind a number, by number, that are not revoked and whose owner is a member of their tenant.
pub async fn page(tx: &mut ReadTx<'_>, after: i64, limit: i64) -> Result<Vec<Token>, StoreError> {
    tx.list(&PAGE, params![after, limit], read).await
}
