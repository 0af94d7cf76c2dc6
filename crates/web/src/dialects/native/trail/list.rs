//! Reading the trail.

use app::audit::list::{self, Command, Recorded};
use app::tenants::TenantName;
use app::{Failure, FieldFault};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::audit::Outcome;
use domain::{TenantId, Timestamp, UserId};
use uuid::Uuid;

use super::super::Native;
use super::super::page::{Cursor, Listed, limit as limited, pairs};
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
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let found = list::run(&web.ctx, &caller, read(&query.unwrap_or_default())?).await?;
    let next = found.next.map(|(at, id)| Cursor { at, number: 0, id }.text());
    let listed = Listed { items: found.items.into_iter().map(event).collect(), next };
    Ok(answer(StatusCode::OK, JSON, &listed))
}

const ACTION: usize = 64;

/// Reads the parameters, and names every one at fault.
struct Asked {
    pairs: Vec<(String, String)>,
    faults: Vec<FieldFault>,
}

impl Asked {
    fn get<T>(
        &mut self,
        field: &'static str,
        rule: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.pairs.iter().find(|(key, _)| key == field).map(|(_, value)| value.as_str())?;
        let value = parse(text);
        if value.is_none() {
            self.faults.push(FieldFault::new(field, rule));
        }
        value
    }
}

fn read(query: &str) -> Result<Command, Failure> {
    let mut asked = Asked { pairs: pairs(query)?, faults: Vec::new() };
    let id = |text: &str| UserId::parse(text).map(UserId::uuid);
    let action = |text: &str| (1..=ACTION).contains(&text.len()).then(|| text.to_owned());
    let moment = "must be a moment like 2026-11-22T08:00:00Z";
    let command = Command {
        tenant: asked.get("tenant", "must be a key or id", |text| Some(TenantName::parse(text))),
        action: asked.get("action", "must be of the form noun.verbed", action),
        actor: asked.get("actor", "must be a UUID", id),
        credential: asked.get("credential", "must be a UUID", id),
        target: asked.get("target", "must be a UUID", id),
        refused: asked.get("outcome", "must be done or refused", refused),
        from: asked.get("from", moment, Timestamp::parse),
        until: asked.get("to", moment, Timestamp::parse),
        after: asked
            .get("after", "must be the `next` of an earlier answer", Cursor::read)
            .map(|cursor| (cursor.at, cursor.id)),
        limit: 0,
    };
    let limit = asked.pairs.iter().find(|(key, _)| key == "limit").map(|(_, value)| value.as_str());
    let limit = limited(limit).and_then(|limit| usize::try_from(limit).ok());
    if limit.is_none() {
        asked.faults.push(FieldFault::new("limit", "must be a whole number from 1 to 200"));
    }
    match limit {
        Some(limit) if asked.faults.is_empty() => Ok(Command { limit, ..command }),
        Some(_) | None => Err(Failure::invalid_fields(asked.faults)),
    }
}

fn refused(text: &str) -> Option<bool> {
    let all = [(Outcome::Done, false), (Outcome::Refused, true)];
    all.into_iter().find(|(outcome, _)| outcome.as_str() == text).map(|(_, refused)| refused)
}

fn event(event: Recorded) -> wire::Event {
    let thing = |(kind, id): (String, Uuid)| wire::Thing { kind, id };
    wire::Event {
        id: event.id,
        at: event.at.rfc3339_millis(),
        tenant: event.tenant.map(TenantId::uuid),
        actor: wire::Who { kind: event.actor.0, id: event.actor.1, email: event.actor_email },
        credential: event.credential.map(thing),
        action: event.action,
        target: event.target.map(|(kind, id)| wire::Whom { kind, id, email: event.target_email }),
        outcome: event.outcome,
        reason: event.reason,
        ip: event.ip,
        user_agent: event.user_agent,
        request_id: event.request_id,
    }
}
