//! What the audit trail is told: one event for the file, one for each row.

use std::collections::HashMap;

use domain::audit::{Actor, Origin};
use uuid::Uuid;

use super::describe;
use super::step::{Deed, Step};
use crate::Ctx;
use crate::audit::Event;
use crate::world::Plan;

pub(super) fn of(ctx: &Ctx, (actor, origin): (&Actor, &Origin), steps: &[Step], plan: &Plan) -> Vec<Event> {
    let (made, changed) = plan.counts();
    let whole = ctx.event(actor.clone(), "world.applied", origin);
    let removed = match plan.removed() {
        0 => String::new(),
        removed => format!("{removed} deleted, "),
    };
    let mut events =
        vec![whole.because(format!("{made} made, {changed} changed, {removed}{} unchanged", plan.unchanged))];
    for step in steps {
        let (kind, action) = names(step.what.kind, step.deed);
        let mut event = ctx.event(actor.clone(), action, origin).in_tenant(step.what.tenant);
        if let Some(target) = step.what.target {
            event = event.on(kind, target);
        }
        events.push(event.because(reason(step)));
    }
    events
}

/// The keys that changed; their values are not the trail's business.
fn reason(step: &Step) -> String {
    let keys: Vec<&str> =
        describe::changes(step, &HashMap::<Uuid, String>::new()).iter().map(|c| c.key).collect();
    if step.removes() {
        return "world file: not named".to_owned();
    }
    if keys.is_empty() { "world file".to_owned() } else { format!("world file: {}", keys.join(", ")) }
}

fn names(kind: &str, deed: Deed) -> (&'static str, &'static str) {
    let (kind, [made, changed, removed]) = match kind {
        "permission" => ("permission", ["permission.created", "permission.changed", "permission.deleted"]),
        "tenant" => ("tenant", ["tenant.created", "tenant.changed", "tenant.deleted"]),
        "site" => ("site", ["site.created", "site.changed", "site.deleted"]),
        "role" => ("role", ["role.created", "role.changed", "role.deleted"]),
        "user" => ("user", ["user.created", "user.changed", "user.deleted"]),
        "membership" => ("user", ["membership.created", "membership.changed", "membership.deleted"]),
        "client" => ("client", ["client.created", "client.changed", "client.deleted"]),
        "token" => ("token", ["token.created", "token.changed", "token.deleted"]),
        "webhook" => ("webhook", ["webhook.created", "webhook.changed", "webhook.deleted"]),
        "network" => ("tenant", ["network.created", "network.changed", "network.deleted"]),
        "endpoint" => ("endpoint", ["endpoint.created", "endpoint.changed", "endpoint.deleted"]),
        _ => ("activity", ["activity.created", "activity.changed", "activity.deleted"]),
    };
    let action = match deed {
        Deed::Make => made,
        Deed::Change => changed,
        Deed::Remove => removed,
    };
    (kind, action)
}
