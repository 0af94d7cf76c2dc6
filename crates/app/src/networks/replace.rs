//! Replacing a tenant's networks. Asks for `tenants:write`. Audits `networks.replaced`.

use domain::{Permission, endpoint};
use ipnet::IpNet;
use store::world::network::{self, Network};
use store::world::{add, save};

use super::Networks;
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::{Faults, distinct};
use crate::tenants::{TenantName, reach};

/// Networks in each list.
pub const MOST: usize = 1_000;

/// Both lists as a whole, as people write them: `10.0.0.0/8`, `2001:db8::/32`.
///
/// # Errors
/// `Invalid` names the list with a text that is no network.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    named: &TenantName,
    given: Networks,
) -> Result<Networks, Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let ask = (&Permission::TENANTS_WRITE, Some(tenant));
    let act = Act::begin(ctx, caller, ask, "networks.replaced").await?;
    let mut faults = Faults::default();
    let lists = Networks {
        private: read(&mut faults, "private", &given.private),
        partner: read(&mut faults, "partner", &given.partner),
    };
    faults.done()?;
    let (private, partner) = (lists.private.clone(), lists.partner.clone());
    let row = Network { tenant_id: tenant, private, partner, origin: String::new() };
    ctx.store
        .write(move |tx| {
            let (mut row, act) = (row.clone(), act.clone());
            Box::pin(async move {
                act.in_turn(tx).await?;
                if let Some(before) = network::of_tenant(tx, tenant).await? {
                    row.origin.clone_from(&before.origin);
                    if before == row {
                        return Ok(());
                    }
                    save(tx, &row).await?;
                } else {
                    add(tx, &row).await?;
                }
                let words = format!("{} private, {} partner", row.private.len(), row.partner.len());
                Ok(act.tell(tx, ("tenant", tenant.uuid()), &words).await?)
            })
        })
        .await
        .map(|()| lists)
}

fn read(faults: &mut Faults, field: &'static str, texts: &[String]) -> Vec<String> {
    faults.count(field, texts.len(), MOST);
    let read: Vec<Option<IpNet>> = texts.iter().map(|text| endpoint::network(text)).collect();
    if let Some(at) = read.iter().position(Option::is_none) {
        faults.add(field, format!("entry {} must be a network like 10.0.0.0/8 or 2001:db8::/32", at + 1));
    }
    let nets = read.into_iter().flatten().collect();
    distinct::<IpNet>(nets).iter().map(ToString::to_string).collect()
}
