//! The endpoint inventory.

use domain::endpoint::AccessSet;
use domain::{TenantId, Timestamp};
use uuid::Uuid;

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Endpoint in "endpoints" seen "live_endpoints", key "id = $1" of 1, also "" "";
    {
        id: Uuid = "$1",
        tenant_id: TenantId = "$2",
        url: String = "$3",
        collection: i64 = "$4",
        method: String = "$5",
        access: AccessSet = "$6",
        origin: String = "$7",
        created_at: Timestamp = "$8",
    }
    PAGE = "tenant_id = $1 AND (url, collection, method) > ($2, $3, $4) \
        ORDER BY url, collection, method LIMIT $5";
    BY_URL = "tenant_id = $1 AND url = $2 AND collection = $3 AND method = $4";
}

pub async fn by_url(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    url: &str,
    collection: i64,
    method: &str,
) -> Result<Option<Endpoint>, StoreError> {
    one(tx, &BY_URL, params![tenant, url, collection, method], read).await
}

/// Endpoints of a tenant behind another one, by address, collection and method; an empty address is before all.
pub async fn page(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    (url, collection, method): (&str, i64, &str),
    limit: i64,
) -> Result<Vec<Endpoint>, StoreError> {
    tx.list(&PAGE, params![tenant, url, collection, method, limit], read).await
}
