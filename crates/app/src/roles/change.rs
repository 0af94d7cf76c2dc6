//! Changing a custom role: all who hold it feel it at once. Asks for `roles:write`; for one of the whole installation,
//! `installation:write`. Audits `role.changed`.

use domain::RoleId;
use store::installation;
use store::world::role::{self, Role};
use store::world::{self, Record, hold, save};

use super::default::settle_default;
use super::given::moved;
use super::power::Power;
use super::show::find;
use super::{Given, ask_to_write, builtin, counted, key};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::last::Before;
use crate::principal::Caller;
use crate::rules::Faults;

/// What changes nothing is not written and not audited.
///
/// # Errors
/// `Hidden` for a role of another tenant; `Forbidden` where the role permits or lets give more than the credential
/// does, before or after; `Conflict` for a built-in one, and where a tenant would lose its last administrator.
pub async fn run(ctx: &Ctx, caller: &Caller, id: RoleId, given: Given) -> Result<(), Failure> {
    let role = find(ctx, caller, id).await?;
    let act = Act::begin(ctx, caller, ask_to_write(role.tenant), "role.changed").await?;
    if role.builtin {
        return Err(builtin());
    }
    given.judge(Faults::default())?;
    ctx.store
        .write(move |tx| {
            let (given, act) = (given.clone(), act.clone());
            Box::pin(async move {
                // What it names must still be there at the end.
                installation::hold(tx, "vendor_id").await?;
                let authority = act.in_turn(tx).await?;
                let held = world::tenants_of_role(tx, id).await?.into_iter().collect();
                let last = Before::take(tx, &held, false, act.now).await?.ok_or_else(Failure::not_found)?;
                // Two at once that change different parts must both be kept.
                hold(tx, Role::table(), &key(id)).await?;
                let before = role::by_id(tx, id).await?.ok_or_else(Failure::not_found)?;
                let mut after = before.clone();
                given.over(&mut after);
                let Some(words) = moved(&before, &after) else { return Ok(()) };
                let role = counted(&after);
                let power = Power::beside(tx, (authority, act.caller.door), &role).await?;
                power.is_enough_for(&counted(&before), (&before.patterns, before.assigns.as_deref()))?;
                power.names_what_is(tx, &role, &after.patterns).await?;
                power.is_enough_for(&role, (&after.patterns, after.assigns.as_deref()))?;
                after.updated_at = act.now;
                save(tx, &after).await?;
                last.check(tx, act.now).await?;
                if after.tenant_id.is_none() && before.is_default != after.is_default {
                    settle_default(tx).await?;
                }
                act.tell(tx, ("role", id.uuid()), &words).await?;
                tx.changed(id.uuid());
                Ok(())
            })
        })
        .await
}
