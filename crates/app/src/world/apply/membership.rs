use std::collections::BTreeSet;

use domain::{EmailAddress, TenantId, Timestamp, UserId};
use store::Value;
use store::world::membership::{self, Membership};
use store::world::{MEMBERSHIP_ROLES, MEMBERSHIP_SITES, Record, linked};
use store::{ReadTx, StoreError};
use uuid::Uuid;

use super::draft::Draft;
use super::error::Stop;
use super::given::{ORIGIN, over, some};
use super::shelf::Shelf;
use super::step::{Links, Step, What};
use crate::members::term::Term;
use crate::world::file;

#[derive(Default)]
pub(super) struct Found {
    row: Option<Membership>,
    roles: BTreeSet<Uuid>,
    sites: BTreeSet<Uuid>,
}

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    user: Option<UserId>,
    row: &file::Membership,
) -> Result<Found, StoreError> {
    let tenant = shelf.fetch_tenant(tx, &row.tenant).await?;
    shelf.fetch_roles(tx, &row.tenant, &row.roles).await?;
    for site in row.sites.iter().flatten() {
        shelf.fetch_site(tx, &row.tenant, site).await?;
    }
    let Some((user, tenant)) = user.zip(tenant) else { return Ok(Found::default()) };
    let Some(here) = membership::of(tx, user, tenant).await? else { return Ok(Found::default()) };
    let owner = owner(user, tenant);
    let roles = linked(tx, &MEMBERSHIP_ROLES, &owner).await?;
    let sites = linked(tx, &MEMBERSHIP_SITES, &owner).await?;
    for id in &roles {
        shelf.show_role(tx, *id).await?;
    }
    for id in &sites {
        shelf.show_site(tx, *id).await?;
    }
    Ok(Found { row: Some(here), roles, sites })
}

/// The named roles are the truth of the membership, and so are the sites where they are named. `known`: the user is
/// not made by this file.
pub(super) fn compare(
    d: &mut Draft<'_>,
    (user, email, known): (UserId, &EmailAddress, bool),
    row: &file::Membership,
    found: &Found,
) -> Result<(), Stop> {
    let tenant = d.tenant(&row.tenant)?;
    let mut roles = BTreeSet::new();
    for key in &row.roles {
        roles.insert(d.role(tenant, key)?.uuid());
    }
    let mut sites = found.sites.clone();
    if let Some(keys) = &row.sites {
        sites.clear();
        for key in keys {
            sites.insert(d.site(tenant, key)?.uuid());
        }
    }
    let before = found.row.as_ref();
    let mut after = before.cloned().unwrap_or_else(|| Membership {
        user_id: user,
        tenant_id: tenant,
        active: true,
        expires_at: None,
        origin: ORIGIN.to_owned(),
        created_at: d.now,
    });
    over(&mut after.active, row.active.as_ref());
    some(&mut after.expires_at, row.expires_at.as_ref());
    let links = vec![
        Links {
            relation: &MEMBERSHIP_ROLES,
            owner: owner(user, tenant),
            before: found.roles.clone(),
            after: roles,
        },
        Links {
            relation: &MEMBERSHIP_SITES,
            owner: owner(user, tenant),
            before: found.sites.clone(),
            after: sites,
        },
    ];
    let name = format!("{email} in {}", row.tenant);
    let what =
        What::new("membership", name).on(user.uuid()).of(Some(tenant)).cached(user.uuid()).missed(known);
    let written = d.put(what, before, &after, links).is_some();
    if written && d.shelf.tenant(&row.tenant).is_some() {
        d.out.judge.tenants.insert(tenant);
    }
    Ok(())
}

/// Whose membership the step changes or takes away, what it was, and what it is.
pub(super) fn terms(step: &Step) -> Option<((UserId, TenantId), Term, Option<Term>)> {
    if step.table.name != Membership::table().name {
        return None;
    }
    let term = |cells: &[Value]| {
        let cell = |column| step.table.at(column).and_then(|at| cells.get(at));
        let expires_at = match cell("expires_at") {
            Some(Value::Int(at)) => Some(Timestamp::from_micros(*at)),
            _ => None,
        };
        Term { active: cell("active") == Some(&Value::Bool(true)), expires_at }
    };
    let was = term(step.before.as_deref()?);
    let is = (!step.removes()).then(|| term(&step.after));
    let [user, tenant] = step.key()[..] else { return None };
    Some(((UserId::from_uuid(user), TenantId::from_uuid(tenant)), was, is))
}

fn owner(user: UserId, tenant: TenantId) -> Vec<Value> {
    vec![Value::Uuid(user.uuid()), Value::Uuid(tenant.uuid())]
}
