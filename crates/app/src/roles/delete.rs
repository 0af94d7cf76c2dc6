//! Deleting a custom role that nobody and nothing holds. Asks for `roles:write`; for one of the whole installation,
//! `installation:write`. Audits `role.deleted`.

use domain::RoleId;
use store::world::role::{self, Role};
use store::world::{Record, hold, prune, remove};
use store::{installation, links, roles};

use super::default::settle_default;
use super::power::Power;
use super::show::find;
use super::{ask_to_write, builtin, counted, key};
use crate::Ctx;
use crate::act::Act;
use crate::failure::{Failure, Kind};
use crate::invitations::not_invited;
use crate::principal::Caller;

/// # Errors
/// `Hidden` for a role of another tenant; `Forbidden` for one that permits more than the credential; `Conflict` for a
/// built-in one, and for one that a member or a live token holds, an open invitation gives or another role lets give
/// (`in_use`).
pub async fn run(ctx: &Ctx, caller: &Caller, id: RoleId) -> Result<(), Failure> {
    let role = find(ctx, caller, id).await?;
    let act = Act::begin(ctx, caller, ask_to_write(role.tenant), "role.deleted").await?;
    if role.builtin {
        return Err(builtin());
    }
    ctx.store
        .write(move |tx| {
            let (act, tenant) = (act.clone(), role.tenant);
            Box::pin(async move {
                // Nobody may come to name or hold it meanwhile.
                installation::hold(tx, "vendor_id").await?;
                let authority = act.in_turn(tx).await?;
                hold(tx, Role::table(), &key(id)).await?;
                let row = role::by_id(tx, id).await?.ok_or_else(Failure::not_found)?;
                let role = counted(&row);
                let power = Power::beside(tx, (authority, act.caller.door), &role).await?;
                power.is_enough_for(&role, (&row.patterns, row.assigns.as_deref()))?;
                // Who is given a role of the installation takes only his tenant's turn.
                prune::claim_role(tx, id).await?;
                if roles::is_held(tx, id, act.now).await? || roles::is_assigned(tx, &role).await? {
                    let text = "The role is in use: a member or a token holds it, or a role lets give it.";
                    return Err(Failure::new(Kind::Conflict, "in_use", text));
                }
                not_invited(links::giving_role(tx, id, tenant, act.now).await?, "role")?;
                remove(tx, Role::table(), &key(id)).await?;
                if row.is_default && tenant.is_none() {
                    settle_default(tx).await?;
                }
                act.tell(tx, ("role", id.uuid()), &format!("key {}", row.key)).await?;
                tx.changed(id.uuid());
                Ok(())
            })
        })
        .await
}
