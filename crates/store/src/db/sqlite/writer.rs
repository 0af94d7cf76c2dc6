//! The one writer thread: takes what waits, runs it in one transaction, commits once, answers all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::mpsc;

use super::group::{Member, Ran, batch};
use crate::error::StoreError;
use crate::feed::Feed;

/// Members that one COMMIT, and so one fsync, serves at most.
const GROUP: usize = 128;
/// Members that wait at most; past that a caller waits before it is let into the queue.
const QUEUE: usize = 1024;
/// After so many groups in a row the lock is left alone for a moment, so that another process gets its turn.
const ROW: u32 = 8;
const BREATH: Duration = Duration::from_millis(3);

pub(crate) struct Writer {
    queue: Option<mpsc::Sender<Box<dyn Member>>>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
    stuck: Arc<AtomicBool>,
}

impl Writer {
    pub(crate) fn start(conn: Connection, feed: Arc<Feed>) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let stuck = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stuck);
        let run = move || Loop { conn, feed, jobs, stuck: told }.run();
        let thread = std::thread::Builder::new().name("herald-writer".into()).spawn(run);
        Ok(Self { queue: Some(queue), thread: Mutex::new(Some(thread.map_err(StoreError::other)?)), stuck })
    }

    /// Whether the disk, or whoever holds the file, refused the last write, and none was kept since.
    pub(crate) fn is_stuck(&self) -> bool {
        self.stuck.load(Ordering::Relaxed)
    }

    pub(crate) async fn submit(&self, member: Box<dyn Member>) -> Result<(), StoreError> {
        let Some(queue) = &self.queue else { return Err(StoreError::Bug("came after the end")) };
        queue.send(member).await.map_err(|_| StoreError::Bug("found the writer gone"))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        let thread = self.thread.lock().take();
        // The last handle may go with a closure on the writer's own thread, which cannot wait for itself.
        let other = thread.filter(|thread| thread.thread().id() != std::thread::current().id());
        if let Some(thread) = other {
            // Only a panic outside every member could make this an error, and it is logged by then.
            drop(thread.join());
        }
    }
}

struct Loop {
    conn: Connection,
    feed: Arc<Feed>,
    jobs: mpsc::Receiver<Box<dyn Member>>,
    stuck: Arc<AtomicBool>,
}

impl Loop {
    fn run(mut self) {
        let mut in_a_row = 0;
        while let Some(first) = self.next(&mut in_a_row) {
            self.group(first);
        }
    }

    fn next(&mut self, in_a_row: &mut u32) -> Option<Box<dyn Member>> {
        if let Ok(waiting) = self.jobs.try_recv() {
            *in_a_row += 1;
            if *in_a_row >= ROW {
                *in_a_row = 0;
                breathe();
            }
            return Some(waiting);
        }
        *in_a_row = 0;
        self.jobs.blocking_recv()
    }

    fn group(&mut self, first: Box<dyn Member>) {
        if let Err(error) = batch(&self.conn, "BEGIN IMMEDIATE") {
            self.failed(&error);
            return first.fail(error);
        }
        let mut members = Vec::new();
        let mut numbered = Vec::new();
        let mut kept = false;
        let mut next = Some(first);
        while let Some(mut member) = next {
            let ran = member.run(&mut self.conn);
            members.push(member);
            kept |= matches!(ran, Ran::Kept(_));
            match ran {
                Ran::Kept(Some(number)) => numbered.push(number),
                Ran::Undone(Some(error)) => self.failed(&error),
                Ran::Kept(None) | Ran::Undone(None) => {}
                Ran::GroupLost(error) => return self.lose(members, &error),
            }
            next = if members.len() < GROUP { self.jobs.try_recv().ok() } else { None };
        }
        if let Err(error) = batch(&self.conn, "COMMIT") {
            return self.lose(members, &error);
        }
        if kept {
            self.stuck.store(false, Ordering::Relaxed);
        }
        for (number, subjects) in numbered {
            self.feed.committed(number, &subjects);
        }
        for member in members {
            member.answer();
        }
    }

    fn failed(&self, error: &StoreError) {
        if matches!(error, StoreError::Full | StoreError::Unavailable(_)) {
            self.stuck.store(true, Ordering::Relaxed);
        }
    }

    /// Nothing of the group was kept: every member hears so.
    fn lose(&self, members: Vec<Box<dyn Member>>, error: &StoreError) {
        tracing::error!(%error, members = members.len(), "a commit group was lost");
        self.failed(error);
        if !self.conn.is_autocommit()
            && let Err(error) = batch(&self.conn, "ROLLBACK")
        {
            tracing::error!(%error, "the lost group would not roll back");
        }
        for member in members {
            member.fail(error.clone());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the writer's own thread, which nobody awaits")]
fn breathe() {
    std::thread::sleep(BREATH);
}
