//! Plain rows to try the engine with, in tables that every installation has.

use std::future::Future;

use domain::TenantId;
use uuid::Uuid;

use crate::db::{Param, ReadTx, WriteTx, params};
use crate::{Store, StoreError};

sql! { "installation";
    PUT = "INSERT INTO installation (key, value) VALUES ($1, $2)";
    CLAIM = "INSERT INTO installation (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING RETURNING key";
    SWAP = "UPDATE installation SET value = $3 WHERE key = $1 AND value = $2 RETURNING key";
    GET = "SELECT value FROM installation WHERE key = $1";
    KEYS = "SELECT key FROM installation ORDER BY key";
    RANGE = "SELECT key FROM installation WHERE key >= $1 AND key < $2 ORDER BY key";
    CLEAR = "DELETE FROM installation";
    COUNT_UP = "UPDATE counters SET next = next + 1 WHERE kind = $1 RETURNING next";
    COUNTER = "SELECT next FROM counters WHERE kind = $1";
    NEW_COUNTER = "INSERT INTO counters (kind, next) VALUES ($1, $2)";
    FEED = "SELECT n, subject FROM feed ORDER BY n, subject";
    SWEEP = "DELETE FROM feed WHERE n <= $1";
    TENANT = "INSERT INTO tenants (id, number, key, name, features, quotas, metadata, mfa_remember_device, \
        mfa_device_ttl, revision, origin, created_at, updated_at) \
        VALUES ($1, $2, $3, $3, '[]', '{}', '{}', FALSE, 0, 0, '', 0, 0)";
    NO_TENANT = "DELETE FROM tenants WHERE id = $1";
}

pub(super) async fn new_tenant(
    tx: &mut WriteTx<'_>,
    id: TenantId,
    number: i64,
    key: &str,
) -> Result<(), StoreError> {
    tx.run(&TENANT, params![id, number, key]).await.map(drop)
}

pub(super) async fn end_tenant(tx: &mut WriteTx<'_>, id: TenantId) -> Result<(), StoreError> {
    tx.run(&NO_TENANT, params![id]).await.map(drop)
}

/// Fails where the key is there already, as a violated constraint does.
pub(super) async fn put(tx: &mut WriteTx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    tx.run(&PUT, params![key, value]).await.map(drop)
}

/// The house's way to insert what may be there: whether it was ours to take.
pub(super) async fn claim(tx: &mut WriteTx<'_>, key: &str, value: &str) -> Result<bool, StoreError> {
    tx.any(&CLAIM, params![key, value]).await
}

pub(super) async fn swap(tx: &mut WriteTx<'_>, key: &str, from: &str, to: &str) -> Result<bool, StoreError> {
    tx.any(&SWAP, params![key, from, to]).await
}

pub(super) async fn get(tx: &mut ReadTx<'_>, key: &str) -> Result<Option<String>, StoreError> {
    tx.row(&GET, params![key]).await?.map(|mut row| row.take("value")).transpose()
}

pub(super) async fn keys(tx: &mut ReadTx<'_>) -> Result<Vec<String>, StoreError> {
    tx.list(&KEYS, &[], |mut row| row.take("key")).await
}

pub(super) async fn range(tx: &mut ReadTx<'_>, from: &str, to: &str) -> Result<Vec<String>, StoreError> {
    tx.list(&RANGE, params![from, to], |mut row| row.take("key")).await
}

pub(super) async fn clear(tx: &mut WriteTx<'_>) -> Result<u64, StoreError> {
    tx.run(&CLEAR, &[]).await
}

pub(super) async fn new_counter(tx: &mut WriteTx<'_>, kind: &str, next: i64) -> Result<(), StoreError> {
    tx.run(&NEW_COUNTER, params![kind, next]).await.map(drop)
}

pub(super) async fn count_up(tx: &mut WriteTx<'_>, kind: &str) -> Result<i64, StoreError> {
    let row = tx.row(&COUNT_UP, params![kind]).await?;
    row.ok_or(StoreError::Bug("counts what is not there"))?.take("next")
}

pub(super) async fn counter(tx: &mut ReadTx<'_>, kind: &str) -> Result<i64, StoreError> {
    let row = tx.row(&COUNTER, params![kind]).await?;
    row.ok_or(StoreError::Bug("counts what is not there"))?.take("next")
}

pub(super) async fn feed(tx: &mut ReadTx<'_>) -> Result<Vec<(i64, Uuid)>, StoreError> {
    tx.list(&FEED, &[], |mut row| Ok((row.take("n")?, row.take("subject")?))).await
}

/// What an INSERT does that came into a read by mistake.
pub(super) async fn write_in_a_read(tx: &mut ReadTx<'_>) -> Result<bool, StoreError> {
    tx.any(&CLAIM, &[Param::from("by mistake"), Param::from("")]).await
}

/// One row in one transaction.
pub(super) fn write<'s>(
    store: &'s Store,
    key: &str,
) -> impl Future<Output = Result<(), StoreError>> + Send + use<'s> {
    let key = key.to_owned();
    store.write(move |tx| {
        let key = key.clone();
        Box::pin(async move { put(tx, &key, "").await })
    })
}

/// One row, and a number in the feed for it.
pub(super) fn announce<'s>(
    store: &'s Store,
    key: &str,
    subject: Uuid,
) -> impl Future<Output = Result<(), StoreError>> + Send + use<'s> {
    let key = key.to_owned();
    store.write(move |tx| {
        let key = key.clone();
        Box::pin(async move {
            tx.changed(subject);
            put(tx, &key, "").await
        })
    })
}

/// The keys of all rows, in the engine's order.
pub(super) async fn all(store: &Store) -> Vec<String> {
    store.read(|tx| Box::pin(keys(tx))).await.unwrap()
}

/// The feed, as it stands in its table.
pub(super) async fn told(store: &Store) -> Vec<(i64, Uuid)> {
    store.read(|tx| Box::pin(feed(tx))).await.unwrap()
}

/// Forgets what the feed told up to `number`, as a sweep does.
pub(super) async fn sweep(store: &Store, number: i64) {
    store.write(move |tx| Box::pin(async move { tx.run(&SWEEP, params![number]).await })).await.unwrap();
}
