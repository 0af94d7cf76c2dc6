//! The sites of a tenant, by key. Asks for no permission: whoever holds a credential of the tenant sees them.

use domain::SiteId;
use domain::tenant::Site;
use store::{StoreError, tenants};

use crate::Ctx;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// `limit` at most behind the key `after`.
///
/// # Errors
/// `Hidden` for another tenant.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    named: &TenantName,
    (after, limit): (&str, i64),
) -> Result<Vec<Site>, Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let after = after.to_owned();
    let page: Result<Vec<Site>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let after = after.clone();
            Box::pin(async move { tenants::sites_page(tx, tenant, &after, limit).await })
        })
        .await;
    Ok(page?)
}

/// # Errors
/// `Hidden` for another tenant; `NotFound` for one that is not this tenant's.
pub async fn one(ctx: &Ctx, caller: &Caller, named: &TenantName, id: SiteId) -> Result<Site, Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let found: Result<Option<Site>, StoreError> =
        ctx.store.read(move |tx| Box::pin(tenants::site_of(tx, tenant, id))).await;
    found?.ok_or_else(Failure::not_found)
}
