//! Copies taken while many write, and files that are none.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use domain::Timestamp;
use tempfile::TempDir;

use super::*;
use crate::{Options, SqliteOptions, Store};

/// No write may take longer, whatever is copied meanwhile.
const STALL: Duration = Duration::from_secs(5);
const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

struct Place {
    folder: TempDir,
    store: Store,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder.path().join("herald.db")).await;
        store.migrate(NOW).await.unwrap();
        Self { folder, store }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A sealed copy.
    fn backup(&self, name: &str, each: &mut dyn FnMut(Pages) -> ControlFlow<()>) -> PathBuf {
        let to = self.path(name);
        File::create_new(&to).unwrap();
        assert_eq!(copy(&self.path("herald.db"), &to, each).unwrap(), Copied::Whole);
        judge(&to, Sealed::Yes).unwrap();
        seal(&mut File::options().read(true).write(true).open(&to).unwrap()).unwrap();
        to
    }

    fn take(&self, from: &Path) -> Result<Contents, Unfit> {
        let to = self.path("taken");
        remove(&to);
        let sealed = take(&mut File::open(from)?, &mut File::create_new(&to)?)?;
        judge(&to, sealed)
    }
}

fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

async fn open(path: &Path) -> Store {
    Store::open(&Options::Sqlite(SqliteOptions::at(path))).await.unwrap()
}

async fn put(store: &Store, key: String, value: String) -> Result<String, StoreError> {
    store
        .write(move |tx| {
            let (key, value) = (key.clone(), value.clone());
            Box::pin(async move { crate::installation::set_once(tx, &key, &value).await })
        })
        .await
}

fn go_on(_: Pages) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The rows that [`put`] made.
fn keys(path: &Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(path).unwrap();
    let check: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let mut all = conn.prepare("SELECT key FROM installation ORDER BY key").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Eight write through another handle; the copy is many steps long, and commits fall between them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_under_load_is_of_one_moment_and_stops_nobody() {
    let place = Place::new().await;
    for at in 0..40 {
        put(&place.store, format!("before {at:02}"), "x".repeat(1 << 20)).await.unwrap();
    }
    let (done, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let (store, done, stop) = (place.store.clone(), Arc::clone(&done), Arc::clone(&stop));
        writers.spawn(async move {
            for at in 0.. {
                if stop.load(Ordering::Acquire) {
                    break;
                }
                let put = put(&store, format!("pair {writer} {at:06}"), String::new());
                tokio::time::timeout(STALL, put).await.expect("no writer waits that long").unwrap();
                done.fetch_add(1, Ordering::AcqRel);
            }
        });
    }
    while done.load(Ordering::Acquire) < 64 {
        tokio::task::yield_now().await;
    }
    let before = keys(&place.path("herald.db"));
    let mut steps = 0;
    let (_silent, wait) = channel::<()>();
    let copy = tokio::task::block_in_place(|| {
        place.backup("copy", &mut |pages| {
            // The copy goes on only when somebody has written since: it does so many times over.
            let seen = done.load(Ordering::Acquire);
            let written = (0..5_000).any(|_| {
                let _ = wait.recv_timeout(Duration::from_millis(1));
                done.load(Ordering::Acquire) > seen
            });
            assert!(written, "somebody writes while it copies");
            steps += 1;
            assert!(pages.done <= pages.all);
            ControlFlow::Continue(())
        })
    });
    stop.store(true, Ordering::Release);
    writers.join_all().await;
    assert!(steps >= 8, "{steps} steps");
    let copied = keys(&copy);
    assert!(before.iter().all(|key| copied.contains(key)), "all that was there before it began");
    let after = keys(&place.path("herald.db"));
    assert!(copied.len() < after.len(), "what came later is not in it: it is of one moment");
    // Of one moment: each writer's rows are there up to one, without a gap.
    for writer in 0..8 {
        let of = |keys: &[String]| -> Vec<String> {
            let whose = format!("pair {writer} ");
            keys.iter().filter(|key| key.starts_with(&whose)).cloned().collect()
        };
        let (copied, after) = (of(&copied), of(&after));
        assert_eq!(copied, after[..copied.len()]);
    }
    let contents = place.take(&copy).unwrap();
    assert!(contents.rows > 100 && contents.schema.found == contents.schema.known);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_stopped_says_so() {
    let place = Place::new().await;
    let to = place.path("copy");
    File::create_new(&to).unwrap();
    let copied = copy(&place.path("herald.db"), &to, &mut |_| ControlFlow::Break(())).unwrap();
    assert_eq!(copied, Copied::Stopped);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_changed_byte_is_found() {
    let place = Place::new().await;
    put(&place.store, "key".into(), "a word that no index holds".into()).await.unwrap();
    let whole = fs::read(place.backup("copy", &mut go_on)).unwrap();
    let bad = place.path("bad");
    let word = whole.windows(6).position(|bytes| bytes == b"a word").expect("it is in it");
    for at in [0, 17, 30, 101, word, whole.len() / 2, whole.len() - 60, whole.len() - 40, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        fs::write(&bad, &bytes).unwrap();
        let refused = place.take(&bad);
        let expected = matches!(refused, Err(Unfit::NotSqlite | Unfit::Length { .. } | Unfit::Checksum));
        assert!(expected, "byte {at}: {refused:?}");
    }
    for length in [0, 15, 50, 4096, whole.len() / 2, whole.len() - 20] {
        fs::write(&bad, &whole[..length]).unwrap();
        let refused = place.take(&bad);
        assert!(matches!(refused, Err(Unfit::NotSqlite | Unfit::Length { .. })), "{length}: {refused:?}");
    }
    fs::write(&bad, &whole).unwrap();
    place.take(&bad).unwrap();
}

/// A copy made with other tools, or one whose checksum was cut off, is looked at more closely.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bare_file_is_taken_when_it_is_whole() {
    let place = Place::new().await;
    let mut whole = fs::read(place.backup("copy", &mut go_on)).unwrap();
    whole.truncate(whole.len() - 48);
    let bare = place.path("bare");
    fs::write(&bare, &whole).unwrap();
    place.take(&bare).unwrap();
    let conn = rusqlite::Connection::open(&bare).unwrap();
    let page: u32 = conn
        .query_row("SELECT rootpage FROM sqlite_master WHERE name = 'audit_at'", [], |row| row.get(0))
        .unwrap();
    drop(conn);
    let at = (page as usize - 1) * 4096;
    whole[at..at + 9].copy_from_slice(&[0x0A, 0, 0, 255, 255, 255, 255, 255, 255]);
    fs::write(&bare, &whole).unwrap();
    assert!(matches!(place.take(&bare), Err(Unfit::Damaged(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_and_migrations_are_judged() {
    let place = Place::new().await;
    let change = |sql: &str| {
        let bare = place.path("bare");
        remove(&bare);
        fs::write(&bare, fs::read(place.path("settled")).unwrap()).unwrap();
        rusqlite::Connection::open(&bare).unwrap().execute_batch(sql).unwrap();
        place.take(&bare)
    };
    take(
        &mut File::open(place.backup("copy", &mut go_on)).unwrap(),
        &mut File::create(place.path("settled")).unwrap(),
    )
    .unwrap();
    let mark: i32 = rusqlite::Connection::open(place.path("settled"))
        .unwrap()
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .unwrap();
    assert_eq!(mark, APPLICATION_ID);
    assert!(change("PRAGMA application_id = 0").is_ok(), "made before there was a mark");
    assert!(matches!(change("PRAGMA application_id = 7"), Err(Unfit::Foreign)));
    assert!(matches!(change("DROP TABLE schema_migrations"), Err(Unfit::Foreign)));
    assert!(matches!(change("DELETE FROM schema_migrations"), Err(Unfit::Foreign)));
    let newer = change("INSERT INTO schema_migrations VALUES (999, 'later', x'00', 1)");
    assert!(matches!(newer, Err(Unfit::Store(StoreError::Newer { found: 999, .. }))), "{newer:?}");
    let altered = change("UPDATE schema_migrations SET checksum = x'00'");
    assert!(matches!(altered, Err(Unfit::Store(StoreError::Altered { version: 1 }))), "{altered:?}");
}

/// While the name goes over, nobody reads or writes; where somebody has the file open, it does not go over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_in_use_is_not_swapped() {
    let place = Place::new().await;
    let path = place.path("herald.db");
    let refused = tokio::task::block_in_place(|| alone(&path, || panic!("it ran")));
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    put(&place.store, "still".into(), "works".into()).await.unwrap();
    let Place { folder, store } = place;
    drop(store);
    let path = folder.path().join("herald.db");
    let shut = alone(&path, || {
        assert!(!folder.path().join("herald.db-wal").exists());
        let other = rusqlite::Connection::open(&path).unwrap();
        other.busy_timeout(Duration::ZERO).unwrap();
        other.query_row("SELECT COUNT(*) FROM users", [], |_| Ok(())).is_err()
    });
    assert!(shut.unwrap());
    let mut damaged = File::options().read(true).write(true).open(&path).unwrap();
    damaged.write_all(b"not SQLite's first bytes").unwrap();
    let mut all = Vec::new();
    damaged.read_to_end(&mut all).unwrap();
    assert!(alone(&path, || true).unwrap(), "what cannot be opened cannot be in use");
}
