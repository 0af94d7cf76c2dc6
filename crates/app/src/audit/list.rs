//! Reading the audit trail, newest first. Asks for `audit:read` in the tenant; operators read that of the whole
//! installation.

use domain::{Permission, Timestamp};
pub use store::audit::Recorded;
use store::audit::{By, Part};
use uuid::Uuid;

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// What is looked for; an event must meet all that is named.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// `None`: the tenant of the credential; for who is above all tenants, everything.
    pub tenant: Option<TenantName>,
    /// `noun.verbed`.
    pub action: Option<String>,
    pub actor: Option<Uuid>,
    /// What was presented.
    pub credential: Option<Uuid>,
    pub target: Option<Uuid>,
    /// Of the refusal that was told under it.
    pub decision: Option<Uuid>,
    /// Refused, or done.
    pub refused: Option<bool>,
    /// At this moment or later.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Behind this event.
    pub after: Option<(Timestamp, Uuid)>,
    /// Events at most.
    pub limit: usize,
}

/// One part of the trail. A part may be shorter than asked, even empty, with more to come: at most [`LOOKED_AT`] events
/// are looked at for one.
#[derive(Clone, Debug)]
pub struct Found {
    pub items: Vec<Recorded>,
    /// The event behind which it goes on; `None`: this was the last part.
    pub next: Option<(Timestamp, Uuid)>,
}

/// Events that one part looks at.
pub const LOOKED_AT: usize = 2_000;

/// # Errors
/// `Hidden` for another tenant, unless an operator names it by its id, whether it is there or not; `Forbidden` without `audit:read`.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Found, Failure> {
    let principal = caller.principal();
    let tenant = match &command.tenant {
        // Of a tenant that is gone the trail is what remains.
        Some(TenantName::Id(id)) if principal.authority.operates(caller.door) => Some(*id),
        Some(named) => Some(reach(ctx, caller, named).await?),
        None if principal.authority.operates(caller.door) => None,
        None => principal.tenant,
    };
    authorize(ctx, caller, &Permission::AUDIT_READ, tenant).await?;
    let (by, rest) = if tenant.is_some() { by(&command) } else { (By::Time, named(&command)) };
    let most = if rest > 0 { LOOKED_AT } else { command.limit + 1 };
    let part = Part {
        tenant,
        by,
        from: command.from.unwrap_or(Timestamp::from_micros(i64::MIN)),
        until: until(&command),
        limit: i64::try_from(most).unwrap_or(i64::MAX),
    };
    let looked: Result<Vec<Recorded>, store::StoreError> = ctx
        .store
        .scan(move |tx| {
            let part = part.clone();
            Box::pin(async move { store::audit::part(tx, &part).await })
        })
        .await;
    Ok(cut(looked?, &command, most))
}

/// The sooner of the cursor and the end that was asked for.
fn until(command: &Command) -> (Timestamp, Uuid) {
    let end = command.until.map(|until| (until, Uuid::nil()));
    let last = (Timestamp::from_micros(i64::MAX), Uuid::max());
    [command.after, end].into_iter().flatten().fold(last, std::cmp::Ord::min)
}

/// How many conditions are named.
fn named(command: &Command) -> usize {
    let Command { action, actor, credential, target, decision, refused, .. } = command;
    let ids = [actor, credential, target, decision].into_iter().filter(|id| id.is_some()).count();
    ids + usize::from(action.is_some()) + usize::from(refused.is_some())
}

/// The index that narrows most, and how many conditions it leaves over.
fn by(command: &Command) -> (By, usize) {
    let one = command.decision.map(By::Id).or(command.target.map(By::Target));
    let one = one.or(command.credential.map(By::Credential));
    let one = one.or(command.actor.map(By::Actor));
    let by = match (one, &command.action, command.refused) {
        (Some(one), _, _) => one,
        (None, _, Some(true)) => By::Refused,
        (None, Some(action), _) => By::Action(action.clone()),
        (None, None, Some(false) | None) => By::Time,
    };
    let met = usize::from(by != By::Time);
    (by, named(command) - met)
}

fn cut(looked: Vec<Recorded>, command: &Command, most: usize) -> Found {
    let more = looked.len() == most;
    let place = |event: &Recorded| (event.at, event.id);
    let mut behind = None;
    let mut items: Vec<Recorded> = Vec::new();
    for event in looked {
        if meets(&event, command) {
            if items.len() == command.limit {
                return Found { items, next: behind };
            }
            behind = Some(place(&event));
            items.push(event);
        } else {
            behind = Some(place(&event));
        }
    }
    Found { items, next: behind.filter(|_| more) }
}

fn meets(event: &Recorded, command: &Command) -> bool {
    let refused = event.outcome == domain::audit::Outcome::Refused.as_str();
    command.action.as_ref().is_none_or(|action| *action == event.action)
        && command.actor.is_none_or(|actor| event.actor.1 == Some(actor))
        && command.credential.is_none_or(|id| event.credential.as_ref().is_some_and(|(_, of)| *of == id))
        && command.target.is_none_or(|target| event.target.as_ref().is_some_and(|(_, id)| *id == target))
        && command.decision.is_none_or(|id| refused && event.id == id)
        && command.refused.is_none_or(|wanted| wanted == refused)
}
