//! Brings the store to what a world file says (world.md, "What `apply` does").
//!
//! Read and judge the file, find the rows that it meets, compare, hash and seal, and then one short transaction
//! that checks again that every row is still what the plan was made on. Where one is not, all begins anew.

mod activity;
mod client;
mod describe;
mod draft;
mod endpoint;
mod error;
mod events;
mod given;
mod last;
mod load;
mod membership;
mod network;
mod permission;
mod prune;
mod read;
mod role;
mod settle;
mod shelf;
mod site;
mod step;
mod tenant;
mod token;
mod unseal;
mod user;
mod webhook;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use domain::audit::{Actor, Origin};

use self::draft::{Draft, Settled};
pub use self::error::ApplyError;
use self::error::Stop;
use super::{Fault, Plan, World};
use crate::Ctx;

/// How often the store may move under a plan before an apply gives up.
const ATTEMPTS: usize = 8;

/// Applies the text of a world file. Everything is written or nothing; where the store is as the file says
/// already, not even a transaction is begun. Audits `world.applied` and one event for each row written.
///
/// Permission: none is asked for here; it is for who operates the machine.
///
/// # Errors
/// Every fault of the file, or the one reason why nothing was written.
pub async fn apply(ctx: &Ctx, text: &str, actor: &Actor, origin: &Origin) -> Result<Plan, ApplyError> {
    apply_as(ctx, text, How::default(), actor, origin).await
}

/// What an apply does beyond the file, or leaves undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct How {
    /// Writes nothing. The plan has stood the whole way to the commit, so what would be refused is refused.
    pub dry_run: bool,
    /// Deletes rows that an apply made and the file names no more, and with a user what that user owns. A row on
    /// which something hangs that people made stays; the plan says why.
    pub prune: bool,
    /// Sets the passwords that the file names again, where the stored one is another; ends the user's sessions.
    pub reset_passwords: bool,
}

/// As [`apply`], in another way. Audits a deleted row as it does a written one.
///
/// # Errors
/// As [`apply`].
pub async fn apply_as(
    ctx: &Ctx,
    text: &str,
    how: How,
    actor: &Actor,
    origin: &Origin,
) -> Result<Plan, ApplyError> {
    let mut work = Work { how, hashes: HashMap::new(), verdicts: HashMap::new() };
    for _ in 0..ATTEMPTS {
        match attempt(ctx, text, (actor, origin), &mut work).await {
            Ok(plan) => return Ok(plan),
            Err(Stop::Moved | Stop::Rehearsed) => {}
            Err(Stop::Failed(error)) => return Err(error),
        }
    }
    Err(ApplyError::Moving)
}

/// What one attempt leaves to the next, so that no password is worked on twice.
struct Work {
    how: How,
    /// Hashes of new passwords by e-mail.
    hashes: HashMap<String, String>,
    /// Whether a stored hash is that of the password which the file gives to the e-mail.
    verdicts: HashMap<(String, String), bool>,
}

async fn attempt(ctx: &Ctx, text: &str, who: (&Actor, &Origin), work: &mut Work) -> Result<Plan, Stop> {
    let how = work.how;
    let world = Arc::new(read::world(ctx, text).await?);
    let mut draft = planned(ctx, &world, work).await?;
    let plan = draft.plan();
    if plan.is_empty() {
        return Ok(plan);
    }
    if how.dry_run {
        settle::stand_in(&mut draft.steps);
    } else {
        settle::numbers(ctx, &mut draft.steps).await?;
        settle::passwords(ctx, &mut draft.steps, work).await?;
    }
    draft.events = events::of(ctx, who, &draft.steps, &plan);
    let draft = Arc::new(draft);
    let written = ctx.store.write(move |tx| {
        let draft = Arc::clone(&draft);
        Box::pin(async move {
            write::write(tx, &draft).await?;
            if how.dry_run { Err(Stop::Rehearsed) } else { Ok(()) }
        })
    });
    match written.await {
        Ok(()) | Err(Stop::Rehearsed) => Ok(plan),
        Err(stop) => Err(stop),
    }
}

/// What the store holds, and what the file makes of it.
async fn planned(ctx: &Ctx, world: &Arc<World>, work: &mut Work) -> Result<Settled, Stop> {
    let (rows, prune) = (Arc::clone(world), work.how.prune);
    let found = ctx.store.scan(move |tx| {
        let rows = Arc::clone(&rows);
        Box::pin(async move { load::load(tx, &rows, prune).await })
    });
    let found = found.await?;
    let right = if work.how.reset_passwords {
        Some(settle::right(ctx, load::passwords(world, &found), work).await?)
    } else {
        None
    };
    let mut draft = Draft::new(ctx, &found.shelf, right);
    load::compare(&mut draft, world, &found)?;
    if let Some(made) = &found.made {
        let gone = prune::unnamed(&draft, made);
        let of = Arc::clone(&gone);
        let ties = ctx.store.scan(move |tx| {
            let of = Arc::clone(&of);
            Box::pin(async move { prune::ties(tx, &of).await })
        });
        let ties = ties.await?;
        load::compare_made(&mut draft, &found, &ties, &gone);
    }
    Ok(draft.finish().map_err(ApplyError::Faults)?)
}

/// Sorted by line, as the reader gives them.
fn sorted(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_key(|fault| fault.line);
    faults
}
