//! Users whose default tenant or site goes, and who stay.

use store::Value;
use store::world::Record;
use store::world::user::User;
use uuid::Uuid;

use super::Ties;
use super::tale::Tale;
use crate::world::apply::draft::Draft;
use crate::world::apply::step::{Step, What};

pub(super) fn settle(d: &mut Draft<'_>, tale: &Tale, ties: &Ties) {
    let mut all: Vec<&User> = ties.at_home.values().flatten().collect();
    all.sort_by(|a, b| a.email.as_str().cmp(b.email.as_str()));
    all.dedup_by_key(|user| user.id);
    for user in all {
        let id = user.id.uuid();
        if tale.has("users", vec![id]) {
            continue;
        }
        let goes = |table, place: Option<&Value>| match place {
            Some(Value::Uuid(place)) => tale.has(table, vec![*place]),
            _ => false,
        };
        if let Some(step) = tale.step(d, "users", vec![id]) {
            let tenant = goes("tenants", step.get("default_tenant_id"));
            if tenant {
                step.set("default_tenant_id", Value::Null);
            }
            if tenant || goes("sites", step.get("default_site_id")) {
                step.set("default_site_id", Value::Null);
            }
            continue;
        }
        let place = |place: Option<Uuid>| place.map(Value::Uuid);
        let tenant = goes("tenants", place(user.default_tenant_id.map(domain::TenantId::uuid)).as_ref());
        let site = goes("sites", place(user.default_site_id.map(domain::SiteId::uuid)).as_ref());
        if !tenant && !site {
            continue;
        }
        let mut after = user.clone();
        after.default_site_id = None;
        if tenant {
            after.default_tenant_id = None;
        }
        if d.names(User::table().name, &[id]) {
            d.out.unchanged = d.out.unchanged.saturating_sub(1);
        }
        let what = What::new("user", user.email.as_str()).on(id).cached(id);
        // Before the place itself goes.
        let first = d.out.steps.iter().position(Step::removes);
        if d.put(what, Some(user), &after, Vec::new()).is_some()
            && let Some((step, first)) = d.out.steps.pop().zip(first)
        {
            d.out.steps.insert(first, step);
        }
    }
}
