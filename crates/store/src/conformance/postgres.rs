//! What PostgreSQL alone has to promise: run again after a deadlock, no time-out on a migration, reconnects.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Barrier;

use super::place::{Kept, NOW, Place, in_time};
use super::rows::{all, count_up, counter, new_counter, put, write};
use crate::{Options, Store, StoreError};

sql! { "postgres";
    SERIALISATION_FAILURE = "DO $$ BEGIN RAISE EXCEPTION 'provoked' USING ERRCODE = '40001'; END $$";
    LOCK = "SELECT CAST(pg_advisory_xact_lock(4772041) AS TEXT)";
    SLEEP = "SELECT CAST(pg_sleep(1) AS TEXT)";
    END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    ISOLATION = "SELECT CAST(current_setting('transaction_isolation') AS TEXT)";
    TIME_OUT = "SELECT CAST(current_setting('statement_timeout') AS TEXT)";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_deadlock_is_run_again_and_both_succeed() {
    let place = Place::postgres().await;
    let made = place.store.write(|tx| {
        Box::pin(async move {
            new_counter(tx, "x", 0).await?;
            new_counter(tx, "y", 0).await
        })
    });
    made.await.unwrap();
    let (both_hold_one, runs) = (Arc::new(Barrier::new(2)), Arc::new(AtomicUsize::new(0)));
    let crossing = [["x", "y"], ["y", "x"]].map(|[first, second]| {
        let (store, hold, runs) = (place.store.clone(), Arc::clone(&both_hold_one), Arc::clone(&runs));
        tokio::spawn(async move {
            let write = store.write(move |tx| {
                let (hold, runs) = (Arc::clone(&hold), Arc::clone(&runs));
                Box::pin(async move {
                    count_up(tx, first).await?;
                    if runs.fetch_add(1, Ordering::SeqCst) < 2 {
                        hold.wait().await;
                    }
                    count_up(tx, second).await
                })
            });
            write.await
        })
    });
    for crossed in crossing {
        in_time(crossed).await.unwrap().unwrap();
    }
    assert!(runs.load(Ordering::SeqCst) > 2, "one of them ran again");
    for kind in ["x", "y"] {
        assert_eq!(place.store.read(move |tx| Box::pin(counter(tx, kind))).await.unwrap(), 2);
    }
}

/// Fails its first `failures` runs with 40001: how often it ran, and what came of it.
async fn failing(store: &Store, failures: usize, swallow: bool) -> (usize, Result<(), StoreError>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let write = store.write(move |tx| {
        let run = counted.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            put(tx, "once", "").await?;
            if run < failures {
                let failed = tx.run(&SERIALISATION_FAILURE, &[]).await;
                if !swallow {
                    failed?;
                }
            }
            Ok::<_, StoreError>(())
        })
    });
    let outcome = write.await;
    (runs.load(Ordering::SeqCst), outcome)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_serialisation_failure_is_run_again_but_not_for_ever() {
    let place = Place::postgres().await;
    let (runs, outcome) = failing(&place.store, usize::MAX, false).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))));
    assert_eq!(runs, 5);
    assert!(all(&place.store).await.is_empty());
    let (runs, outcome) = failing(&place.store, 2, true).await;
    outcome.unwrap();
    assert_eq!(runs, 3, "also where the closure swallowed the error");
    assert_eq!(all(&place.store).await, ["once"]);
}

/// Another node that migrates for longer than a statement may take is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_migration_has_no_time_out() {
    let kept = Kept::database();
    let Options::Postgres(mut options) = kept.options() else { panic!("not PostgreSQL") };
    let slow = Store::open(&Options::Postgres(options.clone())).await.unwrap();
    options.statement_timeout = Duration::from_millis(100);
    let hasty = Store::open(&Options::Postgres(options)).await.unwrap();
    let holding = tokio::spawn(async move {
        let hold = slow.write(|tx| {
            Box::pin(async move {
                tx.run(&LOCK, &[]).await?;
                tx.run(&SLEEP, &[]).await
            })
        });
        hold.await
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    in_time(hasty.migrate(NOW)).await.unwrap();
    holding.await.unwrap().unwrap();
    let late = hasty.read(|tx| Box::pin(async move { tx.any(&SLEEP, &[]).await })).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "everything else has one");
    let shown = hasty.read(|tx| {
        Box::pin(async move { tx.row(&TIME_OUT, &[]).await?.expect("a setting").take::<String>("it") })
    });
    let shown: Result<String, StoreError> = shown.await;
    assert_eq!(shown.unwrap(), "100ms", "the migration's own connection is bounded again as well");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ended_connections_are_replaced() {
    let place = Place::postgres().await;
    for at in 0..8 {
        write(&place.store, &at.to_string()).await.unwrap();
    }
    let other = place.beside().await;
    for round in 0..3 {
        other
            .read(|tx| {
                Box::pin(async move { tx.list(&END_ALL, &[], |mut row| row.take::<bool>("ended")).await })
            })
            .await
            .map(drop)
            .unwrap();
        let mut patience = 20;
        // Those that were under way may fail; none of the next may, once it is noticed.
        while write(&place.store, &format!("after {round} {patience}")).await.is_err() {
            patience -= 1;
            assert!(patience > 0);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(all(&place.store).await.len() > 8 + round);
    }
}

/// Options that stand in the URL go beside ours; ours do not push them out.
#[tokio::test]
async fn the_urls_own_options_are_kept() {
    let place = Place::postgres().await;
    let Options::Postgres(mut options) = place.options.clone() else { panic!("not PostgreSQL") };
    options.url.push_str("?options=-c%20default_transaction_isolation%3Dserializable");
    let store = Store::open(&Options::Postgres(options)).await.unwrap();
    let shown = store.write(|tx| {
        Box::pin(async move { tx.row(&ISOLATION, &[]).await?.expect("a setting").take::<String>("it") })
    });
    let shown: Result<String, StoreError> = shown.await;
    assert_eq!(shown.unwrap(), "serializable");
}
