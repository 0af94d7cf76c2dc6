//! Sweeping what is over: in bounded batches with other writers in between, by one node at a time (design.md §4).
//!
//! Asks for no permission: it is the installation's own housekeeping. Writes no audit events, since nothing of
//! meaning is lost: a row goes long after it could let anybody in, what began and ended it stands in the trail,
//! and the trail is not swept. Takes no number in the feed, since no answer changes.
//!
//! A refresh token goes with its session and not when it expires: as long as the session lives, a rotated one that
//! comes back tells of a theft. A token that a world file made stays: the next apply would make it again, and one
//! that was revoked would live.

use std::time::Duration;

use domain::Timestamp;
use store::sweep::{Before, Hold, Swept};
use store::{StoreError, WriteTx, sweep};
use uuid::Uuid;

use crate::Ctx;

/// Access tokens, second factors and links stay that long after their end, so that "expired" can be told from "unknown".
const LATELY: Duration = Duration::from_hours(24);
/// Sessions that ended: nothing shows them.
const SESSIONS: Duration = Duration::from_hours(7 * 24);
/// After a lock and a window are over, the doubling of locks is remembered that long.
const LOCKOUTS: Duration = Duration::from_hours(24);
/// API tokens that expired or were revoked: an auditor may still ask for the row.
const TOKENS: Duration = Duration::from_hours(90 * 24);
/// Newest numbers of the feed; a node that falls further behind finds a gap and empties its read model.
const FEED: i64 = 100_000;

/// Between the beginnings of two runs, whichever node's. A little less than the job's minute, so that the job of
/// a single node never finds its own last claim.
const PAUSE: Duration = Duration::from_secs(50);
/// How long a batch may take until others think that its node is gone.
const PATIENCE: Duration = Duration::from_secs(30);
/// A claim beyond this was made by a clock that ran ahead.
const FARTHEST: Duration = Duration::from_hours(1);

/// How much one run does; the next goes on.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Rows in a transaction.
    pub rows: u32,
    /// Transactions.
    pub batches: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { rows: 500, batches: 1_000 }
    }
}

/// One run within the usual bounds: the job calls it every minute.
///
/// # Errors
/// The batches before the failure stand.
pub async fn run(ctx: &Ctx) -> Result<Swept, StoreError> {
    within(ctx, Bounds::default()).await
}

/// Sweeps until nothing is over, the bounds are reached, or another node holds the sweeping (then at once, with
/// nothing). May be dropped at any moment: each batch is whole.
///
/// # Errors
/// The batches before the failure stand.
pub async fn within(ctx: &Ctx, bounds: Bounds) -> Result<Swept, StoreError> {
    let run =
        Run { holder: ctx.new_id(), begun: ctx.now(), before: before(ctx, ctx.now()), rows: bounds.rows };
    let mut swept = Swept::default();
    for turn in 0..bounds.batches {
        let now = ctx.now();
        let batch =
            ctx.store.write(move |tx| Box::pin(async move { run.batch(tx, now, turn).await })).await?;
        let Some((gone, more)) = batch else { break };
        swept.add(&gone);
        if !more {
            break;
        }
    }
    if swept.total() > 0 {
        tracing::info!(rows = swept.total(), "swept what is over: {swept}");
    }
    Ok(swept)
}

fn before(ctx: &Ctx, now: Timestamp) -> Before {
    Before {
        access_tokens: now.minus(LATELY),
        sessions: now.minus(SESSIONS),
        mfa_tokens: now.minus(LATELY),
        links: now.minus(LATELY),
        lockouts: now.minus(LOCKOUTS).minus(ctx.config.lockout.window),
        tokens: now.minus(TOKENS),
        feed_kept: FEED,
    }
}

#[derive(Clone, Copy)]
struct Run {
    holder: Uuid,
    begun: Timestamp,
    before: Before,
    rows: u32,
}

impl Run {
    /// What went, and whether more is over; `None`: the sweeping is another's.
    async fn batch(
        &self,
        tx: &mut WriteTx<'_>,
        now: Timestamp,
        turn: usize,
    ) -> Result<Option<(Swept, bool)>, StoreError> {
        let until = self.begun.plus(PAUSE).max(now.plus(PATIENCE));
        let hold = Hold { holder: self.holder, now, until, farthest: now.plus(FARTHEST) };
        if !sweep::hold(tx, &hold).await? {
            return Ok(None);
        }
        sweep::batch(tx, &self.before, i64::from(self.rows), turn).await.map(Some)
    }
}
