//! Renaming a site. Asks for `tenants:write`. Audits `site.changed` with what was and what is.

use domain::{Permission, SiteId};
use store::world::{Record, hold, save, site};

use crate::Ctx;
use crate::act::Act;
use crate::changes::Changes;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::{Faults, NAME};
use crate::tenants::{TenantName, reach};

/// `name`: 1 to 256 characters; `None` leaves it.
///
/// # Errors
/// `NotFound` for one that is not this tenant's.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    (named, id): (&TenantName, SiteId),
    name: Option<String>,
) -> Result<(), Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let act = Act::begin(ctx, caller, (&Permission::TENANTS_WRITE, Some(tenant)), "site.changed").await?;
    let mut faults = Faults::default();
    if let Some(name) = &name {
        faults.name("name", name, NAME);
    }
    faults.done()?;
    ctx.store
        .write(move |tx| {
            let (name, act) = (name.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                hold(tx, site::Site::table(), &[store::Value::Uuid(id.uuid())]).await?;
                let found = site::by_id(tx, id).await?.filter(|site| site.tenant_id == tenant);
                let mut row = found.ok_or_else(Failure::not_found)?;
                let Some(name) = name.filter(|name| *name != row.name) else { return Ok(()) };
                let words = Changes::default().text("name", &row.name, &name).words().unwrap_or_default();
                row.name = name;
                save(tx, &row).await?;
                act.tell(tx, ("site", id.uuid()), &words).await?;
                tx.changed(tenant.uuid());
                Ok(())
            })
        })
        .await
}
