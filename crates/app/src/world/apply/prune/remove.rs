//! Which rows go, in the order in which they can, and why others stay.

use std::collections::HashSet;

use domain::UserId;

use super::tale::{Tale, some};
use super::{Made, Ties, homeless, places};
use crate::world::apply::draft::Draft;
use crate::world::apply::step::What;

/// Children before parents. What stays is decided before: a user may stay for a membership, and then a role.
pub(in super::super) fn remove(d: &mut Draft<'_>, ties: &Ties, gone: &Made) {
    let mut tale = Tale::new(d, ties, gone);
    d.out.shown.extend(gone.shown.iter().map(|(id, name)| (*id, name.clone())));
    d.out.shown.extend(gone.sites.iter().map(|site| (site.id.uuid(), site.key.clone())));
    let users: Vec<_> = gone.users.iter().filter(|row| leaves(d, &tale, ties, row.id)).collect();
    let leaving: HashSet<UserId> = users.iter().map(|row| row.id).collect();
    simple(d, &mut tale, gone);
    for row in &gone.webhooks {
        tale.webhook(d, row, "");
    }
    for row in &gone.tokens {
        tale.token(d, row, "");
    }
    for user in &users {
        for row in ties.webhooks.get(&user.id.uuid()).into_iter().flatten() {
            tale.webhook(d, row, ": made since, and goes with its owner");
        }
        for row in ties.tokens.get(&user.id.uuid()).into_iter().flatten() {
            tale.token(d, row, ": made since, and goes with its owner");
        }
    }
    for row in &gone.memberships {
        let name = format!("{} in {}", tale.of(row.user_id.uuid()), tale.of(row.tenant_id.uuid()));
        let user = row.user_id.uuid();
        for left in ties.left.get(&(user, row.tenant_id.uuid())).into_iter().flatten() {
            if !tale.has("webhooks", vec![left.id.uuid()]) {
                tale.webhook(d, left, ": made since, and goes with the membership");
            }
        }
        let what = What::new("membership", name).on(user).of(Some(row.tenant_id)).cached(user);
        d.out.judge.tenants.insert(row.tenant_id);
        tale.push(d, what, row);
    }
    for row in users {
        let id = row.id.uuid();
        d.out.judge.users.insert(row.id);
        d.out.judge.operators |= row.is_operator;
        tale.push(d, What::new("user", row.email.as_str()).on(id).cached(id), row);
    }
    places::remove(d, &mut tale, ties, (gone, &leaving));
    homeless::settle(d, &tale, ties);
}

/// Nobody but an apply has let them in anywhere.
fn leaves(d: &mut Draft<'_>, tale: &Tale, ties: &Ties, user: UserId) -> bool {
    let Some(tenants) = ties.member_of.get(&user.uuid()).filter(|tenants| !tenants.is_empty()) else {
        return true;
    };
    let (name, tenants) = (tale.of(user.uuid()), some(tenants.iter().cloned()));
    d.out.kept.push(format!("user {name}: stays, since people let it into {tenants}"));
    false
}

/// Rows on which nothing hangs.
fn simple(d: &mut Draft<'_>, tale: &mut Tale, gone: &Made) {
    for row in &gone.activities {
        let tenant = tale.of(row.tenant_id.uuid());
        let name = format!("{} on {} of {tenant}, {}", row.agent, row.device, row.at.rfc3339_secs());
        tale.push(d, What::new("activity", name).on(row.id).of(Some(row.tenant_id)), row);
    }
    for row in &gone.endpoints {
        let tenant = tale.of(row.tenant_id.uuid());
        let name = format!("{} {} of {tenant}/{}", row.method, row.url, row.collection);
        tale.push(d, What::new("endpoint", name).on(row.id).of(Some(row.tenant_id)), row);
    }
    for row in &gone.networks {
        let (id, name) = (row.tenant_id.uuid(), format!("of {}", tale.of(row.tenant_id.uuid())));
        tale.push(d, What::new("network", name).on(id).of(Some(row.tenant_id)), row);
    }
    for row in &gone.clients {
        let id = row.id.uuid();
        tale.push(d, What::new("client", &row.client_id).on(id).cached(id), row);
    }
}
