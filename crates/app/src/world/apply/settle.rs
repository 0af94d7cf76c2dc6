//! What takes time or other transactions, done before the one that writes: numbers and password hashes.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use secrecy::{ExposeSecret, SecretString};
use store::numbers::{Counted, taken};
use store::{ReadTx, StoreError, Value};
use uuid::Uuid;

use super::Work;
use super::error::{ApplyError, Stop};
use super::step::Step;
use crate::Ctx;
use crate::passwords::{Busy, HashError};
use crate::world::file;

/// Gives every new row that has none a number that is neither in the file nor in the store.
pub(super) async fn numbers(ctx: &Ctx, steps: &mut [Step]) -> Result<(), Stop> {
    for kind in [Counted::Tenant, Counted::User, Counted::Token, Counted::Webhook] {
        let wanting = steps.iter().filter(|step| step.counted == Some(kind)).count();
        if wanting == 0 {
            continue;
        }
        let table = steps.iter().find(|step| step.counted == Some(kind)).map(|step| step.table.name);
        let given: BTreeSet<i64> = steps
            .iter()
            .filter(|step| Some(step.table.name) == table && step.counted.is_none())
            .filter_map(
                |step| if let Some(Value::Int(number)) = step.get("number") { Some(*number) } else { None },
            )
            .collect();
        let mut free = free(ctx, kind, &given, wanting).await?.into_iter();
        for step in steps.iter_mut().filter(|step| step.counted == Some(kind)) {
            let number = free.next().ok_or(StoreError::Bug("ran out of numbers"))?;
            step.set("number", Value::Int(number));
        }
    }
    Ok(())
}

async fn free(ctx: &Ctx, kind: Counted, given: &BTreeSet<i64>, wanting: usize) -> Result<Vec<i64>, Stop> {
    let mut all = Vec::with_capacity(wanting);
    while all.len() < wanting {
        let mut batch = Vec::new();
        while batch.len() < wanting - all.len() {
            let number = ctx.store.next_number(kind).await?;
            if !given.contains(&number) {
                batch.push(number);
            }
        }
        let batch = Arc::new(batch);
        let untaken = ctx.store.scan(move |tx| {
            let batch = Arc::clone(&batch);
            Box::pin(async move { untaken(tx, kind, &batch).await })
        });
        all.extend(untaken.await?);
    }
    Ok(all)
}

/// Those that no row of the store has: an earlier file may have taken a number out of this node's block. `numbers`
/// ascend in runs, each of which is looked up at once.
async fn untaken(tx: &mut ReadTx<'_>, kind: Counted, numbers: &[i64]) -> Result<Vec<i64>, StoreError> {
    /// Within a block the gaps are what files have taken; between blocks there may be millions of rows.
    const GAP: i64 = 1_000;
    let mut all = Vec::with_capacity(numbers.len());
    for run in numbers.chunk_by(|one, next| (1..=GAP).contains(&(next - one))) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            let taken: BTreeSet<i64> = taken(tx, kind, *first, last + 1).await?.into_iter().collect();
            all.extend(run.iter().filter(|number| !taken.contains(number)));
        }
    }
    Ok(all)
}

/// For rows that will not stay: numbers that no row has, and passwords as they are.
pub(super) fn stand_in(steps: &mut [Step]) {
    let mut number = i64::MIN;
    for step in steps {
        step.password = None;
        if step.counted.is_some() {
            step.set("number", Value::Int(number));
            number += 1;
        }
    }
}

/// Users whose stored password is the one that the file gives.
pub(super) async fn right<'w>(
    ctx: &Ctx,
    given: impl Iterator<Item = (Uuid, &'w str, &'w file::User)>,
    work: &mut Work,
) -> Result<HashSet<Uuid>, Stop> {
    let mut right = HashSet::new();
    let mut unjudged = Vec::new();
    for (id, hash, row) in given {
        let known = match &row.password_hash {
            Some(given) => Some(given.expose_secret() == hash),
            None => work.verdicts.get(&(row.email.to_string(), hash.to_owned())).copied(),
        };
        match (known, &row.password) {
            (Some(true), _) => drop(right.insert(id)),
            (None, Some(password)) => unjudged.push((id, hash, &row.email, password)),
            (Some(false), _) | (None, None) => {}
        }
    }
    for batch in unjudged.chunks(ctx.config.hasher.threads.max(1)) {
        let judged = join_all(batch.iter().map(|(_, hash, _, password)| verify(ctx, password, hash))).await;
        for ((id, hash, email, _), matches) in batch.iter().zip(judged) {
            let matches = matches?;
            work.verdicts.insert((email.to_string(), (*hash).to_owned()), matches);
            if matches {
                right.insert(*id);
            }
        }
    }
    Ok(right)
}

/// As many at once as the pool has threads, so that its queue stays free for those who sign in.
pub(super) async fn passwords(ctx: &Ctx, steps: &mut [Step], work: &mut Work) -> Result<(), Stop> {
    let hashes = &mut work.hashes;
    let wanting: Vec<(String, SecretString)> = steps
        .iter()
        .filter(|step| !hashes.contains_key(&step.what.name))
        .filter_map(|step| Some((step.what.name.clone(), step.password.clone()?)))
        .collect();
    for batch in wanting.chunks(ctx.config.hasher.threads.max(1)) {
        let made = join_all(batch.iter().map(|(_, password)| hash(ctx, password))).await;
        for ((email, _), hash) in batch.iter().zip(made) {
            hashes.insert(email.clone(), hash?);
        }
    }
    for step in steps {
        if step.password.take().is_some()
            && let Some(hash) = hashes.get(&step.what.name)
        {
            step.set("password_hash", Value::Text(hash.clone()));
        }
    }
    Ok(())
}

/// How often a full queue is asked again.
const TRIES: usize = 60;

/// Waits its turn while others fill the queue, though not for ever.
async fn hash(ctx: &Ctx, password: &SecretString) -> Result<String, Stop> {
    for _ in 0..TRIES {
        match ctx.hasher.hash(password.clone(), ctx.chance()).await {
            Ok(hash) => return Ok(hash),
            Err(HashError::Busy(busy)) => pause(&busy).await,
            // The reader refuses what the pool cannot hash.
            Err(HashError::TooLong) => {
                return Err(StoreError::Bug("was given a password past every bound").into());
            }
        }
    }
    Err(ApplyError::Busy.into())
}

/// The same for a stored hash.
async fn verify(ctx: &Ctx, password: &SecretString, stored: &str) -> Result<bool, Stop> {
    for _ in 0..TRIES {
        match ctx.hasher.verify(password.clone(), stored.to_owned()).await {
            Ok(verdict) => return Ok(verdict.is_match()),
            Err(busy) => pause(&busy).await,
        }
    }
    Err(ApplyError::Busy.into())
}

async fn pause(busy: &Busy) {
    tokio::time::sleep(busy.retry_after.min(Duration::from_secs(1))).await;
}
