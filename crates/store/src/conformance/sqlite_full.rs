//! The commit-group trap: a full disk makes SQLite roll back the whole transaction under a member's feet. A later
//! SAVEPOINT would then stand alone and its RELEASE commit by itself, while the members before it are lost.

use super::place::{NOW, Place, Refusal, in_time, submitted};
use super::rows::{all, announce, clear, put, told, write};
use super::sqlite_group::Gate;
use crate::{Options, Store, StoreError};

/// The file may grow by so many pages past the schema.
const ROOM: u32 = 64;
/// Fits the room; three of four thousand do not.
const SMALL: usize = 2_000;
const LARGE: usize = 4 << 20;

/// A store whose file may grow a little and no more.
async fn bounded() -> Place {
    sql! { "pragma"; PAGES = "PRAGMA page_count"; }
    let probe = Place::sqlite().await;
    let count = probe.store.read(|tx| {
        Box::pin(async move { tx.row(&PAGES, &[]).await?.expect("a count").take::<i64>("page_count") })
    });
    let count: Result<i64, StoreError> = count.await;
    let pages = u32::try_from(count.unwrap()).unwrap() + ROOM;
    Place::sqlite_with(|options| options.max_pages = Some(pages)).await
}

async fn write_bytes(store: &Store, key: &str, bytes: usize) -> Result<(), StoreError> {
    let key = key.to_owned();
    let write = store.write(move |tx| {
        let key = key.clone();
        Box::pin(async move { put(tx, &key, &"x".repeat(bytes)).await })
    });
    write.await
}

/// Writes until it is full: how many rows went in.
async fn fill(store: &Store) -> usize {
    for at in 0..10_000 {
        match write_bytes(store, &format!("filler {at}"), SMALL).await {
            Ok(()) => {}
            Err(StoreError::Full) => return at,
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("the bound does not hold");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_disk_refuses_the_whole_group_and_nothing_of_it_stays() {
    let place = bounded().await;
    write(&place.store, "kept").await.unwrap();
    for _ in 0..3 {
        let gate = Gate::close(&place.store).await;
        let first = submitted(write(&place.store, "first")).await;
        let full = submitted(write_bytes(&place.store, "full", LARGE)).await;
        let third = submitted(write(&place.store, "third")).await;
        let opened = gate.open().await;
        assert!(matches!(opened, Err(StoreError::Full)), "{opened:?}");
        for member in [in_time(first).await, in_time(full).await] {
            assert!(matches!(member, Err(StoreError::Full)), "{member:?}");
        }
        // It ran in no group that was lost: it came after, in one of its own.
        in_time(third).await.unwrap();
        assert_eq!(all(&place.store).await, ["kept", "third"]);
        assert_eq!(all(&place.beside().await).await, ["kept", "third"], "on disk as well");
        place.store.write(|tx| Box::pin(clear(tx))).await.unwrap();
        write(&place.store, "kept").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_swallowed_full_disk_is_still_reported() {
    let place = bounded().await;
    let gate = Gate::close(&place.store).await;
    let swallowed = submitted(place.store.write(|tx| {
        Box::pin(async move {
            drop(put(tx, "full", &"x".repeat(LARGE)).await);
            drop(put(tx, "alone", "").await);
            Ok::<_, StoreError>(())
        })
    }))
    .await;
    assert!(gate.open().await.is_err());
    assert!(matches!(in_time(swallowed).await, Err(StoreError::Full)));
    assert!(all(&place.store).await.is_empty(), "nothing committed by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_full_store_is_read_and_written_again_once_there_is_room() {
    let place = bounded().await;
    let rows = fill(&place.store).await;
    assert!(rows > 10);
    assert_eq!(all(&place.store).await.len(), rows, "reads go on, and every acknowledged row is there");
    assert!(matches!(write_bytes(&place.store, "more", LARGE).await, Err(StoreError::Full)));
    assert_eq!(
        place.store.write(|tx| Box::pin(clear(tx))).await.unwrap(),
        rows as u64,
        "deleting makes room"
    );
    write_bytes(&place.store, "again", SMALL).await.unwrap();
    fill(&place.store).await;

    let Options::Sqlite(mut options) = place.options.clone() else { panic!("not SQLite") };
    options.max_pages = None;
    let raised = Store::open(&Options::Sqlite(options)).await.unwrap();
    raised.migrate(NOW).await.unwrap();
    write_bytes(&raised, "more", LARGE).await.unwrap();
    assert!(all(&place.store).await.contains(&"more".to_owned()));
}

/// The feed too: what was rolled back took no number, and the numbers go on without a gap.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_lost_group_takes_no_numbers() {
    let place = bounded().await;
    let subject = uuid::Uuid::from_u128(1);
    let as_of = place.store.feed().position();
    let gate = Gate::close(&place.store).await;
    let member = submitted(announce(&place.store, "told", subject)).await;
    let full = submitted(write_bytes(&place.store, "full", LARGE)).await;
    assert!(gate.open().await.is_err());
    assert!(in_time(member).await.is_err() && in_time(full).await.is_err());
    assert_eq!(place.store.feed().position(), as_of);
    assert!(told(&place.store).await.is_empty());
    announce(&place.store, "told", subject).await.unwrap();
    assert_eq!(told(&place.store).await, [(1, subject)]);
}

/// Whatever makes the COMMIT itself fail (here a deferred reference, which the schema has none of).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_failed_commit_refuses_the_whole_group() {
    sql! { "sites";
        DEFER = "PRAGMA defer_foreign_keys = ON";
        HOMELESS = "INSERT INTO sites (id, tenant_id, key, name, origin, created_at) VALUES (X'00', X'00', 'a', 'a', '', 0)";
    }
    let place = Place::sqlite().await;
    let subject = uuid::Uuid::from_u128(1);
    for _ in 0..3 {
        let gate = Gate::close(&place.store).await;
        let first = submitted(announce(&place.store, "first", subject)).await;
        let breaker = submitted(place.store.write(|tx| {
            Box::pin(async move {
                tx.row(&DEFER, &[]).await?;
                tx.run(&HOMELESS, &[]).await
            })
        }))
        .await;
        let third = submitted(write(&place.store, "third")).await;
        let refused = submitted(place.store.write(|_| Box::pin(async { Err::<(), _>(Refusal::No) }))).await;
        assert!(gate.open().await.is_err());
        assert!(in_time(first).await.is_err());
        assert!(in_time(breaker).await.is_err());
        assert!(in_time(third).await.is_err());
        assert!(
            matches!(in_time(refused).await, Err(Refusal::Store { .. })),
            "its reason may be gone with the group"
        );
        assert!(all(&place.store).await.is_empty());
        assert_eq!(place.store.feed().position(), 0);
    }
    announce(&place.store, "after", subject).await.unwrap();
    assert_eq!(all(&place.store).await, ["after"]);
    assert_eq!(told(&place.store).await, [(1, subject)]);
}
