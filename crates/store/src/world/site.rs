//! Sites as a world file names them.

use domain::{SiteId, TenantId, Timestamp};

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Site in "sites" seen "live_sites", key "id = $1" of 1, also "" "";
    {
        id: SiteId = "$1",
        tenant_id: TenantId = "$2",
        key: String = "$3",
        name: String = "$4",
        origin: String = "$5",
        created_at: Timestamp = "$6",
    }
    OF_TENANT = "tenant_id = $1 ORDER BY key";
    BY_KEY = "tenant_id = $1 AND key = $2";
}

pub async fn by_key(tx: &mut ReadTx<'_>, tenant: TenantId, key: &str) -> Result<Option<Site>, StoreError> {
    one(tx, &BY_KEY, params![tenant, key], read).await
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: SiteId) -> Result<Option<Site>, StoreError> {
    one(tx, &AGAIN, params![id], read).await
}

/// The sites of a tenant, by key.
pub async fn of_tenant(tx: &mut ReadTx<'_>, tenant: TenantId) -> Result<Vec<Site>, StoreError> {
    tx.list(&OF_TENANT, params![tenant], read).await
}
