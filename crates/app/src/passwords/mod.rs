//! Password hashing in a bounded pool of its own threads.
//!
//! Argon2id costs tens of milliseconds and tens of megabytes a hash, so it never runs on the threads that answer
//! requests, never on more threads than configured, and whoever comes when the queue is full is sent away at once.

mod argon;
mod config;
mod foreign;
mod gauges;
mod judge;
mod memory;
mod queue;
#[cfg(test)]
mod tests;
mod worker;

use std::fmt;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::sync::oneshot;

pub use config::{HasherConfig, StartError};
pub use judge::Verdict;

use gauges::Gauges;
use judge::Judge;
use memory::Memory;
use queue::{Job, Queue};

/// Longer passwords are refused unhashed, whatever the caller's own limit is. In bytes.
pub const MAX_PASSWORD_BYTES: usize = 4096;

/// Memory that one core fills in a second, in KiB times passes: 19 MiB twice in 18 ms.
const KIB_PASSES_PER_SECOND: u64 = 2_000_000;

/// The pool cannot take this now: 429 or 503 with `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the password hashing queue is full")]
pub struct Busy {
    /// About how long a full queue takes to drain; whole seconds, 1 to 60.
    pub retry_after: Duration,
}

/// Why a new password was not hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HashError {
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error("the password is longer than {MAX_PASSWORD_BYTES} bytes")]
    TooLong,
}

/// The pool. Dropping it refuses what is queued, and waits for what is running.
pub struct Hasher {
    queue: Arc<Queue>,
    gauges: Arc<Gauges>,
    judge: Arc<Judge>,
    retry_after: Duration,
    threads: Vec<JoinHandle<()>>,
}

impl Hasher {
    /// Starts the threads, named `herald-hash-N`. Memory is taken with the first job only.
    pub fn start(config: HasherConfig) -> Result<Self, StartError> {
        let params = config.params()?;
        let nobody = argon::nobody(&params)
            .ok_or_else(|| StartError::Parameters("they do not fit a PHC string".to_owned()))?;
        let mut hasher = Self {
            queue: Arc::new(Queue::new(config.queue)),
            gauges: Arc::default(),
            retry_after: drain_time(&config),
            threads: Vec::with_capacity(config.threads),
            judge: Arc::new(Judge { params, nobody }),
        };
        for number in 0..config.threads {
            let thread = hasher.spawn(number)?;
            hasher.threads.push(thread);
        }
        Ok(hasher)
    }

    /// Judges a password against a stored hash, by the parameters that stand in it. Dropping the future while the job
    /// is queued takes it out of the way. A password over [`MAX_PASSWORD_BYTES`] is a mismatch.
    pub async fn verify(&self, password: SecretString, stored: String) -> Result<Verdict, Busy> {
        if is_too_long(&password) {
            return Ok(Verdict::Mismatch);
        }
        let judge = Arc::clone(&self.judge);
        self.submit(move |memory| judge.verify(memory, password.expose_secret().as_bytes(), &stored))
            .await?
            .map_err(|_| self.busy())
    }

    /// The same work as for a wrong password, for a user who is not there: always [`Verdict::Mismatch`].
    pub async fn verify_absent(&self, password: SecretString) -> Result<Verdict, Busy> {
        if is_too_long(&password) {
            return Ok(Verdict::Mismatch);
        }
        let judge = Arc::clone(&self.judge);
        self.submit(move |memory| judge.verify_absent(memory, password.expose_secret().as_bytes()))
            .await?
            .map_err(|_| self.busy())
    }

    /// The PHC string of a new password. `salt` comes from the caller's random source, new for every call.
    pub async fn hash(&self, password: SecretString, salt: [u8; 16]) -> Result<String, HashError> {
        if is_too_long(&password) {
            return Err(HashError::TooLong);
        }
        let judge = Arc::clone(&self.judge);
        self.submit(move |memory| {
            argon::hash(memory, &judge.params, password.expose_secret().as_bytes(), &salt)
        })
        .await?
        .map_err(|_| self.busy().into())
    }

    /// Jobs that wait for a thread.
    pub fn depth(&self) -> usize {
        self.queue.depth()
    }

    /// Jobs that a thread is working on.
    pub fn running(&self) -> usize {
        self.gauges.running()
    }

    /// Bytes of block memory that the threads hold now.
    pub fn held_bytes(&self) -> usize {
        self.gauges.held()
    }

    /// Argon2 work done since the start, in KiB times passes.
    pub fn work_done(&self) -> u64 {
        self.gauges.work()
    }

    async fn submit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(Box::new(Task { work, reply })).map_err(|_| self.busy())?;
        // No answer: the job panicked, or the pool is being shut down.
        answer.await.map_err(|_| self.busy())
    }

    fn busy(&self) -> Busy {
        Busy { retry_after: self.retry_after }
    }

    fn spawn(&self, number: usize) -> Result<JoinHandle<()>, StartError> {
        let queue = Arc::clone(&self.queue);
        let gauges = Arc::clone(&self.gauges);
        let memory = Memory::new(self.judge.params.block_count(), Arc::clone(&gauges));
        thread::Builder::new()
            .name(format!("herald-hash-{number}"))
            .spawn(move || worker::run(&queue, &gauges, memory))
            .map_err(StartError::Thread)
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Hasher({} threads, {} running, {} queued)",
            self.threads.len(),
            self.running(),
            self.depth()
        )
    }
}

impl Drop for Hasher {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // A worker catches its jobs' panics; there is nothing left to tell if it ended with one.
            let _ = thread.join();
        }
    }
}

struct Task<T, F> {
    work: F,
    reply: oneshot::Sender<T>,
}

impl<T: Send, F: FnOnce(&mut Memory) -> T + Send> Job for Task<T, F> {
    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(self: Box<Self>, memory: &mut Memory) {
        let Self { work, reply } = *self;
        let answer = work(memory);
        // An error means that the caller left meanwhile.
        let _ = reply.send(answer);
    }
}

fn is_too_long(password: &SecretString) -> bool {
    password.expose_secret().len() > MAX_PASSWORD_BYTES
}

/// How long a full queue takes, reckoned and not measured: good enough for `Retry-After`, and needs no clock.
fn drain_time(config: &HasherConfig) -> Duration {
    let one = u64::from(config.memory_kib) * u64::from(config.passes);
    let all = one.saturating_mul(u64::try_from(config.queue).unwrap_or(u64::MAX));
    let threads = u64::try_from(config.threads).unwrap_or(u64::MAX);
    let seconds = all / KIB_PASSES_PER_SECOND.saturating_mul(threads).max(1) + 1;
    Duration::from_secs(seconds.min(60))
}
