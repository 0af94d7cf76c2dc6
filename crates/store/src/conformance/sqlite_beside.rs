//! Another process on the same SQLite file: here another handle, which shares nothing but the file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use uuid::Uuid;

use super::place::{Kept, NOW, Place, in_time};
use super::rows::{all, announce, sweep, told, write};
use crate::{Slot, Store};

const BOUND: Duration = Duration::from_secs(1);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn both_write_and_both_hear() {
    let place = Place::sqlite().await;
    let (here, there) = (place.store.clone(), place.beside().await);
    there.migrate(NOW).await.unwrap();
    for at in 0..10_u64 {
        let (ada, bo) = (Uuid::from_u64_pair(at, 1), Uuid::from_u64_pair(at, 2));
        let (as_of, their_as_of) = (here.feed().position(), there.feed().position());
        announce(&there, &format!("there {at}"), ada).await.unwrap();
        assert!(here.feed().unchanged(as_of, &[Slot::of(ada)]), "not heard yet");
        announce(&here, &format!("here {at}"), bo).await.unwrap();
        assert_eq!(here.feed().position(), as_of, "its own number may not hide the other's");
        here.poll_feed(seconds(at + 1)).await.unwrap();
        there.poll_feed(seconds(at + 1)).await.unwrap();
        assert!(!here.feed().unchanged(as_of, &[Slot::of(ada)]));
        assert!(!there.feed().unchanged(their_as_of, &[Slot::of(bo)]));
        assert_eq!(here.feed().position(), there.feed().position());
    }
    assert_eq!(all(&here).await.len(), 20);
    assert_eq!(told(&here).await.len(), 20);
}

#[tokio::test]
async fn hearing_renews_the_lease() {
    let place = Place::sqlite().await;
    let feed = place.store.feed();
    assert!(!feed.is_fresh(seconds(5), BOUND), "never heard");
    place.store.poll_feed(seconds(5)).await.unwrap();
    assert!(feed.is_fresh(seconds(6), BOUND));
    assert!(!feed.is_fresh(seconds(6) + Duration::from_nanos(1), BOUND));
    place.store.poll_feed(seconds(7)).await.unwrap();
    assert!(feed.is_fresh(seconds(8), BOUND));
}

/// A poll that noticed a commit and could not read what it was has heard nothing, and the next has to read it.
#[tokio::test]
async fn a_poll_that_failed_is_made_up_for() {
    let place = Place::sqlite().await;
    let crate::Options::Sqlite(options) = &place.options else { panic!("not SQLite") };
    let ada = Uuid::from_u128(1);
    announce(&place.store, "told", ada).await.unwrap();
    // It has not opened a reader yet, and cannot while a folder stands where the file was.
    let other = place.beside().await;
    let aside = options.path.with_extension("aside");
    std::fs::rename(&options.path, &aside).unwrap();
    std::fs::create_dir(&options.path).unwrap();
    assert!(other.poll_feed(seconds(1)).await.is_err());
    assert!(!other.feed().is_fresh(seconds(1), BOUND));
    std::fs::remove_dir(&options.path).unwrap();
    std::fs::rename(&aside, &options.path).unwrap();
    other.poll_feed(seconds(2)).await.unwrap();
    assert_eq!(other.feed().position(), 1);
    assert!(!other.feed().unchanged(0, &[Slot::of(ada)]));
}

/// What was swept before it was heard might have been about anybody.
#[tokio::test]
async fn swept_numbers_empty_the_read_model() {
    let place = Place::sqlite().await;
    let other = place.beside().await;
    other.migrate(NOW).await.unwrap();
    let as_of = other.feed().position();
    for at in 0..4_u128 {
        announce(&place.store, &at.to_string(), Uuid::from_u128(at)).await.unwrap();
    }
    sweep(&place.store, 2).await;
    other.poll_feed(seconds(1)).await.unwrap();
    assert!(!other.feed().unchanged(as_of, &[Slot::of(Uuid::from_u128(77))]), "nobody in particular");
    assert_eq!(other.feed().position(), 4);
    sweep(&place.store, 4).await;
    let as_of = other.feed().position();
    other.poll_feed(seconds(2)).await.unwrap();
    assert!(other.feed().unchanged(as_of, &[Slot::of(Uuid::from_u128(77))]), "heard before it was swept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_busy_writer_lets_others_in() {
    let place = Place::sqlite().await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut busy = tokio::task::JoinSet::new();
    for writer in 0..32 {
        let (store, stop) = (place.store.clone(), Arc::clone(&stop));
        busy.spawn(async move {
            for at in 0.. {
                if stop.load(Ordering::Acquire) {
                    break;
                }
                write(&store, &format!("{writer} {at}")).await.unwrap();
            }
        });
    }
    let other = place.beside().await;
    for turn in 0..3 {
        // Its own patience is five seconds: past that it would be refused.
        let waited = tokio::time::timeout(seconds(6), write(&other, &format!("other {turn}"))).await;
        waited.expect("it has its turn").expect("it is let in");
    }
    stop.store(true, Ordering::Release);
    busy.join_all().await;
}

/// Both first starts find no file at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_handles_make_one_file() {
    for _ in 0..10 {
        let kept = Kept::folder();
        let (one, two) = (kept.options(), kept.options());
        let open = |options| tokio::spawn(async move { Store::open(&options).await });
        let (one, two) = (open(one), open(two));
        let (one, two) = (in_time(one).await.unwrap().unwrap(), in_time(two).await.unwrap().unwrap());
        one.migrate(NOW).await.unwrap();
        write(&two, "there").await.unwrap();
        assert_eq!(all(&one).await, ["there"]);
    }
}
