//! Failed sign-ins per e-mail, known or not, under the digest of the address.

use domain::Timestamp;
use domain::lockout::Failures;

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

statements! { "lockouts";
    GET = "SELECT failures, window_from, locked_until, lockouts FROM lockouts WHERE digest = $1";
    // The first to come makes the row; the others wait for whoever holds it. One statement, since between two
    // the row may be swept.
    HOLD = "INSERT INTO lockouts (digest, failures, window_from, locked_until, lockouts) \
        VALUES ($1, 0, 0, NULL, 0) ON CONFLICT (digest) DO UPDATE SET failures = lockouts.failures \
        RETURNING failures, window_from, locked_until, lockouts";
    SET = "UPDATE lockouts SET failures = $2, window_from = $3, locked_until = $4, lockouts = $5 WHERE digest = $1";
    CLEAR = "DELETE FROM lockouts WHERE digest = $1";
}

pub async fn get(tx: &mut ReadTx<'_>, digest: &[u8; 32]) -> Result<Failures, StoreError> {
    tx.row(&GET, params![digest]).await?.map_or_else(|| Ok(Failures::default()), read)
}

/// Reads for a change: until the commit nobody else counts on this address.
pub async fn hold(tx: &mut WriteTx<'_>, digest: &[u8; 32]) -> Result<Failures, StoreError> {
    tx.row(&HOLD, params![digest]).await?.map_or_else(|| Ok(Failures::default()), read)
}

pub async fn set(tx: &mut WriteTx<'_>, digest: &[u8; 32], state: &Failures) -> Result<(), StoreError> {
    let from = state.window_from.map_or(0, Timestamp::as_micros);
    let row = params![digest, state.count, from, state.locked_until, state.lockouts];
    tx.run(&SET, row).await.map(drop)
}

/// `false`: there was nothing to forget.
pub async fn clear(tx: &mut WriteTx<'_>, digest: &[u8; 32]) -> Result<bool, StoreError> {
    Ok(tx.run(&CLEAR, params![digest]).await? > 0)
}

fn read(mut row: Row) -> Result<Failures, StoreError> {
    let count = row.take("failures")?;
    let from: i64 = row.take("window_from")?;
    Ok(Failures {
        count,
        window_from: (from != 0).then(|| Timestamp::from_micros(from)),
        locked_until: row.take("locked_until")?,
        lockouts: row.take("lockouts")?,
    })
}
