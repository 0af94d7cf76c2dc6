//! Removing a site; memberships lose it. Asks for `tenants:write`. Audits `site.removed`.

use domain::{Permission, SiteId};
use store::world::{self, Record, site};

use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// # Errors
/// `NotFound` for one that is not this tenant's.
pub async fn run(ctx: &Ctx, caller: &Caller, named: &TenantName, id: SiteId) -> Result<(), Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let act = Act::begin(ctx, caller, (&Permission::TENANTS_WRITE, Some(tenant)), "site.removed").await?;
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                act.in_turn(tx).await?;
                let found = site::by_id(tx, id).await?.filter(|site| site.tenant_id == tenant);
                let row = found.ok_or_else(Failure::not_found)?;
                world::remove(tx, site::Site::table(), &[store::Value::Uuid(id.uuid())]).await?;
                act.tell(tx, ("site", id.uuid()), &format!("key {}", row.key)).await?;
                tx.changed(tenant.uuid());
                Ok(())
            })
        })
        .await
}
