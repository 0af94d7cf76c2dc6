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
mod read;
mod role;
mod settle;
mod shelf;
mod site;
mod step;
mod tenant;
mod token;
mod user;
mod webhook;
mod write;

use std::collections::HashMap;
use std::sync::Arc;

use domain::audit::{Actor, Origin};

pub use self::error::ApplyError;
use self::error::Stop;
use super::{Fault, Plan};
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
    let mut hashes = HashMap::new();
    for _ in 0..ATTEMPTS {
        match attempt(ctx, text, (actor, origin), &mut hashes).await {
            Ok(plan) => return Ok(plan),
            Err(Stop::Moved) => {}
            Err(Stop::Failed(error)) => return Err(error),
        }
    }
    Err(ApplyError::Moving)
}

/// Hashes of initial passwords by e-mail: what was hashed once is not hashed again.
type Hashes = HashMap<String, String>;

async fn attempt(
    ctx: &Ctx,
    text: &str,
    (actor, origin): (&Actor, &Origin),
    hashes: &mut Hashes,
) -> Result<Plan, Stop> {
    let world = Arc::new(read::world(ctx, text).await?);
    let rows = Arc::clone(&world);
    let found = ctx.store.scan(move |tx| {
        let rows = Arc::clone(&rows);
        Box::pin(async move { load::load(tx, &rows).await })
    });
    let found = found.await?;
    let mut draft = draft::Draft::new(ctx, &found.shelf);
    load::compare(&mut draft, &world, &found)?;
    let mut draft = draft.finish().map_err(ApplyError::Faults)?;
    let plan = draft.plan();
    if plan.is_empty() {
        return Ok(plan);
    }
    settle::numbers(ctx, &mut draft.steps).await?;
    settle::passwords(ctx, &mut draft.steps, hashes).await?;
    draft.events = events::of(ctx, (actor, origin), &draft.steps, &plan);
    let draft = Arc::new(draft);
    ctx.store
        .write(move |tx| {
            let draft = Arc::clone(&draft);
            Box::pin(async move { write::write(tx, &draft).await })
        })
        .await?;
    Ok(plan)
}

/// Sorted by line, as the reader gives them.
fn sorted(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_key(|fault| fault.line);
    faults
}
