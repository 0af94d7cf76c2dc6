//! What the audit trail is told: one event for the file, one for each row.

use std::collections::HashMap;

use domain::audit::{Actor, Origin};
use uuid::Uuid;

use super::describe;
use super::step::Step;
use crate::Ctx;
use crate::audit::Event;
use crate::world::Plan;

pub(super) fn of(ctx: &Ctx, (actor, origin): (&Actor, &Origin), steps: &[Step], plan: &Plan) -> Vec<Event> {
    let (made, changed) = plan.counts();
    let whole = ctx.event(actor.clone(), "world.applied", origin);
    let mut events =
        vec![whole.because(format!("{made} made, {changed} changed, {} unchanged", plan.unchanged))];
    for step in steps {
        let (kind, action) = names(step.what.kind, step.is_new());
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
    if keys.is_empty() { "world file".to_owned() } else { format!("world file: {}", keys.join(", ")) }
}

fn names(kind: &str, new: bool) -> (&'static str, &'static str) {
    let (kind, made, changed) = match kind {
        "permission" => ("permission", "permission.created", "permission.changed"),
        "tenant" => ("tenant", "tenant.created", "tenant.changed"),
        "site" => ("site", "site.created", "site.changed"),
        "role" => ("role", "role.created", "role.changed"),
        "user" => ("user", "user.created", "user.changed"),
        "membership" => ("user", "membership.created", "membership.changed"),
        "client" => ("client", "client.created", "client.changed"),
        "token" => ("token", "token.created", "token.changed"),
        "webhook" => ("webhook", "webhook.created", "webhook.changed"),
        "network" => ("tenant", "network.created", "network.changed"),
        "endpoint" => ("endpoint", "endpoint.created", "endpoint.changed"),
        _ => ("activity", "activity.created", "activity.changed"),
    };
    (kind, if new { made } else { changed })
}
