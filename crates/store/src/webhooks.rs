//! Webhooks: addresses that their owners asked to be told at.

use domain::ids::WebhookId;
use domain::{TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, params, statements};
use crate::error::StoreError;

statements! { "webhooks";
    OF_OWNER = "SELECT w.id, w.number, w.name, w.url, w.kind, w.created_at FROM webhooks w \
        WHERE w.owner_id = $1 AND w.tenant_id = $2 ORDER BY w.created_at, w.id LIMIT $3";
    COUNT = "SELECT COUNT(*) FROM (SELECT id FROM webhooks WHERE tenant_id = $1 LIMIT $2) AS counted";
}

/// A webhook; who knows its URL may post there, so no log and no list of others shows it.
pub struct Webhook {
    pub id: WebhookId,
    pub number: i64,
    pub name: String,
    pub url: String,
    /// `SLACK`.
    pub kind: String,
    pub created_at: Timestamp,
}

/// Those of one owner in one tenant, oldest first, `limit` at most.
pub async fn of_owner(
    tx: &mut ReadTx<'_>,
    owner: UserId,
    tenant: TenantId,
    limit: i64,
) -> Result<Vec<Webhook>, StoreError> {
    tx.list(&OF_OWNER, params![owner, tenant, limit], read).await
}

/// Of a tenant; counts no further than `upto`.
pub async fn count(tx: &mut ReadTx<'_>, tenant: TenantId, upto: i64) -> Result<i64, StoreError> {
    tx.row(&COUNT, params![tenant, upto]).await?.map_or(Ok(0), |mut row| row.take("count"))
}

fn read(mut row: Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: row.take("id")?,
        number: row.take("number")?,
        name: row.take("name")?,
        url: row.take("url")?,
        kind: row.take("kind")?,
        created_at: row.take("created_at")?,
    })
}
