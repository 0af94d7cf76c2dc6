//! Reading the trail.

use app::Failure;
use app::audit::list::{self, Command, Recorded};
use app::tenants::TenantName;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::audit::Outcome;
use domain::{TenantId, Timestamp, UserId};
use uuid::Uuid;

use super::super::Native;
use super::super::page::{Asked, Cursor, Listed};
use super::wire;
use crate::dialects::{JSON, answer};
use crate::extract::{Caller, OfAnyone};
use crate::refusal::Refusal;

/// The audit trail, newest first. Needs `audit:read`; operators read that of the whole installation.
///
/// A part may hold fewer than `limit`, even none, while `next` says that there is more to look at.
#[utoipa::path(get, path = "", params(wire::Search), responses((status = 200, body = Listed<wire::Event>)))]
pub async fn list(
    State(web): State<crate::State>,
    caller: Caller<Native, OfAnyone>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let mark = asked.mark;
    let found = list::run(&web.ctx, &caller, read(asked)?).await?;
    let next = found.next.map(|(at, id)| mark.cursor(&Cursor { at, number: 0, id }.place()));
    let listed = Listed { items: found.items.into_iter().map(event).collect(), next };
    Ok(answer(StatusCode::OK, JSON, &listed))
}

const ACTION: usize = 64;

/// A row of it stands under the id of its decision.
const REFUSED: &str = "access.refused";

fn read(mut asked: Asked) -> Result<Command, Failure> {
    let id = |text: &str| UserId::parse(text).map(UserId::uuid);
    let action = |text: &str| (1..=ACTION).contains(&text.len()).then(|| text.to_owned());
    let moment = "must be a moment like 2026-11-22T08:00:00Z";
    let command = Command {
        tenant: asked.text("tenant").map(TenantName::parse),
        action: asked.get("action", "must be of the form noun.verbed", action),
        actor: asked.get("actor", "must be a UUID", id),
        credential: asked.get("credential", "must be a UUID", id),
        target: asked.get("target", "must be a UUID", id),
        decision: asked.get("decision", "must be a UUID", id),
        refused: asked.get("outcome", "must be done or refused", refused),
        from: asked.get("from", moment, Timestamp::parse),
        until: asked.get("to", moment, Timestamp::parse),
        after: asked.after(|place| Cursor::read(&place)).map(|cursor| (cursor.at, cursor.id)),
        limit: usize::try_from(asked.limit()).unwrap_or_default(),
    };
    asked.done()?;
    Ok(command)
}

fn refused(text: &str) -> Option<bool> {
    let all = [(Outcome::Done, false), (Outcome::Refused, true)];
    all.into_iter().find(|(outcome, _)| outcome.as_str() == text).map(|(_, refused)| refused)
}

fn event(event: Recorded) -> wire::Event {
    let thing = |(kind, id): (String, Uuid)| wire::Thing { kind, id };
    let told = (event.action == REFUSED).then_some(event.id);
    wire::Event {
        id: event.id,
        at: event.at.rfc3339_millis(),
        tenant: event.tenant.map(TenantId::uuid),
        actor: wire::Who { kind: event.actor.0, id: event.actor.1, email: event.actor_email },
        credential: event.credential.map(thing),
        action: event.action,
        target: event.target.map(|(kind, id)| wire::Whom { kind, id, email: event.target_email }),
        decision: told,
        outcome: event.outcome,
        reason: event.reason,
        ip: event.ip,
        user_agent: event.user_agent,
        request_id: event.request_id,
    }
}
