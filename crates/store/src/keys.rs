//! Signing keys: private parts only sealed.

use domain::Timestamp;
use uuid::Uuid;

use crate::db::{ReadTx, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "signing_keys";
    ALL = "SELECT id, purpose, algorithm, sealed, created_at FROM signing_keys WHERE retired_at IS NULL \
        ORDER BY created_at, id";
    ADD = "INSERT INTO signing_keys (id, purpose, algorithm, sealed, created_at) VALUES ($1, $2, $3, $4, $5)";
    ANY_KEY = "SELECT id FROM signing_keys LIMIT 1";
    ANY_SEED = "SELECT id FROM users WHERE totp_sealed IS NOT NULL LIMIT 1";
    ANY_COPY = "SELECT id FROM tokens WHERE sealed IS NOT NULL LIMIT 1";
}

/// A key as it is stored; `id` is its `kid`.
#[derive(Clone)]
pub struct SealedKey {
    pub id: Uuid,
    pub purpose: String,
    pub algorithm: String,
    pub sealed: Vec<u8>,
    pub created_at: Timestamp,
}

/// Keys in use, oldest first.
pub async fn all(tx: &mut ReadTx<'_>) -> Result<Vec<SealedKey>, StoreError> {
    tx.list(&ALL, params![], |mut row| {
        Ok(SealedKey {
            id: row.take("id")?,
            purpose: row.take("purpose")?,
            algorithm: row.take("algorithm")?,
            sealed: row.take("sealed")?,
            created_at: row.take("created_at")?,
        })
    })
    .await
}

pub async fn add(tx: &mut WriteTx<'_>, key: &SealedKey) -> Result<(), StoreError> {
    let row = params![key.id, &key.purpose, &key.algorithm, &key.sealed, key.created_at];
    tx.run(&ADD, row).await.map(drop)
}

/// Whether anything is sealed here (signing keys, TOTP seeds, copies of keys): then no new master key may be made.
pub async fn any_sealed(tx: &mut ReadTx<'_>) -> Result<bool, StoreError> {
    for sealed in [&ANY_KEY, &ANY_SEED, &ANY_COPY] {
        if tx.any(sealed, params![]).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
