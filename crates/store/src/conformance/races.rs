//! Many at once: one wins, nobody's step is lost.

use std::future::Future;

use tokio::task::JoinSet;

use super::place::Place;
use super::rows::{all, claim, count_up, counter, get, new_counter, put, swap, write};
use crate::Store;

both! {
    one_of_many_takes_the_name
    one_of_two_inserts_the_row
    one_of_many_swaps_the_value
    no_step_is_lost
    opposite_orders_both_succeed
}

const MANY: usize = 64;

/// The outcome of every task.
async fn at_once<T, F>(tasks: impl Iterator<Item = F>) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    tasks.collect::<JoinSet<T>>().join_all().await
}

async fn one_of_many_takes_the_name(place: &Place) {
    let tries = (0..MANY).map(|at| {
        let store = place.store.clone();
        async move {
            let take = store.write(move |tx| {
                Box::pin(async move {
                    put(tx, &format!("own {at}"), "").await?;
                    claim(tx, "name", "").await
                })
            });
            take.await.unwrap()
        }
    });
    let won = at_once(tries).await;
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    assert_eq!(all(&place.store).await.len(), MANY + 1, "the losers' other rows are kept");
}

async fn one_of_two_inserts_the_row(place: &Place) {
    for round in 0..10 {
        let key = format!("{round}");
        let tries = (0..2).map(|_| {
            let (store, key) = (place.store.clone(), key.clone());
            async move { write(&store, &key).await }
        });
        let outcomes = at_once(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    }
}

async fn one_of_many_swaps_the_value(place: &Place) {
    let start = place.store.write(|tx| Box::pin(async move { put(tx, "state", "open").await }));
    start.await.unwrap();
    let tries = (0..MANY).map(|at| {
        let store = place.store.clone();
        async move {
            let write = store.write(move |tx| {
                Box::pin(async move { swap(tx, "state", "open", &format!("taken by {at}")).await })
            });
            write.await.unwrap().then_some(at)
        }
    });
    let winners: Vec<usize> = at_once(tries).await.into_iter().flatten().collect();
    let state = place.store.read(|tx| Box::pin(get(tx, "state"))).await.unwrap();
    assert_eq!(winners.len(), 1);
    assert_eq!(state, Some(format!("taken by {}", winners[0])));
}

async fn no_step_is_lost(place: &Place) {
    counters(&place.store).await;
    let steppers = (0..2).map(|_| {
        let store = place.store.clone();
        async move {
            for _ in 0..50 {
                store.write(|tx| Box::pin(async move { count_up(tx, "x").await })).await.unwrap();
            }
        }
    });
    at_once(steppers).await;
    assert_eq!(count(&place.store, "x").await, 100);
}

/// On PostgreSQL some of these deadlock and are run again (`postgres.rs` makes sure of one); on SQLite none.
async fn opposite_orders_both_succeed(place: &Place) {
    counters(&place.store).await;
    let steppers = [["x", "y"], ["y", "x"]].into_iter().map(|[first, second]| {
        let store = place.store.clone();
        async move {
            for _ in 0..25 {
                let step = store.write(move |tx| {
                    Box::pin(async move {
                        count_up(tx, first).await?;
                        count_up(tx, second).await
                    })
                });
                step.await.unwrap();
            }
        }
    });
    at_once(steppers).await;
    assert_eq!((count(&place.store, "x").await, count(&place.store, "y").await), (50, 50));
}

async fn counters(store: &Store) {
    let made = store.write(|tx| {
        Box::pin(async move {
            new_counter(tx, "x", 0).await?;
            new_counter(tx, "y", 0).await
        })
    });
    made.await.unwrap();
}

async fn count(store: &Store, kind: &'static str) -> i64 {
    store.read(move |tx| Box::pin(counter(tx, kind))).await.unwrap()
}
