//! Tenants as a world file names them; `revision` is not its business.

use domain::tenant::MfaPolicy;
use domain::{TenantId, Timestamp};
use uuid::Uuid;

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Tenant in "tenants" seen "live_tenants", key "id = $1 AND ended_at IS NULL" of 1, also ", revision" ", 0";
    {
        id: TenantId = "$1",
        number: i64 = "$2",
        key: String = "$3",
        name: String = "$4",
        features: Vec<String> = "$5",
        quotas: String = "$6",
        metadata: String = "$7",
        billing_id: Option<Uuid> = "$8",
        mfa_enforce: Option<String> = "$9",
        mfa_remember_device: bool = "$10",
        mfa_device_ttl: i64 = "$11",
        lockout_attempts: Option<i64> = "$12",
        origin: String = "$13",
        created_at: Timestamp = "$14",
        updated_at: Timestamp = "$15",
    }
    BY_KEY = "key = $1";
    PAGE = "key > $1 ORDER BY key LIMIT $2";
    BY_NUMBER = "number = $1";
}

impl Tenant {
    /// A tenant with nothing but its names; `number` 0.
    pub fn blank(id: TenantId, key: String, name: String, now: Timestamp) -> Self {
        Self {
            id,
            number: 0,
            key,
            name,
            features: Vec::new(),
            quotas: "{}".to_owned(),
            metadata: "{}".to_owned(),
            billing_id: None,
            mfa_enforce: None,
            mfa_remember_device: false,
            mfa_device_ttl: MfaPolicy::DEVICE_TTL,
            lockout_attempts: None,
            origin: String::new(),
            created_at: now,
            updated_at: now,
        }
    }
}

pub async fn by_key(tx: &mut ReadTx<'_>, key: &str) -> Result<Option<Tenant>, StoreError> {
    one(tx, &BY_KEY, params![key], read).await
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: TenantId) -> Result<Option<Tenant>, StoreError> {
    one(tx, &AGAIN, params![id], read).await
}

pub async fn by_number(tx: &mut ReadTx<'_>, number: i64) -> Result<Option<Tenant>, StoreError> {
    one(tx, &BY_NUMBER, params![number], read).await
}

/// Tenants behind a key, by key.
pub async fn page(tx: &mut ReadTx<'_>, after: &str, limit: i64) -> Result<Vec<Tenant>, StoreError> {
    tx.list(&PAGE, params![after, limit], read).await
}
