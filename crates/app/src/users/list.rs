//! Users by e-mail, page by page. An operator sees all, or one tenant's; others the members of their own tenant, with
//! `users:read`.

use domain::user::User;
use domain::{EmailRange, Permission, TenantId};
use store::{StoreError, memberships, tenants, users};

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::{Failure, Kind};
use crate::members::list::Query;
use crate::principal::Caller;

/// Of `tenant`, or of all for an operator who names none.
///
/// # Errors
/// `Forbidden` without `users:read` in the tenant.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    tenant: Option<TenantId>,
    query: Query,
) -> Result<Vec<User>, Failure> {
    let principal = caller.principal();
    let above = principal.authority.operates(caller.door);
    let tenant = if above { tenant } else { tenant.or(principal.tenant) };
    authorize(ctx, caller, &Permission::USERS_READ, tenant).await?;
    Ok(read(ctx, tenant, query.range(), query.limit).await?)
}

/// The same for the command line, by the key of the tenant.
///
/// # Errors
/// `NotFound` names a tenant that is not there.
pub async fn page(ctx: &Ctx, tenant: Option<&str>, after: &str, limit: i64) -> Result<Vec<User>, Failure> {
    let tenant = match tenant {
        None => None,
        Some(key) => Some(named(ctx, key).await?),
    };
    Ok(read(ctx, tenant, EmailRange::all().behind(after), limit).await?)
}

async fn named(ctx: &Ctx, key: &str) -> Result<TenantId, Failure> {
    let key = key.to_owned();
    let found: Result<_, StoreError> = ctx
        .store
        .read(move |tx| {
            let key = key.clone();
            Box::pin(async move { tenants::by_key(tx, &key).await })
        })
        .await;
    let missing = || Failure::new(Kind::NotFound, "not_found", "There is no such tenant.");
    found?.map(|tenant| tenant.id).ok_or_else(missing)
}

async fn read(
    ctx: &Ctx,
    tenant: Option<TenantId>,
    range: EmailRange,
    limit: i64,
) -> Result<Vec<User>, StoreError> {
    ctx.store
        .scan(move |tx| {
            let range = range.clone();
            Box::pin(async move {
                match tenant {
                    None => users::list(tx, &range, limit).await,
                    Some(tenant) => {
                        let members = memberships::page(tx, tenant, &range, limit).await?;
                        Ok(members.into_iter().map(|member| member.user).collect())
                    }
                }
            })
        })
        .await
}
