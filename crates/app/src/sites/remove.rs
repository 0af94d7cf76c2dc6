//! Removing a site that no open invitation names; memberships lose it. Asks for `tenants:write`. Audits `site.removed`.

use domain::{Permission, SiteId};
use store::links;
use store::world::{self, Record, site};

use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::invitations::not_invited;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// # Errors
/// `NotFound` for one that is not this tenant's; `Conflict` with code `in_use` where open invitations give a seat at it.
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
                not_invited(links::at_site(tx, tenant, id, act.now).await?, "site")?;
                world::remove(tx, site::Site::table(), &[store::Value::Uuid(id.uuid())]).await?;
                act.tell(tx, ("site", id.uuid()), &format!("key {}", row.key)).await?;
                tx.changed(tenant.uuid());
                Ok(())
            })
        })
        .await
}
