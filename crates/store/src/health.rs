//! What `herald check` asks of the rows: what is sealed, which secrets are weak, known or old, how new the newest row is.

use domain::Timestamp;
use uuid::Uuid;

use crate::db::{ReadTx, Row, params, statements};
use crate::error::StoreError;

statements! { "health";
    SEEDS = "SELECT id, totp_sealed FROM users WHERE totp_sealed IS NOT NULL AND id > $1 ORDER BY id LIMIT $2";
    COPIES = "SELECT id, sealed FROM tokens WHERE sealed IS NOT NULL AND id > $1 ORDER BY id LIMIT $2";
    NEWEST = "SELECT at FROM audit ORDER BY at DESC LIMIT 1";
    WEAK = "SELECT client_id FROM live_clients WHERE secret_bytes < $1 ORDER BY client_id LIMIT $2";
    WITH_SECRET = "SELECT client_id FROM live_clients WHERE secret_digest = $1 ORDER BY client_id LIMIT $2";
    OLD = "SELECT t.id AS id, t.name AS name, t.created_at AS created_at, u.email AS email, h.key AS tenant FROM tokens t \
        JOIN live_tenants h ON h.id = t.tenant_id LEFT JOIN users u ON u.id = t.owner_id \
        WHERE t.created_at < $1 AND t.digest IS NOT NULL AND t.revoked_at IS NULL \
        AND (t.expires_at IS NULL OR t.expires_at > $2) ORDER BY t.created_at, t.id LIMIT $3";
}

/// An API key that lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: Uuid,
    pub name: String,
    pub created_at: Timestamp,
    /// The owner's address; `None`: the tenant's own.
    pub owner: Option<String>,
    /// The key of its tenant.
    pub tenant: String,
}

/// The columns besides the signing keys that hold sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// `users.totp_sealed`
    Seeds,
    /// `tokens.sealed`
    Copies,
}

/// Row id and sealed value of `limit` rows at most, behind the id `after`.
pub async fn sealed(
    tx: &mut ReadTx<'_>,
    column: Sealed,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, Vec<u8>)>, StoreError> {
    let statement = match column {
        Sealed::Seeds => &SEEDS,
        Sealed::Copies => &COPIES,
    };
    tx.list(statement, params![after, limit], |mut row| Ok((row.take("id")?, row.take("sealed")?))).await
}

/// The moment of the newest audit row: nearly every write has one.
pub async fn newest(tx: &mut ReadTx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.row(&NEWEST, params![]).await?.map(|mut row| row.take("at")).transpose()
}

/// Names of clients whose secret was given in clear with fewer than `bytes` bytes.
pub async fn weak_clients(tx: &mut ReadTx<'_>, bytes: i64, limit: i64) -> Result<Vec<String>, StoreError> {
    tx.list(&WEAK, params![bytes, limit], client).await
}

/// Names of clients whose secret has this SHA-256.
pub async fn clients_with(
    tx: &mut ReadTx<'_>,
    digest: &[u8; 32],
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    tx.list(&WITH_SECRET, params![digest, limit], client).await
}

/// API keys that live at `now` and were made before `before`, oldest first.
pub async fn old_keys(
    tx: &mut ReadTx<'_>,
    (before, now): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<Key>, StoreError> {
    tx.list(&OLD, params![before, now, limit], |mut row| {
        Ok(Key {
            id: row.take("id")?,
            name: row.take("name")?,
            created_at: row.take("created_at")?,
            owner: row.take("email")?,
            tenant: row.take("tenant")?,
        })
    })
    .await
}

fn client(mut row: Row) -> Result<String, StoreError> {
    row.take("client_id")
}
