//! What agents did, as a world file tells it; a row is known by the digest over all of it.

use domain::{TenantId, Timestamp};
use uuid::Uuid;

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Activity in "activities" seen "live_activities", key "id = $1" of 1, also "" "";
    {
        id: Uuid = "$1",
        tenant_id: TenantId = "$2",
        agent: String = "$3",
        device: String = "$4",
        user_name: String = "$5",
        domain: Option<String> = "$6",
        topic: Option<String> = "$7",
        input_tokens: Option<i64> = "$8",
        output_tokens: Option<i64> = "$9",
        harmful: Option<String> = "$10",
        reason: Option<String> = "$11",
        at: Timestamp = "$12",
        digest: Vec<u8> = "$13",
        origin: String = "$14",
        received: i64 = "$15",
    }
    FIRST = "tenant_id = $1 ORDER BY agent, device, at, id LIMIT $2";
    PAGE = "tenant_id = $1 AND (agent, device, at, id) > ($2, $3, $4, $5) \
        ORDER BY agent, device, at, id LIMIT $6";
    AT = "tenant_id = $1 AND agent = $2 AND device = $3 AND at = $4";
    BY_DIGEST = "tenant_id = $1 AND digest = $2 LIMIT 1";
}

pub async fn by_digest(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    digest: &[u8; 32],
) -> Result<Option<Activity>, StoreError> {
    one(tx, &BY_DIGEST, params![tenant, digest], read).await
}

/// What the agent did on the device at that moment.
pub async fn at(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    (agent, device): (&str, &str),
    at: Timestamp,
) -> Result<Vec<Activity>, StoreError> {
    tx.list(&AT, params![tenant, agent, device, at], read).await
}

/// Activities of a tenant behind another one, by agent, device and moment.
pub async fn page(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    after: Option<&Activity>,
    limit: i64,
) -> Result<Vec<Activity>, StoreError> {
    match after {
        None => tx.list(&FIRST, params![tenant, limit], read).await,
        Some(last) => {
            let after = params![tenant, &last.agent, &last.device, last.at, last.id, limit];
            tx.list(&PAGE, after, read).await
        }
    }
}
