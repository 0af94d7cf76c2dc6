//! The members of a tenant whose address matches a pattern, by address. Asks for `users:read`.

use domain::{EmailPattern, Permission, TenantId};
use store::{ReadTx, StoreError, memberships, roles};

use super::{Member, list};
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;

/// Members told of at most.
pub const LIMIT: usize = 1_000;
/// Addresses looked at in one step where a pattern has to be held against each.
const STRIDE: i64 = 2_000;

#[derive(Default)]
pub struct Matching {
    /// Memberships live or not: they say so.
    pub members: Vec<Member>,
    /// There are more.
    pub truncated: bool,
}

/// Walks the index from the fixed beginning of the pattern on.
///
/// # Errors
/// `Forbidden` without `users:read` in the tenant of the credential.
pub async fn run(ctx: &Ctx, caller: &Caller, pattern: EmailPattern) -> Result<Matching, Failure> {
    let tenant = caller.principal().tenant;
    authorize(ctx, caller, &Permission::USERS_READ, tenant).await?;
    let Some(tenant) = tenant else { return Ok(Matching::default()) };
    let found: Result<Vec<Member>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let pattern = pattern.clone();
            Box::pin(async move { find(tx, tenant, &pattern).await })
        })
        .await;
    let mut members = found?;
    let truncated = members.len() > LIMIT;
    members.truncate(LIMIT);
    Ok(Matching { members, truncated })
}

/// One more than the limit, where there are so many.
async fn find(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    pattern: &EmailPattern,
) -> Result<Vec<Member>, StoreError> {
    let Some(range) = pattern.range() else { return Ok(Vec::new()) };
    if pattern.is_its_range() {
        let limit = i64::try_from(LIMIT + 1).unwrap_or(i64::MAX);
        return list::page(tx, tenant, &range, limit).await;
    }
    let mut rows = Vec::new();
    let mut after = String::new();
    loop {
        let addresses = memberships::addresses(tx, tenant, &range.clone().behind(&after), STRIDE).await?;
        let Some(last) = addresses.last() else { break };
        after.clone_from(last);
        for address in addresses.iter().filter(|address| pattern.matches(address)) {
            rows.extend(memberships::page(tx, tenant, &domain::EmailRange::just(address), 1).await?);
            if rows.len() > LIMIT {
                break;
            }
        }
        if rows.len() > LIMIT {
            break;
        }
    }
    Ok(list::assembled(&roles::visible(tx, tenant).await?, rows))
}
