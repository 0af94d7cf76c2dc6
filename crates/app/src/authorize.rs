//! The one door of permission: every use case asks here, and nowhere else.

use std::fmt;
use std::sync::Arc;

use domain::audit::Origin;
use domain::decision::{Decision, Reason};
use domain::{Permission, TenantId, UserId};
use store::{ReadTx, StoreError};
use uuid::Uuid;

use crate::Ctx;
use crate::audit::Event;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::refusals::{Question, Told};
use crate::users::UserName;

/// A decision, and the id by which answers, log lines and the audit trail name it.
#[derive(Clone, Debug)]
pub struct Decided {
    /// UUID v7.
    pub id: Uuid,
    pub decision: Decision,
    /// Where it was asked for.
    pub tenant: Option<TenantId>,
}

/// Whether the caller may; the decision carries its reasons. A refusal is audited as `access.refused`, in a
/// transaction of its own: never call this inside another one.
///
/// # Errors
/// `Forbidden` where not, with the id of the decision.
pub async fn authorize(
    ctx: &Ctx,
    caller: &Caller,
    permission: &Permission,
    tenant: Option<TenantId>,
) -> Result<Decided, Failure> {
    let decision = caller.principal().authority.decide(permission, tenant, caller.door);
    let decided = Decided { id: ctx.new_id(), decision, tenant };
    if decided.decision.allowed {
        return Ok(decided);
    }
    Err(refused(ctx, caller, &decided).await)
}

/// Whether an answer may show it: a no is neither a refusal nor audited.
pub fn may(caller: &Caller, permission: &Permission, tenant: Option<TenantId>) -> bool {
    caller.principal().authority.decide(permission, tenant, caller.door).allowed
}

/// Tells of a refusal wherever it should be found again. The same one is written ten times a minute at most; beyond,
/// it has the id of the last row, and the next row says how often. A store that cannot take the event changes
/// nothing about the answer: it is no.
async fn refused(ctx: &Ctx, caller: &Caller, decided: &Decided) -> Failure {
    let Decided { id, decision, tenant } = decided;
    let permission = decision.permission.as_str();
    let question = asked(caller, permission, *tenant);
    let event = ctx.event_by(caller, "access.refused");
    let id = note(ctx, &caller.origin, (event, question), (*id, &decision.to_string())).await;
    let (request_id, reasons) = (&caller.origin.request_id, &decision.reasons);
    tracing::info!(request_id, decision = %id, permission, ?reasons, "refused");
    Failure { decision: Some(Box::new(id)), ..Failure::forbidden() }
}

/// Gives a refusal that no permission decided (the kind of credential, a scope, a quota) what `authorize` gives its own:
/// an id, and a row in the audit trail. `why` is the code of the refusal.
pub async fn bar(ctx: &Ctx, caller: &Caller, why: &str) -> Uuid {
    let question = asked(caller, why, caller.principal().tenant);
    let event = ctx.event_by(caller, "access.refused");
    let id = note(ctx, &caller.origin, (event, question), (ctx.new_id(), why)).await;
    tracing::info!(request_id = caller.origin.request_id, decision = %id, why, "barred");
    id
}

/// The same in the trail of a tenant that a link leads into, whoever holds it: `event` says who, if that is known.
pub(crate) async fn bar_in(
    ctx: &Ctx,
    event: Event,
    (tenant, origin): (TenantId, &Origin),
    why: &str,
) -> Uuid {
    let from = format!("{} from {}", called(why, origin), origin.ip);
    let question = (Uuid::nil(), from, Some(tenant));
    let event = event.in_tenant(Some(tenant));
    let id = note(ctx, origin, (event, question), (ctx.new_id(), why)).await;
    tracing::info!(request_id = origin.request_id, decision = %id, why, "barred");
    id
}

fn asked(caller: &Caller, what: &str, tenant: Option<TenantId>) -> Question {
    (caller.principal().credential.id, called(what, &caller.origin), tenant)
}

fn called(what: &str, Origin { call, route, .. }: &Origin) -> String {
    let method = call.split(' ').next().unwrap_or_default();
    format!("{what} {method} {route}")
}

/// Writes it to the audit trail, with what was called and whom it was about; the id of the row: the given one, or that of
/// the row it repeats.
async fn note(
    ctx: &Ctx,
    origin: &Origin,
    (event, question): (Event, Question),
    (id, reason): (Uuid, &str),
) -> Uuid {
    let repeated = match ctx.refusals.note(question.clone(), id, ctx.clock.monotonic()) {
        Told::Already(first) => return first,
        Told::Now { repeats: 0 } => String::new(),
        Told::Now { repeats } => format!("; the one before was repeated {repeats} times within a minute"),
    };
    let event = event.under(id).on("decision", id).refused();
    let event = event.because(format!("{reason}, decision {id}{repeated}"));
    let event = if origin.call.is_empty() { event } else { event.also(&origin.call) };
    let (about, within) = event.about();
    let written: Result<(), StoreError> = ctx
        .store
        .write(move |tx| {
            let (event, about) = (event.clone(), about.clone());
            Box::pin(async move {
                match person_told(tx, about, within).await? {
                    Some(person) => event.on("user", person.uuid()).write(tx).await,
                    None => event.write(tx).await,
                }
            })
        })
        .await;
    if let Err(error) = written {
        let request_id = &origin.request_id;
        tracing::error!(request_id, decision = %id, %error, "a refusal was not audited");
        ctx.refusals.forget(&question);
    }
    id
}

/// Whom the trail of a tenant may name: its members alone, whatever id or address was tried; that of the installation
/// names everybody.
async fn person_told(
    tx: &mut ReadTx<'_>,
    about: Option<Arc<UserName>>,
    within: Option<TenantId>,
) -> Result<Option<UserId>, StoreError> {
    let found = match about.as_deref() {
        None => None,
        Some(UserName::Id(id)) => store::users::by_id(tx, *id).await?,
        Some(UserName::Email(email)) => store::users::by_email(tx, email).await?,
    };
    let Some(user) = found else { return Ok(None) };
    let Some(tenant) = within else { return Ok(Some(user.id)) };
    let here = store::memberships::of_user(tx, user.id).await?.iter().any(|m| m.tenant.id == tenant);
    Ok(here.then_some(user.id))
}

/// A refusal found inside a write, where nothing can be told of it: its transaction is rolled back first.
#[derive(Clone)]
pub struct Untold {
    caller: Caller,
    decision: Decision,
    tenant: Option<TenantId>,
}

impl Untold {
    pub(crate) fn new(caller: &Caller, decision: Decision, tenant: Option<TenantId>) -> Self {
        Self { caller: caller.clone(), decision, tenant }
    }
}

impl fmt::Debug for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Untold({})", self.decision.permission)
    }
}

impl From<Untold> for Failure {
    fn from(untold: Untold) -> Self {
        Self { untold: Some(Box::new(untold)), ..Self::forbidden() }
    }
}

/// Gives a failure that a write ended in what `authorize` would have given it: an id, and a row in the audit trail.
/// Whoever words failures calls it, for every one.
pub async fn tell(ctx: &Ctx, mut failure: Failure) -> Failure {
    let Some(untold) = failure.untold.take() else { return failure };
    let Untold { caller, decision, tenant } = *untold;
    let refused = refused(ctx, &caller, &Decided { id: ctx.new_id(), decision, tenant }).await;
    Failure { decision: refused.decision, ..failure }
}

/// Why a use case says no, found inside its transaction, where nothing can be told of it.
#[derive(Debug)]
pub(crate) enum Stop {
    Failed(Failure),
    /// The permission is there, and this still stands against it.
    Refused(Reason),
}

impl Stop {
    /// The refusal as `authorize` gives it: with a decision, and audited. Comes after the transaction.
    pub(crate) async fn told(self, ctx: &Ctx, caller: &Caller, permission: &Permission) -> Failure {
        let reason = match self {
            Self::Failed(failure) => return failure,
            Self::Refused(reason) => reason,
        };
        let public = match &reason {
            Reason::NotYours => "This person belongs to other tenants too, or runs the installation.".into(),
            Reason::NotAssignable { role } => {
                format!("The role {role} is not yours to give or to take away.").into()
            }
            _ => Failure::forbidden().public,
        };
        let decision = Decision { permission: permission.clone(), allowed: false, reasons: vec![reason] };
        let decided = Decided { id: ctx.new_id(), decision, tenant: caller.principal().tenant };
        let refused = refused(ctx, caller, &decided).await;
        Failure { public, ..refused }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<store::StoreError> for Stop {
    fn from(error: store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// For what belongs to oneself and asks for a person who signed in: password, profile, other sessions.
///
/// # Errors
/// `Forbidden` for a credential that a program holds.
pub fn interactive(caller: &Caller) -> Result<(), Failure> {
    if caller.principal().credential.is_interactive() {
        return Ok(());
    }
    Err(Failure {
        public: "This needs a credential of an interactive sign-in.".into(),
        ..Failure::forbidden()
    })
}

/// The user behind the credential.
///
/// # Errors
/// `Forbidden` for a client's or a tenant's own.
pub fn person(caller: &Caller) -> Result<domain::UserId, Failure> {
    let forbidden =
        || Failure { public: "This credential does not belong to a user.".into(), ..Failure::forbidden() };
    caller.user_id().ok_or_else(forbidden)
}
