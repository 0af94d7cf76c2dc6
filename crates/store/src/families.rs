//! Refresh families: rotation by compare-and-set, only digests kept.

use domain::session::{Family, Opening, RefreshToken};
use domain::{FamilyId, Timestamp};

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "families";
    ADD = "INSERT INTO families (id, session_id, client_id, opening, scope, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    BY_ID = "SELECT id, session_id, client_id, opening, scope, ended_at FROM live_families WHERE id = $1";
    END = "UPDATE families SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING session_id";
    ADD_TOKEN = "INSERT INTO refresh_tokens (digest, family_id, created_at, expires_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (digest) DO NOTHING";
    TOKEN = "SELECT digest, family_id, expires_at, rotated_at FROM refresh_tokens WHERE digest = $1";
    ROTATE = "UPDATE refresh_tokens SET rotated_at = $2 WHERE digest = $1 AND rotated_at IS NULL RETURNING digest";
}

pub async fn add(tx: &mut WriteTx<'_>, family: &Family, now: Timestamp) -> Result<(), StoreError> {
    let row = params![family.id, family.session, family.client, family.opening.as_str(), &family.scope, now];
    tx.run(&ADD, row).await.map(drop)
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: FamilyId) -> Result<Option<Family>, StoreError> {
    tx.row(&BY_ID, params![id]).await?.map(read).transpose()
}

pub async fn add_token(
    tx: &mut WriteTx<'_>,
    digest: &[u8; 32],
    family: FamilyId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(&ADD_TOKEN, params![digest, family, now, expires_at]).await.map(drop)
}

pub async fn token(tx: &mut ReadTx<'_>, digest: &[u8; 32]) -> Result<Option<RefreshToken>, StoreError> {
    tx.row(&TOKEN, params![digest]).await?.map(read_token).transpose()
}

/// Retires a token; `false` when another call was first.
pub async fn rotate(tx: &mut WriteTx<'_>, digest: &[u8; 32], now: Timestamp) -> Result<bool, StoreError> {
    tx.any(&ROTATE, params![digest, now]).await
}

/// Ends the family and its session.
pub async fn end(tx: &mut WriteTx<'_>, id: FamilyId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(mut row) = tx.row(&END, params![id, now]).await? else { return Ok(false) };
    let session = row.take("session_id")?;
    crate::sessions::end(tx, session, now).await?;
    Ok(true)
}

fn read(mut row: Row) -> Result<Family, StoreError> {
    Ok(Family {
        id: row.take("id")?,
        session: row.take("session_id")?,
        client: row.take("client_id")?,
        opening: row.parse("opening", |text: String| Opening::parse(&text))?,
        scope: row.take("scope")?,
        ended_at: row.take("ended_at")?,
    })
}

fn read_token(mut row: Row) -> Result<RefreshToken, StoreError> {
    Ok(RefreshToken {
        digest: row.take("digest")?,
        family: row.take("family_id")?,
        expires_at: row.take("expires_at")?,
        rotated_at: row.take("rotated_at")?,
    })
}
