//! Roles, sites, permissions and tenants: each goes only when nothing that stays needs it.

use std::collections::HashSet;

use domain::UserId;
use store::world::{Record, permission, role, site, tenant};
use uuid::Uuid;

use super::tale::{Tale, some, texts};
use super::{Made, Ties};
use crate::world::apply::draft::Draft;
use crate::world::apply::step::What;

pub(super) fn remove(
    d: &mut Draft<'_>,
    tale: &mut Tale,
    ties: &Ties,
    (gone, leaving): (&Made, &HashSet<UserId>),
) {
    let mut staying = HashSet::new();
    let roles = Roles::after(d, tale, ties);
    roles_of(d, tale, (ties, &roles), &gone.roles, &mut staying);
    for row in &gone.sites {
        let id = row.id.uuid();
        let holders = ties.holders.get(&id).into_iter().flatten();
        let holders: Vec<String> =
            holders.filter(|holder| tale.holds(d, holder, ("sites", id))).map(|h| h.email.clone()).collect();
        let name = format!("{} of {}", row.key, tale.of(row.tenant_id.uuid()));
        if holders.is_empty() {
            let what = What::new("site", name).on(id).of(Some(row.tenant_id)).cached(row.tenant_id.uuid());
            tale.push::<site::Site>(d, what, row);
        } else {
            staying.insert(row.tenant_id.uuid());
            d.out.kept.push(format!("site {name}: stays, since it is a site of {}", some(holders)));
        }
    }
    permissions(d, tale, &roles, &gone.permissions);
    for row in &gone.tenants {
        let owned = ties.owned.get(&row.id.uuid()).into_iter().flatten();
        let owned = owned.filter(|(_, owner)| !leaving.contains(owner)).map(|(thing, _)| thing);
        let made = ties.made.get(&row.id.uuid()).into_iter().flatten();
        let things = made.chain(owned).map(|thing| format!("{} {}", thing.kind, thing.name)).collect();
        tenant(d, tale, row, things, staying.contains(&row.id.uuid()));
    }
}

fn roles_of(
    d: &mut Draft<'_>,
    tale: &mut Tale,
    (ties, roles): (&Ties, &Roles),
    gone: &[role::Role],
    staying: &mut HashSet<Uuid>,
) {
    let mut leaving: Vec<&role::Role> = Vec::new();
    let mut kept: Vec<(&role::Role, String)> = Vec::new();
    for row in gone {
        match holders(d, tale, ties, row.id.uuid()) {
            holders if holders.is_empty() => leaving.push(row),
            holders => kept.push((row, format!("{} it", have(&holders)))),
        }
    }
    // One that stays may name another, and that one a third.
    loop {
        let ids: HashSet<Uuid> = leaving.iter().map(|row| row.id.uuid()).collect();
        let Some(at) = leaving.iter().position(|row| roles.giver(row, &ids).is_some()) else { break };
        let row = leaving.remove(at);
        let giver = roles.giver(row, &ids).unwrap_or_default();
        kept.push((row, format!("role {giver} assigns it")));
    }
    for row in leaving {
        let (id, name) = (row.id.uuid(), named(tale, row));
        tale.push(d, What::new("role", name).on(id).of(row.tenant_id).cached(id), row);
    }
    for (row, why) in kept {
        staying.extend(row.tenant_id.map(domain::TenantId::uuid));
        d.out.kept.push(format!("role {}: stays, since {why}", named(tale, row)));
    }
}

fn have(holders: &[String]) -> String {
    let verb = if holders.len() == 1 { "has" } else { "have" };
    format!("{} {verb}", some(holders.iter().cloned()))
}

fn named(tale: &Tale, row: &role::Role) -> String {
    row.tenant_id.map_or_else(|| row.key.clone(), |id| format!("{} of {}", row.key, tale.of(id.uuid())))
}

/// Members and tokens that will still have the role.
fn holders(d: &mut Draft<'_>, tale: &Tale, ties: &Ties, role: Uuid) -> Vec<String> {
    let members = ties.holders.get(&role).into_iter().flatten();
    let mut all: Vec<String> =
        members.filter(|holder| tale.holds(d, holder, ("roles", role))).map(|h| h.email.clone()).collect();
    for (token, name) in ties.bearers.get(&role).into_iter().flatten() {
        let key = vec![token.uuid()];
        let bears = match tale.step(d, "tokens", key.clone()) {
            Some(step) => {
                step.get("cap_id") == Some(&store::Value::Uuid(role))
                    || step.links.iter().any(|links| links.after.contains(&role))
            }
            None => !tale.has("tokens", key),
        };
        if bears {
            all.push(format!("token {name:?}"));
        }
    }
    all.sort();
    all
}

/// What custom roles will say of others, once the file is applied.
struct Roles(Vec<Says>);

struct Says {
    id: Uuid,
    tenant: Option<Uuid>,
    key: String,
    assigns: Vec<String>,
    patterns: Vec<String>,
}

impl Roles {
    fn after(d: &mut Draft<'_>, tale: &Tale, ties: &Ties) -> Self {
        let rows = role::Role::table();
        let new = d.out.steps.iter().filter(|step| step.is_new() && step.table.name == rows.name);
        let mut all: Vec<Vec<store::Value>> = new.map(|step| step.after.clone()).collect();
        for row in &ties.roles {
            let step = tale.step(d, rows.name, vec![row.id.uuid()]);
            all.push(step.map_or_else(|| row.cells(), |step| step.after.clone()));
        }
        let says = |cells: &Vec<store::Value>| {
            let get = |column| rows.at(column).and_then(|at| cells.get(at));
            let id = |column| if let Some(store::Value::Uuid(id)) = get(column) { Some(*id) } else { None };
            let key =
                if let Some(store::Value::Text(key)) = get("key") { key.clone() } else { String::new() };
            Some(Says {
                id: id("id")?,
                tenant: id("tenant_id"),
                key,
                assigns: texts(get("assigns")),
                patterns: texts(get("patterns")),
            })
        };
        Self(all.iter().filter_map(says).collect())
    }

    /// Who, among those that stay, names the role among those that it may give.
    fn giver(&self, row: &role::Role, leaving: &HashSet<Uuid>) -> Option<String> {
        let near = |says: &&Says| {
            row.tenant_id.is_none() || says.tenant == row.tenant_id.map(domain::TenantId::uuid)
        };
        let giver = self.0.iter().filter(|says| !leaving.contains(&says.id)).filter(near);
        let mut giver = giver.filter(|says| says.assigns.contains(&row.key));
        giver.next().map(|says| says.key.clone())
    }
}

fn permissions(d: &mut Draft<'_>, tale: &mut Tale, roles: &Roles, gone: &[permission::Permission]) {
    for row in gone {
        let mut needs = roles.0.iter().filter(|says| !tale.has("roles", vec![says.id]));
        if let Some(says) = needs.find(|says| says.patterns.contains(&row.key)) {
            let text = format!("permission {}: stays, since role {} names it", row.key, says.key);
            d.out.kept.push(text);
        } else {
            let what = What::new("permission", &row.key).on(row.id.uuid()).cached(store::feed::CATALOGUE);
            tale.push(d, what, row);
        }
    }
}

/// `things`: what people made in it; `needed`: something of applies stays in it.
fn tenant(d: &mut Draft<'_>, tale: &mut Tale, row: &tenant::Tenant, things: Vec<String>, needed: bool) {
    let id = row.id.uuid();
    if !things.is_empty() {
        let text = format!("tenant {}: stays, since people made in it {}", row.key, some(things));
        d.out.kept.push(text);
    } else if needed {
        d.out.kept.push(format!("tenant {}: stays with what stays in it", row.key));
    } else {
        d.out.judge.tenants.insert(row.id);
        tale.push(d, What::new("tenant", &row.key).on(id).of(Some(row.id)).cached(id), row);
    }
}
