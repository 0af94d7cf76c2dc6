//! The bounded pool of readers: never more connections than said, none lost, none left in a transaction.

use super::place::{Place, in_time};
use super::rows::{all, keys, write, write_in_a_read};
use crate::{Options, StoreError};

async fn narrow() -> Place {
    Place::sqlite_with(|options| {
        options.readers = 1;
        options.scanners = 1;
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_connection_serves_many_readers() {
    let place = narrow().await;
    write(&place.store, "a").await.unwrap();
    let mut readers = tokio::task::JoinSet::new();
    for at in 0..64 {
        let store = place.store.clone();
        readers.spawn(async move {
            if at % 2 == 0 {
                return all(&store).await;
            }
            store.scan(|tx| Box::pin(keys(tx))).await.unwrap()
        });
    }
    let found = in_time(readers.join_all()).await;
    assert!(found.iter().all(|found| *found == ["a"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_that_broke_gives_its_place_back() {
    let place = narrow().await;
    for _ in 0..5 {
        let store = place.store.clone();
        let panicked = tokio::spawn(async move {
            let read = store.read(|tx| {
                Box::pin(async move {
                    assert!(!keys(tx).await?.is_empty(), "a read that panics");
                    Ok::<_, StoreError>(())
                })
            });
            read.await
        });
        assert!(panicked.await.unwrap_err().is_panic());
        assert!(place.store.read(|tx| Box::pin(write_in_a_read(tx))).await.is_err());
        let pending = place.store.read(|_| Box::pin(std::future::pending::<Result<(), StoreError>>()));
        assert!(matches!(pending.await, Err(StoreError::Bug(_))));
    }
    write(&place.store, "a").await.unwrap();
    assert_eq!(in_time(async { all(&place.store).await }).await, ["a"]);
}

/// A reader left inside a transaction would keep the write-ahead log from ever starting over.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_log_does_not_grow_for_ever() {
    let place = narrow().await;
    let Options::Sqlite(options) = &place.options else { panic!("not SQLite") };
    let log = options.path.with_file_name("herald.db-wal");
    let big = "x".repeat(100_000);
    for at in 0..400 {
        let (key, value) = (at.to_string(), big.clone());
        let put = place.store.write(move |tx| {
            let (key, value) = (key.clone(), value.clone());
            Box::pin(async move { super::rows::put(tx, &key, &value).await })
        });
        put.await.unwrap();
        assert!(!all(&place.store).await.is_empty());
    }
    let bytes = std::fs::metadata(&log).unwrap().len();
    assert!(bytes < 12 << 20, "{bytes} bytes of log for 40 MB of rows");
}
