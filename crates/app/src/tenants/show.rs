//! One tenant, with what it is entitled to and how much of that it uses. Asks for no permission: whoever holds a
//! credential of the tenant sees it; its billing id asks for `billing:read`.

use domain::Permission;
use domain::tenant::Tenant;

use super::{TenantName, find, reach};
use crate::Ctx;
use crate::account::{self, Quota};
use crate::authorize::may;
use crate::failure::Failure;
use crate::principal::Caller;

/// A tenant as the caller may see it.
pub struct Shown {
    /// Without its billing id where the caller may not see that.
    pub tenant: Tenant,
    pub quotas: Vec<Quota>,
}

/// # Errors
/// `Hidden` for whom it is not there.
pub async fn run(ctx: &Ctx, caller: &Caller, named: &TenantName) -> Result<Shown, Failure> {
    let id = reach(ctx, caller, named).await?;
    let mut tenant = find(ctx, &TenantName::Id(id)).await?.ok_or_else(Failure::not_found)?;
    let quotas = account::quotas(ctx, &tenant).await?;
    if !may(caller, &Permission::BILLING_READ, Some(id)) {
        tenant.billing_id = None;
    }
    Ok(Shown { tenant, quotas })
}
