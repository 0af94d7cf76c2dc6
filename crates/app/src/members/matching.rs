//! The members of a tenant whose address matches a pattern, by address. Asks for `users:read`.

use domain::{EmailPattern, EmailRange, Permission, TenantId};
use store::{ReadTx, StoreError, memberships, roles};

use super::{Member, list};
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;

/// How much is told, and how much is looked at for it.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Members told of at most.
    pub members: usize,
    /// Addresses that a pattern is held against at most.
    pub looked_at: usize,
    /// Of them, those in one read: others that list get their turn between two.
    pub stride: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { members: 1_000, looked_at: 4_000_000, stride: 5_000 }
    }
}

#[derive(Debug, Default)]
pub struct Matching {
    /// Memberships live or not: they say so.
    pub members: Vec<Member>,
    /// There are more, or may be: the bounds were reached before the end.
    pub truncated: bool,
}

/// Walks the index from the fixed beginning of the pattern on, within the usual bounds.
///
/// # Errors
/// `Forbidden` without `users:read` in the tenant of the credential.
pub async fn run(ctx: &Ctx, caller: &Caller, pattern: EmailPattern) -> Result<Matching, Failure> {
    within(ctx, caller, pattern, Bounds::default()).await
}

/// The same. Where every address of the range matches, one read of one moment tells; else a walk in strides, which who
/// stays is met by once, and which ends where the caller is gone.
///
/// # Errors
/// `Forbidden` without `users:read` in the tenant of the credential.
pub async fn within(
    ctx: &Ctx,
    caller: &Caller,
    pattern: EmailPattern,
    bounds: Bounds,
) -> Result<Matching, Failure> {
    let tenant = caller.principal().tenant;
    authorize(ctx, caller, &Permission::USERS_READ, tenant).await?;
    let (Some(tenant), Some(range)) = (tenant, pattern.range()) else { return Ok(Matching::default()) };
    if !pattern.is_its_range() {
        return Ok(walk(ctx, tenant, (pattern, range), bounds).await?);
    }
    let limit = i64::try_from(bounds.members + 1).unwrap_or(i64::MAX);
    let page: Result<Vec<Member>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let range = range.clone();
            Box::pin(async move { list::page(tx, tenant, &range, limit).await })
        })
        .await;
    let mut found = Matching { members: page?, truncated: false };
    found.cut(bounds);
    Ok(found)
}

impl Matching {
    fn cut(&mut self, bounds: Bounds) {
        self.truncated |= self.members.len() > bounds.members;
        self.members.truncate(bounds.members);
    }
}

async fn walk(
    ctx: &Ctx,
    tenant: TenantId,
    (pattern, range): (EmailPattern, EmailRange),
    bounds: Bounds,
) -> Result<Matching, StoreError> {
    let mut found = Matching::default();
    let (mut behind, mut looked_at) = (String::new(), 0);
    while !found.truncated {
        let step = Step {
            tenant,
            pattern: pattern.clone(),
            range: range.clone().behind(&behind),
            stride: bounds.stride.min(bounds.looked_at - looked_at),
            // One more tells that there are more.
            room: bounds.members + 1 - found.members.len(),
        };
        let taken: Result<Taken, StoreError> = ctx
            .store
            .scan(move |tx| {
                let step = step.clone();
                Box::pin(async move { step.take(tx).await })
            })
            .await;
        let taken = taken?;
        found.members.extend(taken.members);
        found.cut(bounds);
        looked_at += taken.looked_at;
        let Some(last) = taken.last else { break };
        behind = last;
        found.truncated |= looked_at >= bounds.looked_at;
    }
    Ok(found)
}

/// One read of a walk.
#[derive(Clone)]
struct Step {
    tenant: TenantId,
    pattern: EmailPattern,
    range: EmailRange,
    stride: usize,
    room: usize,
}

struct Taken {
    members: Vec<Member>,
    looked_at: usize,
    /// Where the next one goes on; `None`: this was the end.
    last: Option<String>,
}

impl Step {
    /// The addresses alone first; then, in a few statements, the members behind those that match.
    async fn take(&self, tx: &mut ReadTx<'_>) -> Result<Taken, StoreError> {
        let stride = i64::try_from(self.stride).unwrap_or(i64::MAX);
        let mut addresses = memberships::addresses(tx, self.tenant, &self.range, stride).await?;
        let looked_at = addresses.len();
        let last = if looked_at < self.stride { None } else { addresses.last().cloned() };
        addresses.retain(|address| self.pattern.matches(address));
        addresses.truncate(self.room);
        let rows = memberships::named(tx, self.tenant, &addresses).await?;
        let members = if rows.is_empty() {
            Vec::new()
        } else {
            list::assembled(roles::visible(tx, self.tenant).await?, rows)
        };
        Ok(Taken { members, looked_at, last })
    }
}
