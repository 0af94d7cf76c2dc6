//! The members of a tenant by e-mail, page by page. Asks for `users:read`.

use std::sync::Arc;

use domain::{EmailRange, Permission, Role, TenantId, UserId};
use store::{ReadTx, StoreError, memberships, roles};

use super::Member;
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;

/// What of a list is wanted.
#[derive(Clone, Debug)]
pub struct Query {
    /// The beginning of the address, in any case; `""`: all.
    pub search: String,
    /// Behind this address; `""`: from the start.
    pub after: String,
    /// Rows at most.
    pub limit: i64,
}

impl Query {
    pub(crate) fn range(&self) -> EmailRange {
        EmailRange::starting_with(&self.search).behind(&self.after)
    }
}

/// Memberships that are over or inactive are among them: they say so.
///
/// # Errors
/// `Forbidden` without `users:read` in the tenant.
pub async fn run(ctx: &Ctx, caller: &Caller, tenant: TenantId, query: Query) -> Result<Vec<Member>, Failure> {
    authorize(ctx, caller, &Permission::USERS_READ, Some(tenant)).await?;
    let (range, limit) = (query.range(), query.limit);
    let listed: Result<Vec<Member>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let range = range.clone();
            Box::pin(async move { page(tx, tenant, &range, limit).await })
        })
        .await;
    Ok(listed?)
}

/// One member. Asks for `users:read`.
///
/// # Errors
/// `Hidden` for who is none.
pub async fn one(ctx: &Ctx, caller: &Caller, tenant: TenantId, user: UserId) -> Result<Member, Failure> {
    let caller = &caller.about(user);
    authorize(ctx, caller, &Permission::USERS_READ, Some(tenant)).await?;
    let found: Result<Option<Member>, StoreError> =
        ctx.store.read(move |tx| Box::pin(async move { find(tx, tenant, user).await })).await;
    found?.ok_or_else(hidden)
}

pub(super) fn hidden() -> Failure {
    Failure { kind: Kind::Hidden, ..Failure::not_found() }
}

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    user: UserId,
) -> Result<Option<Member>, StoreError> {
    let Some(user) = store::users::by_id(tx, user).await? else { return Ok(None) };
    let address = user.email.as_str();
    let range = EmailRange::starting_with(address).up_to(address);
    Ok(page(tx, tenant, &range, 1).await?.into_iter().next())
}

/// Four statements, however many members.
pub(crate) async fn page(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    range: &EmailRange,
    limit: i64,
) -> Result<Vec<Member>, StoreError> {
    let rows = memberships::page(tx, tenant, range, limit).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(assembled(roles::visible(tx, tenant).await?, rows))
}

/// `visible`: the roles that may be held in the tenant; whoever holds the same one shares it.
pub(super) fn assembled(visible: Vec<Role>, rows: Vec<memberships::Member>) -> Vec<Member> {
    let visible: Vec<Arc<Role>> = visible.into_iter().map(Arc::new).collect();
    let assembled = rows.into_iter().map(|row| {
        let mut roles: Vec<_> = visible.iter().filter(|role| row.roles.contains(&role.id)).cloned().collect();
        roles.sort_by(|a, b| a.by_strength(b));
        let memberships::Member { user, active, expires_at, joined_at, sites, .. } = row;
        Member { user, active, expires_at, joined_at, roles, sites }
    });
    assembled.collect()
}
