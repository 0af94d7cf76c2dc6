//! Making a custom role. Asks for `roles:write`; for one of the whole installation, `installation:write`.
//! Audits `role.created`.

use domain::{Builtin, RoleId};
use store::world::role::{self, Role};
use store::{WriteTx, installation, roles};

use super::default::settle_default;
use super::power::Power;
use super::{Given, MOST, ask_to_write, counted};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::rules::{Faults, enough, taken};
use crate::tenants::{TenantName, reach};

/// A new role.
pub struct Command {
    pub place: Place,
    /// 1 to 64 of `a-z 0-9 - _ .`; never changes.
    pub key: String,
    pub given: Given,
}

/// Of which tenant a new role is.
#[derive(Clone, Debug)]
pub enum Place {
    /// That of the credential; the installation's where the credential has none.
    Mine,
    /// The whole installation's.
    Everywhere,
    Tenant(TenantName),
}

/// # Errors
/// `Hidden` for another tenant; `Forbidden` for a role that permits or lets give more than the credential does;
/// `Conflict` where the key is that of a role which may be held in the same place, or what a dialect calls one.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<RoleId, Failure> {
    let tenant = match &command.place {
        Place::Mine => caller.principal().tenant,
        Place::Everywhere => None,
        Place::Tenant(named) => Some(reach(ctx, caller, named).await?),
    };
    let act = Act::begin(ctx, caller, ask_to_write(tenant), "role.created").await?;
    let Command { key, given, .. } = command;
    let mut faults = Faults::default();
    faults.key("key", &key);
    given.judge(faults)?;
    let mut row = Role::blank(RoleId::from_uuid(ctx.new_id()), tenant, key, act.now);
    let id = row.id;
    given.over(&mut row);
    ctx.store
        .write(move |tx| {
            let (row, act) = (row.clone(), act.clone());
            Box::pin(async move {
                // No unique index spans a tenant's roles and the installation's: those who make roles take turns.
                installation::hold(tx, "vendor_id").await?;
                let authority = act.in_turn(tx).await?;
                free(tx, &row).await?;
                let role = counted(&row);
                let power = Power::beside(tx, (authority, act.caller.door), &role).await?;
                power.names_what_is(tx, &role, &row.patterns).await?;
                power.is_enough_for(&role, (&row.patterns, row.assigns.as_deref()))?;
                if !store::world::add(tx, &row).await? {
                    return Err(taken("key"));
                }
                if row.is_default && tenant.is_none() {
                    settle_default(tx).await?;
                }
                act.tell(tx, ("role", id.uuid()), &format!("key {}", row.key)).await?;
                Ok(())
            })
        })
        .await
        .map(|()| id)
}

/// A key means one role wherever it is named, in the dialects too. Comes behind the holds.
async fn free(tx: &mut WriteTx<'_>, row: &Role) -> Result<(), Failure> {
    if roles::count_custom(tx, row.tenant_id).await? >= MOST {
        return Err(enough("roles"));
    }
    let common = role::by_key(tx, None, &row.key).await?.is_some();
    let shadowed = row.tenant_id.is_none() && role::of_any_tenant(tx, &row.key).await?.is_some();
    if common || shadowed || Builtin::taking(&row.key).is_some() {
        return Err(taken("key"));
    }
    Ok(())
}
