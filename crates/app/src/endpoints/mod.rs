//! The endpoint inventory of a tenant, and the access types that its traffic shows.

pub mod access_types;
mod audited;
pub mod import;
pub mod list;
pub mod observe;
pub mod put;

use domain::{Permission, TenantId};

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

/// How many rows were made, changed and found as they should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
}

impl Written {
    fn count(&mut self, became: store::endpoints::Became) {
        use store::endpoints::Became;
        let field = match became {
            Became::Created => &mut self.created,
            Became::Changed => &mut self.changed,
            Became::Unchanged => &mut self.unchanged,
        };
        *field += 1;
    }

    fn add(&mut self, other: Self) {
        self.created += other.created;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }

    /// Whether there is nothing to tell of.
    fn is_nothing(self) -> bool {
        self.created == 0 && self.changed == 0
    }
}
