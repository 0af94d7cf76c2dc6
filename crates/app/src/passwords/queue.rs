//! The bounded queue between callers and workers.

use std::collections::VecDeque;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use super::memory::Memory;

/// One piece of work and whoever waits for it.
pub(super) trait Job: Send {
    /// Nobody waits any more: the caller hung up.
    fn is_abandoned(&self) -> bool;
    fn run(self: Box<Self>, memory: &mut Memory);
}

pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    bound: usize,
}

struct State {
    jobs: VecDeque<Box<dyn Job>>,
    closed: bool,
}

/// What a worker does next.
pub(super) enum Turn {
    Work(Box<dyn Job>),
    /// Nothing came for as long as the worker was willing to wait.
    Idle,
    Closed,
}

impl Queue {
    pub(super) fn new(bound: usize) -> Self {
        let state = State { jobs: VecDeque::new(), closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), bound }
    }

    /// Takes the job, or gives it back when the queue is full or closed. Never waits for room.
    pub(super) fn push(&self, job: Box<dyn Job>) -> Result<(), Box<dyn Job>> {
        let mut state = self.state.lock();
        if state.closed {
            return Err(job);
        }
        if state.jobs.len() >= self.bound {
            // Those who hung up hold no place against those who wait.
            state.jobs.retain(|queued| !queued.is_abandoned());
        }
        if state.jobs.len() >= self.bound {
            return Err(job);
        }
        state.jobs.push_back(job);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// The next job, waited for at most `patience` (for ever when `None`).
    pub(super) fn next(&self, patience: Option<Duration>) -> Turn {
        let mut state = self.state.lock();
        let nothing = |state: &mut State| state.jobs.is_empty() && !state.closed;
        match patience {
            Some(patience) => drop(self.changed.wait_while_for(&mut state, nothing, patience)),
            None => self.changed.wait_while(&mut state, nothing),
        }
        if state.closed {
            return Turn::Closed;
        }
        state.jobs.pop_front().map_or(Turn::Idle, Turn::Work)
    }

    /// Ends the queue; whoever waited in it is told so by the drop of the job.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        let orphans = std::mem::take(&mut state.jobs);
        drop(state);
        self.changed.notify_all();
        drop(orphans);
    }

    pub(super) fn depth(&self) -> usize {
        self.state.lock().jobs.len()
    }
}
