//! A read sees one moment, however long it takes and whoever commits meanwhile.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::place::Place;
use super::rows::{all, keys, write};

both! {
    a_read_sees_one_moment
    a_commit_is_seen_by_the_next_read
}

/// A door that a reader stands at between two looks: on SQLite its thread waits, on PostgreSQL its task.
struct Door {
    arrived: Notify,
    opened: Notify,
    blocking: bool,
    open: (mpsc::Sender<()>, Mutex<mpsc::Receiver<()>>),
}

impl Door {
    fn new(blocking: bool) -> Arc<Self> {
        let (open, wait) = mpsc::channel();
        let open = (open, Mutex::new(wait));
        Arc::new(Self { arrived: Notify::new(), opened: Notify::new(), blocking, open })
    }

    async fn wait(&self) {
        self.arrived.notify_one();
        if self.blocking {
            self.open.1.lock().recv_timeout(Duration::from_secs(30)).unwrap();
        } else {
            self.opened.notified().await;
        }
    }

    fn open(&self) {
        self.open.0.send(()).unwrap();
        self.opened.notify_one();
    }
}

async fn a_read_sees_one_moment(place: &Place) {
    write(&place.store, "before").await.unwrap();
    let door = Door::new(place.store.is_sqlite());
    let (store, at) = (place.store.clone(), Arc::clone(&door));
    let looks = tokio::spawn(async move {
        let looks = store.scan(move |tx| {
            let at = Arc::clone(&at);
            Box::pin(async move {
                let first = keys(tx).await?;
                at.wait().await;
                Ok::<_, crate::StoreError>((first, keys(tx).await?))
            })
        });
        looks.await.unwrap()
    });
    door.arrived.notified().await;
    write(&place.store, "meanwhile").await.unwrap();
    assert_eq!(all(&place.store).await, ["before", "meanwhile"], "others see it at once");
    door.open();
    let (first, second) = looks.await.unwrap();
    assert_eq!(first, ["before"]);
    assert_eq!(second, ["before"]);
}

async fn a_commit_is_seen_by_the_next_read(place: &Place) {
    let other = place.beside().await;
    for at in 0..50 {
        write(&place.store, &format!("{at:02}")).await.unwrap();
        assert_eq!(all(&place.store).await.len(), at + 1);
        assert_eq!(all(&other).await.len(), at + 1);
    }
}
