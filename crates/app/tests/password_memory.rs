//! The hashing pool gives its memory back to the system, not only to the allocator. A process of its own, since what is
//! read is the size of the whole process.
#![expect(clippy::unwrap_used, reason = "a panic in a test is a failed test")]

use std::fs;
use std::time::Duration;

use herald_app::passwords::{Hasher, HasherConfig};
use secrecy::SecretString;

/// Resident memory of this process in KiB (proc(5), `VmRSS`).
fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_idle_pool_is_small_again_after_every_round() {
    let threads = 2;
    let pool = Hasher::start(HasherConfig { threads, ..HasherConfig::default() }).unwrap();
    let calm = resident_kib();
    for round in 0..3 {
        let mut jobs = Vec::new();
        for _ in 0..8 {
            jobs.push(pool.verify_absent(SecretString::from("guess")));
        }
        for outcome in join_all(jobs).await {
            assert!(outcome.is_ok());
        }
        assert_eq!(pool.held_bytes(), threads * 19_456 * 1024);
        let busy = resident_kib();
        assert!(busy > calm + 2 * 18_000, "round {round}: {busy} KiB busy, {calm} KiB calm");
        let mut idle = busy;
        for _ in 0..50 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            idle = resident_kib();
            if idle < calm + 4_000 {
                break;
            }
        }
        assert!(idle < calm + 4_000, "round {round}: {idle} KiB idle, {calm} KiB calm");
    }
}

/// All at once: each future is polled before any is waited for.
async fn join_all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut pending: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut outcomes: Vec<Option<T>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(move |cx| {
        for (future, outcome) in pending.iter_mut().zip(&mut outcomes) {
            if outcome.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(cx)
            {
                *outcome = Some(value);
            }
        }
        if outcomes.iter().all(Option::is_some) {
            return std::task::Poll::Ready(outcomes.drain(..).flatten().collect());
        }
        std::task::Poll::Pending
    })
    .await
}
