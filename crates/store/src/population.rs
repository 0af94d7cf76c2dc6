//! How many members and tokens a tenant has: what its quotas are held against when they are shown.

use domain::{TenantId, Timestamp};
use uuid::Uuid;

use crate::db::{ReadTx, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "tenants";
    COUNT = "SELECT \
        (SELECT COUNT(*) FROM memberships WHERE tenant_id = $1 AND expires_at IS NULL) \
        + (SELECT COUNT(*) FROM memberships WHERE tenant_id = $1 AND expires_at > $2) AS users, \
        (SELECT COUNT(*) FROM tokens WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at IS NULL) \
        + (SELECT COUNT(*) FROM tokens WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at > $2) \
        - (SELECT COUNT(*) FROM memberships m JOIN tokens k ON k.owner_id = m.user_id AND k.tenant_id = m.tenant_id \
            WHERE m.tenant_id = $1 AND m.expires_at <= $2 AND k.revoked_at IS NULL \
            AND (k.expires_at IS NULL OR k.expires_at > $2)) AS tokens, \
        (SELECT MIN(expires_at) FROM memberships WHERE tenant_id = $1 AND expires_at > $2) AS user_ends, \
        (SELECT MIN(expires_at) FROM tokens \
            WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at > $2) AS token_ends";
}

/// Who and what counts against a tenant's quotas at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Population {
    /// Memberships that have not ended.
    pub users: i64,
    /// API keys and signed tokens that are neither revoked nor expired, nor of somebody whose membership is over.
    pub tokens: i64,
    /// When the first of them ends by itself.
    pub next_end: Option<Timestamp>,
}

/// Under which subject the feed tells that a tenant gained or lost members or tokens: another than the tenant's
/// own, on which every credential of it hangs.
pub fn subject(tenant: TenantId) -> Uuid {
    // Any constant will do; this one is "population" in ASCII, and zeros.
    Uuid::from_u128(tenant.uuid().as_u128() ^ 0x706f_7075_6c61_7469_6f6e_0000_0000_0000)
}

/// For every write that makes or ends a membership or a token.
pub fn moved(tx: &mut WriteTx<'_>, tenant: TenantId) {
    tx.changed(subject(tenant));
}

/// Counted along two indexes; the cost grows with the members.
pub async fn count(tx: &mut ReadTx<'_>, tenant: TenantId, now: Timestamp) -> Result<Population, StoreError> {
    let Some(mut row) = tx.row(&COUNT, params![tenant, now]).await? else {
        return Err(StoreError::Bug("counted nothing"));
    };
    let (users, tokens) = (row.take("users")?, row.take("tokens")?);
    let ends: [Option<Timestamp>; 2] = [row.take("user_ends")?, row.take("token_ends")?];
    Ok(Population { users, tokens, next_end: ends.into_iter().flatten().min() })
}
