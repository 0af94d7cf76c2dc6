//! Roles as a world file names them: what they say themselves, without what their base gives.

use domain::{RoleId, TenantId, Timestamp};

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Role in "roles" seen "live_roles", key "id = $1" of 1, also "" "";
    {
        id: RoleId = "$1",
        tenant_id: Option<TenantId> = "$2",
        key: String = "$3",
        name: String = "$4",
        description: String = "$5",
        base: Option<String> = "$6",
        builtin: bool = "$7",
        level: Option<i64> = "$8",
        patterns: Vec<String> = "$9",
        assigns: Option<Vec<String>> = "$10",
        is_default: bool = "$11",
        first_user: bool = "$12",
        default_invite: bool = "$13",
        collections: Vec<i64> = "$14",
        features: Vec<String> = "$15",
        origin: String = "$16",
        created_at: Timestamp = "$17",
        updated_at: Timestamp = "$18",
    }
    OF_TENANT = "tenant_id = $1 AND key = $2";
    COMMON = "tenant_id IS NULL AND key = $1";
    OF_ANY_TENANT = "tenant_id IS NOT NULL AND key = $1 LIMIT 1";
    CUSTOM = "NOT builtin";
    DEFAULTS = "tenant_id IS NULL AND NOT builtin AND is_default";
}

impl Role {
    /// A role that says nothing yet, called by its key.
    pub fn blank(id: RoleId, tenant_id: Option<TenantId>, key: String, now: Timestamp) -> Self {
        Self {
            id,
            tenant_id,
            name: key.clone(),
            key,
            description: String::new(),
            base: None,
            builtin: false,
            level: None,
            patterns: Vec::new(),
            assigns: None,
            is_default: false,
            first_user: false,
            default_invite: false,
            collections: Vec::new(),
            features: Vec::new(),
            origin: String::new(),
            created_at: now,
            updated_at: now,
        }
    }
}

/// A role of the tenant; of the installation where there is none.
pub async fn by_key(
    tx: &mut ReadTx<'_>,
    tenant: Option<TenantId>,
    key: &str,
) -> Result<Option<Role>, StoreError> {
    match tenant {
        Some(tenant) => one(tx, &OF_TENANT, params![tenant, key], read).await,
        None => one(tx, &COMMON, params![key], read).await,
    }
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: RoleId) -> Result<Option<Role>, StoreError> {
    one(tx, &AGAIN, params![id], read).await
}

/// Any tenant's role of that key.
pub async fn of_any_tenant(tx: &mut ReadTx<'_>, key: &str) -> Result<Option<Role>, StoreError> {
    one(tx, &OF_ANY_TENANT, params![key], read).await
}

/// Custom roles of the installation that new members get.
pub async fn defaults(tx: &mut ReadTx<'_>) -> Result<Vec<Role>, StoreError> {
    tx.list(&DEFAULTS, params![], read).await
}

/// Every role that is not built in.
pub async fn custom(tx: &mut ReadTx<'_>) -> Result<Vec<Role>, StoreError> {
    tx.list(&CUSTOM, params![], read).await
}
