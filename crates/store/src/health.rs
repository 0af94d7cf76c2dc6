//! What `herald check` asks of the rows: what is sealed, which secrets are weak or known, how new the newest row is.

use domain::Timestamp;
use uuid::Uuid;

use crate::db::{ReadTx, Row, params, statements};
use crate::error::StoreError;

statements! { "health";
    SEEDS = "SELECT id, totp_sealed FROM users WHERE totp_sealed IS NOT NULL AND id > $1 ORDER BY id LIMIT $2";
    COPIES = "SELECT id, sealed FROM tokens WHERE sealed IS NOT NULL AND id > $1 ORDER BY id LIMIT $2";
    NEWEST = "SELECT at FROM audit ORDER BY at DESC LIMIT 1";
    WEAK = "SELECT client_id FROM clients WHERE secret_bytes < $1 ORDER BY client_id LIMIT $2";
    WITH_SECRET = "SELECT client_id FROM clients WHERE secret_digest = $1 ORDER BY client_id LIMIT $2";
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

fn client(mut row: Row) -> Result<String, StoreError> {
    row.take("client_id")
}
