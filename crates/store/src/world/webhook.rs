//! Webhooks.

use domain::ids::WebhookId;
use domain::{TenantId, Timestamp, UserId};

use super::record::one;
use crate::db::{ReadTx, params};
use crate::error::StoreError;

record! {
    Webhook in "webhooks" seen "live_webhooks", key "id = $1" of 1, also "" "";
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
    OF_TENANT = "tenant_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4";
    OF_OWNER =
        "tenant_id = $1 AND (created_at, id) > ($2, $3) AND owner_id = $5 ORDER BY created_at, id LIMIT $4";
    NUMBERED = "number > $1 ORDER BY number LIMIT $2";
    SINCE = "owner_id = $1 AND origin <> 'world'";
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

pub async fn by_id(tx: &mut ReadTx<'_>, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    one(tx, &AGAIN, params![id], read).await
}

/// Of a tenant, oldest first, `limit` at most behind a time and id; of one owner where one is given.
pub async fn page(
    tx: &mut ReadTx<'_>,
    (tenant, owner): (TenantId, Option<UserId>),
    (at, id): (Timestamp, WebhookId),
    limit: i64,
) -> Result<Vec<Webhook>, StoreError> {
    match owner {
        None => tx.list(&OF_TENANT, params![tenant, at, id, limit], read).await,
        Some(owner) => tx.list(&OF_OWNER, params![tenant, at, id, limit, owner], read).await,
    }
}

/// What is the user's and no apply made.
pub async fn since(tx: &mut ReadTx<'_>, owner: UserId) -> Result<Vec<Webhook>, StoreError> {
    tx.list(&SINCE, params![owner], read).await
}

/// Webhooks behind a number, by number.
pub async fn numbered(tx: &mut ReadTx<'_>, after: i64, limit: i64) -> Result<Vec<Webhook>, StoreError> {
    tx.list(&NUMBERED, params![after, limit], read).await
}
