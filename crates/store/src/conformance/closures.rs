//! Closures that break, and callers that go away, leave the store as usable as it was.

use std::sync::mpsc;
use std::time::Duration;

use parking_lot::Mutex;

use super::place::{Place, submitted};
use super::rows::{all, keys, put, write};
use crate::StoreError;

both! {
    a_panicking_write_is_a_bug_and_keeps_nothing
    a_panicking_scan_is_no_end
    a_caller_that_goes_away_cuts_nothing_short
    the_last_handle_may_end_inside_a_write
}

async fn a_panicking_write_is_a_bug_and_keeps_nothing(place: &Place) {
    for _ in 0..20 {
        let panicked = place.store.write(|tx| {
            Box::pin(async move {
                put(tx, "half", "").await?;
                assert!(!tx.changed.is_empty(), "a write closure that panics");
                Ok::<_, StoreError>(())
            })
        });
        assert!(matches!(panicked.await, Err(StoreError::Bug("panicked"))));
    }
    write(&place.store, "after").await.unwrap();
    assert_eq!(all(&place.store).await, ["after"]);
}

async fn a_panicking_scan_is_no_end(place: &Place) {
    for _ in 0..20 {
        let store = place.store.clone();
        let scan = tokio::spawn(async move {
            let scan = store.scan(|tx| {
                Box::pin(async move {
                    let found = keys(tx).await?;
                    assert!(!found.is_empty(), "a scan that panics");
                    Ok::<_, StoreError>(())
                })
            });
            scan.await
        });
        assert!(!matches!(scan.await, Ok(Ok(()))));
    }
    assert!(all(&place.store).await.is_empty());
}

async fn a_caller_that_goes_away_cuts_nothing_short(place: &Place) {
    for at in 0..20 {
        drop(submitted(write(&place.store, &format!("{at:02}"))).await);
    }
    // The writer keeps the order of submission; PostgreSQL's tasks are waited for.
    write(&place.store, "last").await.unwrap();
    let mut patience = 500;
    while all(&place.store).await.len() < 21 && patience > 0 {
        patience -= 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(all(&place.store).await.len(), 21);
}

/// The closure holds a handle of its own, and everybody else lets go: the last handle ends where the write ran.
async fn the_last_handle_may_end_inside_a_write(place: &Place) {
    let store = place.beside().await;
    let inner = store.clone();
    let (let_go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let caller = async move {
        let outer = inner.clone();
        let write = outer.write(move |tx| {
            let held = inner.clone();
            // Ends with the sender.
            assert!(wait.lock().recv_timeout(Duration::from_secs(10)).is_err());
            Box::pin(async move {
                put(tx, "last", "").await?;
                drop(held);
                Ok::<_, StoreError>(())
            })
        });
        write.await
    };
    drop(submitted(caller).await);
    // More than one group holds, so that the writer has to live on.
    for at in 0..200 {
        drop(submitted(write(&store, &format!("behind {at}"))).await);
    }
    drop(store);
    drop(let_go);
    let mut patience = 500;
    while all(&place.store).await.len() < 201 && patience > 0 {
        patience -= 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(all(&place.store).await.len(), 201);
}

/// PostgreSQL's closures may wait; SQLite's hold up everybody, so one that waits is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_write_that_waits_is_a_bug_on_sqlite() {
    let place = Place::sqlite().await;
    let pending = place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "half", "").await?;
            std::future::pending::<()>().await;
            Ok::<_, StoreError>(())
        })
    });
    assert!(matches!(pending.await, Err(StoreError::Bug("waited for something other than its store"))));
    let asleep = place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "half", "").await?;
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok::<_, StoreError>(())
        })
    });
    assert!(matches!(asleep.await, Err(StoreError::Bug(_))));
    let yielding = place.store.read(|_| {
        Box::pin(async {
            tokio::task::yield_now().await;
            Ok::<_, StoreError>(())
        })
    });
    assert!(matches!(yielding.await, Err(StoreError::Bug(_))));
    write(&place.store, "after").await.unwrap();
    assert_eq!(all(&place.store).await, ["after"]);
}
