//! SQLite's commit groups: many writes, one COMMIT, each kept or undone by itself.

use std::sync::mpsc;
use std::time::Duration;

use parking_lot::Mutex;

use super::place::{Place, Refusal, in_time, submitted};
use super::rows::{all, claim, keys, put, write};
use crate::db::SqliteOptions;
use crate::{Options, Store, StoreError};

/// Holds the writer inside a group until told, so that what is submitted meanwhile joins that group.
pub(super) struct Gate {
    go: mpsc::Sender<()>,
    first: tokio::task::JoinHandle<Result<(), StoreError>>,
}

impl Gate {
    pub async fn close(store: &Store) -> Self {
        let (go, wait) = mpsc::channel();
        let (arrived, at_gate) = tokio::sync::oneshot::channel();
        let (wait, arrived) = (Mutex::new(wait), Mutex::new(Some(arrived)));
        let store = store.clone();
        let first = tokio::spawn(async move {
            let hold = store.write(move |tx| {
                if let Some(arrived) = arrived.lock().take() {
                    arrived.send(()).unwrap();
                }
                let told = wait.lock().recv_timeout(Duration::from_secs(30));
                Box::pin(async move {
                    told.expect("the gate is opened");
                    put(tx, "gate", "").await
                })
            });
            hold.await
        });
        at_gate.await.unwrap();
        Self { go, first }
    }

    /// What became of the group's first member.
    pub async fn open(self) -> Result<(), StoreError> {
        self.go.send(()).unwrap();
        self.first.await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_group_shares_one_commit() {
    let place = Place::sqlite().await;
    let other = place.beside().await;
    let gate = Gate::close(&place.store).await;
    let mut writes = Vec::new();
    for at in 0..63 {
        writes.push(submitted(write(&place.store, &format!("{at:02}"))).await);
    }
    let outside = other.clone();
    let last = submitted(place.store.write(move |tx| {
        let committed = outside.clone();
        Box::pin(async move {
            put(tx, "last", "").await?;
            Ok::<_, StoreError>((keys(tx).await?.len(), all(&committed).await.len()))
        })
    }))
    .await;
    gate.open().await.unwrap();
    assert_eq!(all(&other).await.len(), 65, "with the first answer all of it is there");
    assert_eq!(
        in_time(last).await.unwrap(),
        (65, 0),
        "the last member saw the others, who were not committed"
    );
    for write in writes {
        in_time(write).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn members_that_fail_leave_their_neighbours() {
    let place = Place::sqlite().await;
    let gate = Gate::close(&place.store).await;
    let before = submitted(write(&place.store, "before")).await;
    let refused = submitted(place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "refused", "").await?;
            Err::<(), _>(Refusal::No)
        })
    }))
    .await;
    let broken = submitted(place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "broken", "").await?;
            put(tx, "before", "taken").await
        })
    }))
    .await;
    let panicked = submitted(place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "panicked", "").await?;
            assert!(!tx.changed.is_empty(), "a member that panics");
            Ok::<_, StoreError>(())
        })
    }))
    .await;
    let pending = submitted(place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "pending", "").await?;
            std::future::pending::<Result<(), StoreError>>().await
        })
    }))
    .await;
    let after = submitted(write(&place.store, "after")).await;
    gate.open().await.unwrap();
    in_time(before).await.unwrap();
    assert!(matches!(in_time(refused).await, Err(Refusal::No)));
    assert!(matches!(in_time(broken).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(in_time(panicked).await, Err(StoreError::Bug(_))));
    assert!(matches!(in_time(pending).await, Err(StoreError::Bug(_))));
    in_time(after).await.unwrap();
    assert_eq!(all(&place.store).await, ["after", "before", "gate"]);
}

/// A refusal may rest on a groupmate's row, so it may not go out before that row is committed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refusal_waits_for_the_commit() {
    let place = Place::sqlite().await;
    let other = place.beside().await;
    for round in 0..20 {
        let name = format!("name {round}");
        let gate = Gate::close(&place.store).await;
        let taker = submitted(write(&place.store, &name)).await;
        let asked = name.clone();
        let refused = place.store.write(move |tx| {
            let asked = asked.clone();
            Box::pin(async move { if claim(tx, &asked, "").await? { Ok(()) } else { Err(Refusal::No) } })
        });
        let refused = submitted(refused).await;
        let first = tokio::spawn(gate.open());
        assert!(matches!(in_time(refused).await, Err(Refusal::No)));
        assert!(all(&other).await.contains(&name), "what it was refused for is there");
        in_time(taker).await.unwrap();
        first.await.unwrap().unwrap();
        place.store.write(|tx| Box::pin(super::rows::clear(tx))).await.unwrap();
    }
}

/// Durable, and with its references checked, on the connection that writes.
#[tokio::test]
async fn the_writer_keeps_the_houses_pragmas() {
    sql! { "pragma";
        JOURNAL = "PRAGMA journal_mode";
        SYNCHRONOUS = "PRAGMA synchronous";
        FOREIGN_KEYS = "PRAGMA foreign_keys";
    }
    let place = Place::sqlite().await;
    let read = place.store.write(|tx| {
        Box::pin(async move {
            let journal: String = tx.row(&JOURNAL, &[]).await?.expect("a value").take("journal_mode")?;
            let synchronous: i64 = tx.row(&SYNCHRONOUS, &[]).await?.expect("a value").take("synchronous")?;
            let checked: bool = tx.row(&FOREIGN_KEYS, &[]).await?.expect("a value").take("foreign_keys")?;
            Ok::<_, StoreError>((journal, synchronous, checked))
        })
    });
    assert_eq!(read.await.unwrap(), ("wal".to_owned(), 2, true));
}

/// 20 writers that never pause, on a store that is opened again after each: nothing acknowledged is missing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_acknowledged_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::Sqlite(SqliteOptions::at(folder.path().join("herald.db")));
    for round in 0..3 {
        let store = Store::open(&options).await.unwrap();
        store.migrate(super::place::NOW).await.unwrap();
        assert_eq!(all(&store).await.len(), round * 200);
        let writers = (0..20).map(|writer| {
            let store = store.clone();
            async move {
                for at in 0..10 {
                    write(&store, &format!("{round} {writer} {at}")).await.unwrap();
                }
            }
        });
        writers.collect::<tokio::task::JoinSet<()>>().join_all().await;
    }
}
