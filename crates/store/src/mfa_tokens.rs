//! Pending second factors: opaque, single use, bound to user, tenant and purpose.

use domain::{TenantId, Timestamp, UserId};

use crate::db::{WriteTx, params, statements};
use crate::error::StoreError;

statements! { "mfa_tokens";
    ADD = "INSERT INTO mfa_tokens (digest, user_id, tenant_id, purpose, created_at, expires_at, attempts) \
        VALUES ($1, $2, $3, $4, $5, $6, 0)";
}

pub struct MfaToken<'m> {
    pub digest: &'m [u8; 32],
    pub user: UserId,
    pub tenant: Option<TenantId>,
    pub purpose: &'m str,
    pub expires_at: Timestamp,
}

pub async fn add(tx: &mut WriteTx<'_>, token: &MfaToken<'_>, now: Timestamp) -> Result<(), StoreError> {
    let row = params![token.digest, token.user, token.tenant, token.purpose, now, token.expires_at];
    tx.run(&ADD, row).await.map(drop)
}
