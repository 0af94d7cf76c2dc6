//! What a server does besides answering: hear the feed, write down last uses, sweep what is over.

use std::sync::Arc;
use std::time::Duration;

use app::{Ctx, principal, sweep};
use store::StoreError;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{info, warn};

/// How often other processes' changes are looked for. The revocation bound is at least twice as long.
const LISTEN: Duration = Duration::from_millis(100);
/// How often last uses are written.
const FLUSH: Duration = Duration::from_secs(1);
/// How often what is over is swept; of several nodes one does it.
const SWEEP: Duration = Duration::from_mins(1);
/// How long a stop waits for mail that is under way.
const LETTERS: Duration = Duration::from_secs(5);

/// The jobs of a server, until [`Jobs::end`].
pub struct Jobs {
    ctx: Arc<Ctx>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// Starts the jobs.
pub fn start(ctx: &Arc<Ctx>) -> Jobs {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(listen(Arc::clone(ctx), stopped.clone()));
    tasks.spawn(flush(Arc::clone(ctx), stopped.clone()));
    tasks.spawn(sweep(Arc::clone(ctx), stopped));
    Jobs { ctx: Arc::clone(ctx), stop, tasks }
}

impl Jobs {
    /// Ends the jobs, sends what mail can be sent soon, and writes what was gathered since.
    pub async fn end(mut self) {
        self.ctx.mail.end(LETTERS).await;
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        if let Err(error) = principal::flush(&self.ctx).await {
            warn!(%error, "the last uses of sessions and keys were not written");
        }
    }
}

async fn listen(ctx: Arc<Ctx>, mut stopped: watch::Receiver<bool>) {
    let mut health = Health::of("the change feed is not heard; every look-up reads the store");
    let mut ticks = interval(LISTEN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while next(&mut ticks, &mut stopped).await {
        // Before the poll: what it brings was true at this moment at the latest.
        let polled_at = ctx.clock.monotonic();
        health.note(&ctx.store.poll_feed(polled_at).await);
    }
}

async fn flush(ctx: Arc<Ctx>, mut stopped: watch::Receiver<bool>) {
    let mut health = Health::of("last uses of sessions and keys are not written");
    let mut ticks = interval(FLUSH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while next(&mut ticks, &mut stopped).await {
        health.note(&principal::flush(&ctx).await);
    }
}

async fn sweep(ctx: Arc<Ctx>, mut stopped: watch::Receiver<bool>) {
    let mut health = Health::of("what has expired is not swept");
    let mut ticks = interval(SWEEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // A start has enough to do.
    ticks.reset();
    let mut ending = stopped.clone();
    while next(&mut ticks, &mut stopped).await {
        tokio::select! {
            // Each batch is whole: the next start, or another node, goes on.
            _ = ending.wait_for(|stop| *stop) => return,
            swept = sweep::run(&ctx) => health.note(&swept.map(drop)),
        }
    }
}

/// Waits for the next tick; `false` when it is time to stop.
async fn next(ticks: &mut tokio::time::Interval, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        biased;
        _ = stopped.wait_for(|stop| *stop) => false,
        _ = ticks.tick() => true,
    }
}

/// Logs when a job begins to fail and when it works again, not at every try between.
struct Health {
    meaning: &'static str,
    failing: bool,
}

impl Health {
    fn of(meaning: &'static str) -> Self {
        Self { meaning, failing: false }
    }

    fn note(&mut self, outcome: &Result<(), StoreError>) {
        match outcome {
            Err(error) if !self.failing => warn!(%error, "{}", self.meaning),
            Ok(()) if self.failing => info!("works again: {}", self.meaning),
            Err(_) | Ok(()) => {}
        }
        self.failing = outcome.is_err();
    }
}
