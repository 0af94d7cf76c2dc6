//! The one transaction: everything that the plan rests on still stands, or nothing is written.

use domain::{ClientUid, RoleId, SiteId, TenantId, Timestamp, UserId};
use store::drain::{self, Of};
use store::world::{again, insert, link, linked, make_way, prune, remove, unlink, update};
use store::{StoreError, WriteTx, installation};
use uuid::Uuid;

use super::draft::{Referred, Settled};
use super::error::Stop;
use super::last;
use super::membership;
use super::role;
use super::step::{Deed, Step};
use crate::members::term;
use crate::sessions::forget_failures;

/// The table of roles.
const ROLES: &str = "roles";

pub(super) async fn write(tx: &mut WriteTx<'_>, draft: &Settled) -> Result<(), Stop> {
    let (seen, mine) = &draft.stamp;
    if !store::world::take_stamp(tx, seen, mine).await? {
        return Err(Stop::Moved);
    }
    let now = draft.now.ok_or(StoreError::Bug("had no moment"))?;
    if draft.steps.iter().any(|step| step.table.name == ROLES && step.deed != Deed::Change) {
        // Those who make roles take turns, and what lets a role name another does.
        installation::hold(tx, "vendor_id").await?;
    }
    let before = last::before(tx, draft, now).await?;
    for (referred, id) in &draft.rests_on {
        if !stands(tx, *referred, *id).await? {
            return Err(Stop::Moved);
        }
    }
    for step in &draft.steps {
        row(tx, step, now).await?;
        links(tx, step).await?;
        consequences(tx, step, now).await?;
    }
    last::after(tx, before, now).await?;
    for event in &draft.events {
        event.write(tx).await?;
    }
    Ok(())
}

async fn stands(tx: &mut WriteTx<'_>, referred: Referred, id: Uuid) -> Result<bool, StoreError> {
    use store::world::{role, site, tenant, user};
    Ok(match referred {
        Referred::Tenant => tenant::by_id(tx, TenantId::from_uuid(id)).await?.is_some(),
        Referred::Site => site::by_id(tx, SiteId::from_uuid(id)).await?.is_some(),
        Referred::Role => role::by_id(tx, RoleId::from_uuid(id)).await?.is_some(),
        Referred::User => user::by_id(tx, UserId::from_uuid(id)).await?.is_some(),
    })
}

async fn row(tx: &mut WriteTx<'_>, step: &Step, now: Timestamp) -> Result<(), Stop> {
    let Some(before) = &step.before else {
        make_way(tx, step.table, &step.after).await?;
        let made = insert(tx, step.table, &step.after).await?;
        let shadowed = step.table.name == ROLES && role::is_shadowed(tx, step).await?;
        return if made && !shadowed { Ok(()) } else { Err(Stop::Moved) };
    };
    if again(tx, step.table, before).await?.as_ref() != Some(before) {
        return Err(Stop::Moved);
    }
    if step.deed == Deed::Remove {
        // What hung on it as the plan saw it has gone before; more has come since.
        if let [id] = *step.key()
            && !prune::is_free(tx, step.table.name, id).await?
        {
            return Err(Stop::Moved);
        }
        match (step.table.name, &*step.key()) {
            // Nobody counts their sessions in a plan.
            ("tenants", [id]) => drain::end(tx, Of::Tenant(TenantId::from_uuid(*id)), now).await?,
            ("clients", [id]) => drain::end(tx, Of::Client(ClientUid::from_uuid(*id)), now).await?,
            _ => remove(tx, step.table, step.table.key_cells(before)).await?,
        };
    } else if *before != step.after {
        update(tx, step.table, &step.after).await?;
    }
    Ok(())
}

async fn links(tx: &mut WriteTx<'_>, step: &Step) -> Result<(), Stop> {
    for links in &step.links {
        if !step.is_new() && linked(tx, links.relation, &links.owner).await? != links.before {
            return Err(Stop::Moved);
        }
        for gone in links.before.difference(&links.after) {
            unlink(tx, links.relation, &links.owner, *gone).await?;
        }
        for new in links.after.difference(&links.before) {
            link(tx, links.relation, &links.owner, *new).await?;
        }
    }
    Ok(())
}

/// Open sessions and links to a new password, and what nodes have cached.
async fn consequences(tx: &mut WriteTx<'_>, step: &Step, now: Timestamp) -> Result<(), StoreError> {
    if let Some((whose, was, is)) = membership::terms(step) {
        term::settle(tx, whose, (was, is), now).await?;
    }
    if let Some(user) = step.ends_sessions_of {
        store::sessions::end_all(tx, user, None, now).await?;
    }
    if let Some(user) = step.ends_above_of {
        store::sessions::end_above(tx, user, now).await?;
    }
    if let Some(user) = step.drops_reset_of {
        store::links::end_reset(tx, user, now).await?;
    }
    if let Some(email) = &step.forgives {
        forget_failures(tx, email).await?;
    }
    if let Some(subject) = step.what.cached.filter(|_| !step.is_new() || step.what.missed) {
        tx.changed(subject);
    }
    if let ("membership" | "token", Some(tenant)) = (step.what.kind, step.what.tenant) {
        store::population::moved(tx, tenant);
    }
    Ok(())
}
