//! Seeing a tenant's networks. Asks for `endpoints:read`, since endpoints are judged by them.

use domain::Permission;
use store::StoreError;
use store::world::network::{self, Network};

use super::Networks;
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// Empty lists where none were ever set.
///
/// # Errors
/// `Hidden` for another tenant.
pub async fn run(ctx: &Ctx, caller: &Caller, named: &TenantName) -> Result<Networks, Failure> {
    let tenant = reach(ctx, caller, named).await?;
    authorize(ctx, caller, &Permission::ENDPOINTS_READ, Some(tenant)).await?;
    let row: Result<Option<Network>, StoreError> =
        ctx.store.read(move |tx| Box::pin(network::of_tenant(tx, tenant))).await;
    let shown = |row: Network| Networks { private: row.private, partner: row.partner };
    Ok(row?.map(shown).unwrap_or_default())
}
