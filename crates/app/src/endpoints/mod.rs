//! The endpoint inventory of a tenant, and the access types that its traffic shows.

pub mod access_types;
mod audited;
pub mod import;
pub mod list;
pub mod observe;
pub mod put;

use domain::{Permission, TenantId};
pub use store::endpoints::Written;

use crate::Ctx;
use crate::authorize::{Decided, authorize};
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, meant};

/// Rows of one write transaction: a few milliseconds of the writer's time.
const AT_ONCE: usize = 500;

/// The tenant whose inventory is meant, and the decision that the caller has the permission in it.
async fn tenant(
    ctx: &Ctx,
    caller: &Caller,
    named: Option<&TenantName>,
    permission: &Permission,
) -> Result<(TenantId, Decided), Failure> {
    let tenant = meant(ctx, caller, named).await?;
    let decided = authorize(ctx, caller, permission, tenant).await?;
    // An operator's session may be bound to none.
    let none = || Failure::invalid_field("tenant", "is required: this credential belongs to no tenant");
    Ok((tenant.ok_or_else(none)?, decided))
}
