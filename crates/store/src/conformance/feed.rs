//! The feed: numbers in the order of commit, without gaps, for those alone who changed something cached.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;

use super::place::{Place, Refusal};
use super::rows::{announce, feed, put, told, write};
use crate::StoreError;

both! {
    numbers_have_no_gaps_and_no_holes_are_ever_seen
    quiet_and_refused_writes_take_none
    a_change_is_told_once_however_often_it_is_said
    many_subjects_share_one_number
    a_node_forgets_before_it_answers
}

async fn numbers_have_no_gaps_and_no_holes_are_ever_seen(place: &Place) {
    let done = Arc::new(AtomicBool::new(false));
    let (other, stop) = (place.beside().await, Arc::clone(&done));
    let watcher = tokio::spawn(async move {
        let mut last = 0;
        while !stop.load(Ordering::Acquire) {
            let seen = told(&other).await;
            let numbers: Vec<i64> = seen.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, (1..=i64::try_from(seen.len()).unwrap()).collect::<Vec<_>>());
            assert!(seen.len() >= last, "what was told stays told");
            last = seen.len();
            tokio::task::yield_now().await;
        }
    });
    let mut writers = JoinSet::new();
    for at in 0..64_u128 {
        let store = place.store.clone();
        writers.spawn(async move {
            let key = at.to_string();
            match at % 4 {
                0 => write(&store, &key).await.unwrap(),
                1 => assert!(refused(&store, at).await),
                _ => announce(&store, &key, Uuid::from_u128(at)).await.unwrap(),
            }
        });
    }
    writers.join_all().await;
    done.store(true, Ordering::Release);
    watcher.await.unwrap();
    let told = told(&place.store).await;
    assert_eq!(told.iter().map(|(n, _)| *n).collect::<Vec<_>>(), (1..=32).collect::<Vec<_>>());
    let subjects: BTreeSet<Uuid> = told.into_iter().map(|(_, subject)| subject).collect();
    assert_eq!(subjects, (0..64).filter(|at| at % 4 > 1).map(Uuid::from_u128).collect());
}

async fn refused(store: &crate::Store, at: u128) -> bool {
    let write = store.write(move |tx| {
        Box::pin(async move {
            tx.changed(Uuid::from_u128(at));
            put(tx, &at.to_string(), "").await?;
            Err::<(), _>(Refusal::No)
        })
    });
    matches!(write.await, Err(Refusal::No))
}

async fn quiet_and_refused_writes_take_none(place: &Place) {
    let before = place.store.feed().position();
    write(&place.store, "quiet").await.unwrap();
    assert!(refused(&place.store, 1).await);
    let broken = place.store.write(|tx| {
        Box::pin(async move {
            tx.changed(Uuid::from_u128(1));
            put(tx, "quiet", "").await
        })
    });
    assert!(broken.await.is_err());
    assert!(told(&place.store).await.is_empty());
    announce(&place.store, "loud", Uuid::from_u128(2)).await.unwrap();
    assert_eq!(told(&place.store).await, [(1, Uuid::from_u128(2))]);
    assert_eq!(place.store.feed().position(), before + 1);
}

async fn a_change_is_told_once_however_often_it_is_said(place: &Place) {
    let (ada, bo) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let write = place.store.write(move |tx| {
        Box::pin(async move {
            for subject in [bo, ada, bo, ada] {
                tx.changed(subject);
            }
            Ok::<_, StoreError>(())
        })
    });
    write.await.unwrap();
    assert_eq!(told(&place.store).await, [(1, ada), (1, bo)]);
}

/// More than a page of the feed holds, as when a world of many users is applied.
async fn many_subjects_share_one_number(place: &Place) {
    const MANY: u128 = 5_000;
    let other = place.beside().await;
    other.migrate(super::place::NOW).await.unwrap();
    let as_of = other.feed().position();
    let write = place.store.write(|tx| {
        Box::pin(async move {
            (0..MANY).for_each(|at| tx.changed(Uuid::from_u128(at)));
            Ok::<_, StoreError>(())
        })
    });
    write.await.unwrap();
    let told = told(&place.store).await;
    assert_eq!(told.len(), 5_000);
    assert!(told.iter().all(|(number, _)| *number == 1));
    announce(&place.store, "next", Uuid::from_u128(MANY)).await.unwrap();
    if place.store.is_sqlite() {
        let poll = tokio::spawn(async move { other.poll_feed(Duration::from_secs(1)).await.map(|()| other) });
        let other = tokio::time::timeout(Duration::from_secs(20), poll).await.unwrap().unwrap().unwrap();
        assert_eq!(other.feed().position(), 2);
        for subject in 0..=MANY {
            let slot = crate::Slot::of(Uuid::from_u128(subject));
            assert!(!other.feed().unchanged(as_of, &[slot]), "{subject}");
        }
    }
}

async fn a_node_forgets_before_it_answers(place: &Place) {
    let ada = Uuid::from_u128(1);
    let slots = [crate::Slot::of(ada)];
    for round in 0..20 {
        let as_of = place.store.feed().position();
        assert!(place.store.feed().unchanged(as_of, &slots));
        announce(&place.store, &round.to_string(), ada).await.unwrap();
        assert!(!place.store.feed().unchanged(as_of, &slots));
    }
    let listed = place.store.read(|tx| Box::pin(feed(tx))).await.unwrap();
    assert_eq!(listed.len(), 20);
}
