//! What the pool tells about itself.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

#[derive(Debug, Default)]
pub(super) struct Gauges {
    running: AtomicUsize,
    held: AtomicUsize,
    allocations: AtomicU64,
    work: AtomicU64,
}

impl Gauges {
    /// Counts a job as running until the guard is dropped, by a panic too.
    pub(super) fn enter(&self) -> Running<'_> {
        self.running.fetch_add(1, Relaxed);
        Running(self)
    }

    pub(super) fn running(&self) -> usize {
        self.running.load(Relaxed)
    }

    pub(super) fn took(&self, bytes: usize) {
        self.allocations.fetch_add(1, Relaxed);
        self.held.fetch_add(bytes, Relaxed);
    }

    pub(super) fn gave(&self, bytes: usize) {
        self.held.fetch_sub(bytes, Relaxed);
    }

    pub(super) fn held(&self) -> usize {
        self.held.load(Relaxed)
    }

    #[cfg(test)]
    pub(super) fn allocations(&self) -> u64 {
        self.allocations.load(Relaxed)
    }

    pub(super) fn worked(&self, kib_passes: u64) {
        self.work.fetch_add(kib_passes, Relaxed);
    }

    pub(super) fn work(&self) -> u64 {
        self.work.load(Relaxed)
    }
}

pub(super) struct Running<'a>(&'a Gauges);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Relaxed);
    }
}
