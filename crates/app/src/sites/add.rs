//! Adding a site. Asks for `tenants:write`. Audits `site.added`.

use domain::{Permission, SiteId};
use store::tenants;
use store::world::site::Site;

use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::{Faults, NAME, enough, taken};
use crate::tenants::{TenantName, reach};

/// A new site.
pub struct Command {
    /// 1 to 64 of `a-z 0-9 - _ .`; never changes.
    pub key: String,
    /// 1 to 256 characters.
    pub name: String,
}

/// Sites that a tenant may have.
pub const MOST: i64 = 1_000;

/// # Errors
/// `Conflict` where the key is taken, or the tenant has [`MOST`].
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    named: &TenantName,
    command: Command,
) -> Result<SiteId, Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let act = Act::begin(ctx, caller, (&Permission::TENANTS_WRITE, Some(tenant)), "site.added").await?;
    let mut faults = Faults::default();
    faults.key("key", &command.key);
    faults.name("name", &command.name, NAME);
    faults.done()?;
    let id = SiteId::from_uuid(ctx.new_id());
    let Command { key, name } = command;
    let row = Site { id, tenant_id: tenant, key, name, origin: String::new(), created_at: act.now };
    ctx.store
        .write(move |tx| {
            let (row, act) = (row.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                if tenants::count_sites(tx, tenant, MOST).await? >= MOST {
                    return Err(enough("sites"));
                }
                if !store::world::add(tx, &row).await? {
                    return Err(taken("key"));
                }
                act.tell(tx, ("site", id.uuid()), &format!("key {}", row.key)).await?;
                tx.changed(tenant.uuid());
                Ok(())
            })
        })
        .await
        .map(|()| id)
}
