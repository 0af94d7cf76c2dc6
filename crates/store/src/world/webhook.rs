//! Webhooks.

use domain::ids::WebhookId;
use domain::{TenantId, Timestamp, UserId};

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Webhook in "webhooks", key "id = $1" of 1, also "" "";
    {
        id: WebhookId = "$1",
        number: i64 = "$2",
        owner_id: UserId = "$3",
        tenant_id: TenantId = "$4",
        name: String = "$5",
        url: String = "$6",
        kind: String = "$7",
        origin: String = "$8",
        created_at: Timestamp = "$9",
    }
    BY_NAME = "owner_id = $1 AND tenant_id = $2 AND name = $3";
    BY_NUMBER = "number = $1";
}

pub async fn by_name(
    tx: &mut ReadTx<'_>,
    owner: UserId,
    tenant: TenantId,
    name: &str,
) -> Result<Option<Webhook>, StoreError> {
    one(tx, &BY_NAME, params![owner, tenant, name], read).await
}

pub async fn by_number(tx: &mut ReadTx<'_>, number: i64) -> Result<Option<Webhook>, StoreError> {
    one(tx, &BY_NUMBER, params![number], read).await
}
