//! A row that cannot be is an error that names its table and column, never a panic and never a guess.

use super::place::Place;
use super::rows::all;
use crate::db::{FromValue, params};
use crate::{Store, StoreError};

sql! { "tenants";
    BROKEN = "INSERT INTO tenants (id, number, key, name, features, quotas, metadata, mfa_remember_device, \
        mfa_device_ttl, revision, origin, created_at, updated_at) \
        VALUES ($1, 1, 'k', 'n', 'not json', '[\"1\"]', '{}', FALSE, 0, 0, '', 0, 0)";
    FEATURES = "SELECT features FROM tenants";
    QUOTAS = "SELECT quotas FROM tenants";
    NAME = "SELECT name FROM tenants";
    BILLING = "SELECT billing_id FROM tenants";
    // SQLite alone lets these in.
    SHORT_ID = "UPDATE tenants SET billing_id = X'00FF'";
    THIRD_TRUTH = "UPDATE tenants SET mfa_remember_device = 2";
    REMEMBER = "SELECT mfa_remember_device FROM tenants";
    REAL_NUMBER = "UPDATE tenants SET number = 1.5";
    NUMBER = "SELECT number FROM tenants";
    BAD_TEXT = "UPDATE tenants SET name = CAST(X'FF41' AS TEXT)";
}

both! {
    impossible_rows_name_their_column
    an_impossible_row_undoes_the_write
}

/// Reads one column of the one tenant as a `T`.
async fn read<T: FromValue + Send + 'static>(
    store: &Store,
    statement: &'static crate::Statement,
    column: &'static str,
) -> Result<T, StoreError> {
    store
        .read(move |tx| {
            Box::pin(async move { tx.row(statement, &[]).await?.expect("there is one tenant").take(column) })
        })
        .await
}

async fn run(store: &Store, statement: &'static crate::Statement) {
    store.write(move |tx| Box::pin(async move { tx.run(statement, &[]).await })).await.unwrap();
}

async fn tenant(store: &Store) {
    let id = uuid::Uuid::from_u128(1);
    store.write(move |tx| Box::pin(async move { tx.run(&BROKEN, params![id]).await })).await.unwrap();
}

fn names<T>(read: &Result<T, StoreError>, expected: &str) -> bool {
    matches!(read, Err(StoreError::Corrupt { table: "tenants", column }) if *column == expected)
}

async fn impossible_rows_name_their_column(place: &Place) {
    let store = &place.store;
    tenant(store).await;
    assert!(names(&read::<Vec<String>>(store, &FEATURES, "features").await, "features"), "no JSON");
    assert!(names(&read::<Vec<i64>>(store, &QUOTAS, "quotas").await, "quotas"), "JSON of another kind");
    assert!(names(&read::<i64>(store, &NAME, "name").await, "name"), "text where a number should be");
    assert!(names(&read::<uuid::Uuid>(store, &BILLING, "billing_id").await, "billing_id"), "NULL");
}

async fn an_impossible_row_undoes_the_write(place: &Place) {
    tenant(&place.store).await;
    let write = place.store.write(|tx| {
        Box::pin(async move {
            super::rows::put(tx, "a", "").await?;
            tx.row(&FEATURES, &[]).await?.expect("there is one tenant").take::<Vec<String>>("features")
        })
    });
    assert!(names(&write.await, "features"));
    assert!(all(&place.store).await.is_empty());
}

#[tokio::test]
async fn what_sqlite_lets_in_is_found_when_read() {
    let place = Place::sqlite().await;
    let store = &place.store;
    tenant(store).await;
    run(store, &SHORT_ID).await;
    assert!(names(&read::<Option<uuid::Uuid>>(store, &BILLING, "billing_id").await, "billing_id"));
    run(store, &THIRD_TRUTH).await;
    assert!(names(&read::<bool>(store, &REMEMBER, "remember").await, "remember"));
    run(store, &REAL_NUMBER).await;
    assert!(names(&read::<i64>(store, &NUMBER, "number").await, "number"));
    run(store, &BAD_TEXT).await;
    assert!(names(&read::<String>(store, &NAME, "name").await, "name"), "text that is no UTF-8");
}
