//! One member of a commit group: a write closure, polled once, and what becomes of it.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use rusqlite::Connection;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::SqliteTx;
use crate::db::tx::{Engine, WriteTx};
use crate::error::StoreError;
use crate::feed;
use crate::write::WriteFn;

/// What a member left behind in the group's transaction.
pub(crate) enum Ran {
    /// Its rows; with the number and subjects in the feed, where it took one.
    Kept(Option<(u64, Vec<Uuid>)>),
    /// Nothing: refused, or failed by itself; with what its store said, where that was the reason.
    Undone(Option<StoreError>),
    /// The group's transaction is gone, and with it everything in it.
    GroupLost(StoreError),
}

pub(crate) trait Member: Send {
    fn run(&mut self, conn: &mut Connection) -> Ran;
    /// After the group's COMMIT: hands out the answer, refusals too.
    fn answer(self: Box<Self>);
    /// Instead of it: nothing of the group was kept.
    fn fail(self: Box<Self>, error: StoreError);
}

pub(crate) struct Job<T, E, F> {
    f: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job<T, E, F> {
    pub(crate) fn new(f: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, answer) = oneshot::channel();
        (Self { f, outcome: None, reply }, answer)
    }
}

impl<T, E, F> Member for Job<T, E, F>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: WriteFn<T, E>,
{
    fn run(&mut self, conn: &mut Connection) -> Ran {
        if let Err(error) = batch(conn, "SAVEPOINT member") {
            return lost_or(conn, error.clone(), || self.outcome = Some(Err(error.into())));
        }
        let attempt = catch_unwind(AssertUnwindSafe(|| attempt(&self.f, conn)));
        let Attempt { outcome, numbered, failed } = attempt.unwrap_or_else(|_| Attempt::panicked());
        if conn.is_autocommit() {
            return Ran::GroupLost(failed.unwrap_or(StoreError::GroupLost));
        }
        let kept = outcome.is_ok();
        self.outcome = Some(outcome);
        let close = if kept { "RELEASE member" } else { "ROLLBACK TO member; RELEASE member" };
        match batch(conn, close) {
            Ok(()) if kept => Ran::Kept(numbered),
            Ok(()) => Ran::Undone(failed),
            Err(error) => Ran::GroupLost(error),
        }
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(StoreError::Bug("was never run").into()));
        // A caller that hung up has no use for it.
        drop(self.reply.send(outcome));
    }

    fn fail(self: Box<Self>, error: StoreError) {
        drop(self.reply.send(Err(error.into())));
    }
}

struct Attempt<T, E> {
    outcome: Result<T, E>,
    numbered: Option<(u64, Vec<Uuid>)>,
    /// The store's own words, whatever the closure made of them.
    failed: Option<StoreError>,
}

impl<T, E: From<StoreError>> Attempt<T, E> {
    fn failed(error: StoreError) -> Self {
        Self { outcome: Err(error.clone().into()), numbered: None, failed: Some(error) }
    }

    fn panicked() -> Self {
        Self::failed(StoreError::Bug("panicked"))
    }
}

fn attempt<T, E, F>(f: &F, conn: &mut Connection) -> Attempt<T, E>
where
    E: From<StoreError>,
    F: WriteFn<T, E>,
{
    let mut tx = WriteTx::new(Engine::Sqlite(SqliteTx(conn)));
    let outcome = match once(f.call(&mut tx)) {
        Ok(outcome) => outcome,
        Err(bug) => return Attempt::failed(bug),
    };
    match (outcome, tx.failed.take()) {
        // A closure that swallowed a failed statement has not done what it says.
        (Ok(_), Some(error)) => Attempt::failed(error),
        (Ok(value), None) => match once(feed::number(&mut tx)) {
            Ok(Ok(numbered)) => Attempt { outcome: Ok(value), numbered, failed: None },
            Ok(Err(error)) | Err(error) => Attempt::failed(error),
        },
        (Err(refusal), failed) => Attempt { outcome: Err(refusal), numbered: None, failed },
    }
}

/// Every statement completes inline here, so one poll is the whole of it.
pub(crate) fn once<F: Future>(future: F) -> Result<F::Output, StoreError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(out) => Ok(out),
        Poll::Pending => Err(StoreError::Bug("waited for something other than its store")),
    }
}

pub(crate) fn batch(conn: &Connection, sql: &str) -> Result<(), StoreError> {
    conn.execute_batch(sql).map_err(StoreError::sqlite)
}

fn lost_or(conn: &Connection, error: StoreError, note: impl FnOnce()) -> Ran {
    if conn.is_autocommit() {
        return Ran::GroupLost(error);
    }
    note();
    Ran::Undone(Some(error))
}
