//! What a hashing thread does all day.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::gauges::Gauges;
use super::memory::Memory;
use super::queue::{Queue, Turn};

/// Without work for this long, a worker gives its memory back.
const IDLE: Duration = Duration::from_secs(1);

/// Works until the queue is closed. A job that panics costs its caller an error and the pool nothing.
pub(super) fn run(queue: &Queue, gauges: &Gauges, mut memory: Memory) {
    loop {
        match queue.next(memory.is_held().then_some(IDLE)) {
            Turn::Closed => return,
            Turn::Idle => memory.give_back(),
            Turn::Work(job) if job.is_abandoned() => {}
            Turn::Work(job) => {
                let _running = gauges.enter();
                // The memory is scratch space and is thrown away after a panic, so no broken state is seen.
                let outcome = catch_unwind(AssertUnwindSafe(|| job.run(&mut memory)));
                if outcome.is_err() {
                    memory.give_back();
                    tracing::error!("a password hashing job panicked; its caller was told to try again");
                }
            }
        }
    }
}
