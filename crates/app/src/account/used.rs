//! How much of its quotas a tenant uses, counted once for all of its members who ask.

use std::sync::Arc;

use domain::{TenantId, Timestamp};
use quick_cache::sync::{Cache, EntryAction, EntryResult};
use store::population::{self, Population};
use store::{Feed, Slot, StoreError};

use super::Quota;
use crate::Ctx;

/// Tenants held; the least asked for go first.
const TENANTS: usize = 10_000;

pub(crate) struct Used(Cache<TenantId, Arc<Counted>>);

impl Used {
    pub(crate) fn new() -> Self {
        Self(Cache::new(TENANTS))
    }
}

/// A count and the conditions under which it stands.
#[derive(Debug)]
pub(super) struct Counted {
    population: Population,
    as_of: u64,
    slot: Slot,
    pub(super) valid_until: Timestamp,
}

impl Counted {
    fn stands(&self, feed: &Feed, now: Timestamp) -> bool {
        now < self.valid_until && feed.unchanged(self.as_of, std::slice::from_ref(&self.slot))
    }

    pub(super) fn quota(&self, name: &str, limit: i64) -> Quota {
        let used = match name {
            "users" => self.population.users,
            "api_tokens" => self.population.tokens,
            _ => 0,
        };
        Quota { name: name.to_owned(), limit, used }
    }
}

/// At most as old as the revocation bound, and never older than this node's own writes: counting a hundred thousand
/// members at every call would cost a thousand times what the rest of the answer does. Of many who ask at once, one
/// counts and the others wait for it.
pub(super) async fn of(ctx: &Ctx, tenant: TenantId, now: Timestamp) -> Result<Arc<Counted>, StoreError> {
    let feed = ctx.store.feed();
    let judge = |_: &TenantId, held: &mut Arc<Counted>| {
        if held.stands(feed, now) {
            EntryAction::Retain(Arc::clone(held))
        } else {
            EntryAction::ReplaceWithGuard
        }
    };
    let guard = match ctx.used.0.entry_async(&tenant, judge).await {
        EntryResult::Retained(counted) => return Ok(counted),
        EntryResult::Replaced(guard, _) | EntryResult::Vacant(guard) => Some(guard),
        EntryResult::Removed(..) | EntryResult::Timeout => None,
    };
    let counted = Arc::new(count(ctx, tenant, now).await?);
    if let Some(guard) = guard {
        // Somebody emptied the place meanwhile: the next to ask counts again.
        let _unheld = guard.insert(Arc::clone(&counted));
    }
    Ok(counted)
}

async fn count(ctx: &Ctx, tenant: TenantId, now: Timestamp) -> Result<Counted, StoreError> {
    let as_of = ctx.store.feed().position();
    let read = ctx.store.scan(move |tx| Box::pin(population::count(tx, tenant, now)));
    let population = read.await?;
    let bound = now.plus(ctx.config.revocation_bound);
    let valid_until = population.next_end.map_or(bound, |end| end.min(bound));
    Ok(Counted { population, as_of, slot: Slot::of(population::subject(tenant)), valid_until })
}
