//! What agents did, as a world file tells it; a row is known by the digest over all of it.

use domain::{TenantId, Timestamp};
use uuid::Uuid;

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Activity in "activities", key "id = $1" of 1, also "" "";
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
    }
    BY_DIGEST = "tenant_id = $1 AND digest = $2 LIMIT 1";
}

pub async fn by_digest(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    digest: &[u8; 32],
) -> Result<Option<Activity>, StoreError> {
    one(tx, &BY_DIGEST, params![tenant, digest], read).await
}
