//! What the hashing pool is told at start, and what it may never be asked to do.

use std::io;
use std::num::NonZero;
use std::thread;

use argon2::Params;
use thiserror::Error;

/// No single hash may need more memory than this, whatever a stored string asks for: 1 GiB in KiB.
pub(super) const MAX_MEMORY_KIB: u32 = 1024 * 1024;

/// No Argon2 hash may cost more than this, in KiB times passes: about four seconds of one core.
pub(super) const MAX_KIB_PASSES: u64 = 4 * 1024 * 1024;

/// More lanes than this never come from a sane configuration.
pub(super) const MAX_LANES: u32 = 64;

/// Parameters of Argon2id and of the pool that runs it (`passwords.*` of the settings).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasherConfig {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// Lanes; computed one after the other, since the pool is what runs in parallel.
    pub parallelism: u32,
    /// Worker threads, each with one memory buffer: the pool holds at most `threads * memory_kib`.
    pub threads: usize,
    /// Jobs that may wait; one more is refused.
    pub queue: usize,
}

impl Default for HasherConfig {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            parallelism: 1,
            threads: thread::available_parallelism().map_or(1, NonZero::get),
            queue: 256,
        }
    }
}

impl HasherConfig {
    /// The Argon2 parameters, or why they cannot be used.
    pub(super) fn params(&self) -> Result<Params, StartError> {
        let params = Params::new(self.memory_kib, self.passes, self.parallelism, None)
            .map_err(|cause| StartError::Parameters(cause.to_string()))?;
        if !within_limits(&params) {
            return Err(StartError::Parameters(format!(
                "at most {MAX_MEMORY_KIB} KiB, {MAX_KIB_PASSES} KiB times passes and {MAX_LANES} lanes are allowed"
            )));
        }
        if self.threads == 0 || self.queue == 0 {
            return Err(StartError::Parameters("threads and queue must be at least 1".to_owned()));
        }
        Ok(params)
    }
}

/// Whether a hash with these parameters may be computed at all.
pub(super) fn within_limits(params: &Params) -> bool {
    params.m_cost() <= MAX_MEMORY_KIB
        && u64::from(params.m_cost()) * u64::from(params.t_cost()) <= MAX_KIB_PASSES
        && params.p_cost() <= MAX_LANES
}

/// Why the pool did not start.
#[derive(Debug, Error)]
pub enum StartError {
    #[error("the password hashing parameters cannot be used: {0}")]
    Parameters(String),
    #[error("a password hashing thread could not be started")]
    Thread(#[source] io::Error),
}
