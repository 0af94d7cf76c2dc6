//! The schema comes to be once, whoever asks and however often; what is not understood is left alone.

use super::place::{Kept, NOW, Place, in_time};
use super::rows::{all, write};
use super::schema::columns;
use crate::db::{MIGRATIONS, params};
use crate::{Options, Schema, Store, StoreError};

sql! { "schema_migrations";
    SEEN = "SELECT version, checksum, applied_at FROM schema_migrations ORDER BY version";
    NEWER = "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (999, 'later', $1, 1)";
    ALTER = "UPDATE schema_migrations SET checksum = $1 WHERE version = 1";
}

both! {
    a_second_run_does_nothing
    a_newer_store_is_left_alone
    an_altered_migration_is_left_alone
}

type Seen = Vec<(i64, Vec<u8>, i64)>;

async fn seen(store: &Store) -> Seen {
    let read = store.read(|tx| {
        Box::pin(async move {
            let read = |mut row: crate::Row| {
                Ok((row.take("version")?, row.take("checksum")?, row.take("applied_at")?))
            };
            tx.list(&SEEN, &[], read).await
        })
    });
    let read: Result<Seen, StoreError> = read.await;
    read.unwrap()
}

fn known() -> i64 {
    MIGRATIONS.last().unwrap().0
}

async fn a_second_run_does_nothing(place: &Place) {
    write(&place.store, "kept").await.unwrap();
    let before = seen(&place.store).await;
    assert_eq!(before.len(), MIGRATIONS.len());
    let later = NOW.plus(std::time::Duration::from_mins(1));
    let schema = place.beside().await.migrate(later).await.unwrap();
    assert_eq!(schema, Schema { found: known(), known: known() });
    assert_eq!(seen(&place.store).await, before, "nothing was applied anew");
    assert_eq!(all(&place.store).await, ["kept"]);
}

async fn a_newer_store_is_left_alone(place: &Place) {
    let write = place.store.write(|tx| Box::pin(async move { tx.run(&NEWER, params![b"later"]).await }));
    write.await.unwrap();
    let before = (seen(&place.store).await, columns(&place.store).await);
    let other = place.beside().await;
    let refused = other.migrate(NOW).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Newer { found: 999, known } if known == self::known()),
        "{refused:?}"
    );
    assert_eq!(other.schema().await.unwrap().found, 999);
    assert_eq!((seen(&place.store).await, columns(&place.store).await), before);
}

async fn an_altered_migration_is_left_alone(place: &Place) {
    let write =
        place.store.write(|tx| Box::pin(async move { tx.run(&ALTER, params![b"another text"]).await }));
    write.await.unwrap();
    let before = (seen(&place.store).await, columns(&place.store).await);
    let refused = place.beside().await.migrate(NOW).await.unwrap_err();
    assert!(matches!(refused, StoreError::Altered { version: 1 }), "{refused:?}");
    assert_eq!((seen(&place.store).await, columns(&place.store).await), before);
}

/// Several processes start at the same moment on a store that nobody has touched.
async fn all_at_once(options: Options) {
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let options = options.clone();
        starts.spawn(async move {
            let store = Store::open(&options).await?;
            store.schema().await?;
            store.migrate(NOW).await
        });
    }
    for outcome in starts.join_all().await {
        assert_eq!(outcome.unwrap(), Schema { found: known(), known: known() });
    }
    let store = Store::open(&options).await.unwrap();
    assert_eq!(seen(&store).await.len(), MIGRATIONS.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn sqlite_stands_many_first_starts_at_once() {
    for _ in 0..5 {
        let kept = Kept::folder();
        in_time(all_at_once(kept.options())).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 6)]
async fn postgres_stands_many_first_starts_at_once() {
    let kept = Kept::database();
    in_time(all_at_once(kept.options())).await;
}

#[tokio::test]
async fn an_untouched_store_has_schema_nought() {
    for kept in [Kept::folder(), Kept::database()] {
        let store = Store::open(&kept.options()).await.unwrap();
        assert_eq!(store.schema().await.unwrap(), Schema { found: 0, known: known() });
    }
}
