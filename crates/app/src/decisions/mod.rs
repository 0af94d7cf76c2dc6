//! Asking what somebody may do, and why: the enforcement path itself, not a second evaluator.

pub(crate) mod facts;
mod oneself;
mod others;
mod place;
pub mod who_can;

use domain::decision::{Change, Decision, Facts, Question, Seat, smallest};
use domain::{Permission, TenantId};
use uuid::Uuid;

use crate::Ctx;
use crate::catalogue::is_there;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;
use crate::tenants::{TenantName, room_for_user};
pub use crate::users::UserName;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    pub permission: Permission,
    /// `None`: that of the credential.
    pub tenant: Option<TenantName>,
    /// `None`: the presented credential itself.
    pub user: Option<UserName>,
}

/// A decision with its id, and for a refusal what would turn it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// UUID v7.
    pub id: Uuid,
    pub decision: Decision,
    /// `None`: it is allowed, or no single change does it.
    pub change: Option<Change>,
}

/// Decides about the presented credential, which needs no permission; or about another user's standing that nothing
/// cuts down, which needs `decisions:read` in the tenant. Audits nothing but a refused asking.
///
/// # Errors
/// `Invalid` for a permission that is not there; `Forbidden` without `decisions:read`; `Hidden` for a user who is no member of the tenant, unless an operator asks;
/// `NotFound` for what an operator names and is not there.
pub async fn ask(ctx: &Ctx, caller: &Caller, ask: Ask) -> Result<Answer, Failure> {
    is_there(ctx, &ask.permission).await?;
    let tenant = place::of(ctx, caller, ask.tenant.as_ref()).await?;
    let user = ask.user.filter(|user| !is_oneself(caller, user));
    let (facts, elsewhere) = match user {
        None => (facts::of_caller(caller), oneself::elsewhere(caller, tenant)),
        Some(user) => (others::look_up(ctx, caller, &user, tenant).await?, None),
    };
    let question = Question { permission: &ask.permission, tenant, door: caller.door, now: ctx.now() };
    let decision = facts.judge(&question);
    let change = match tenant {
        Some(tenant) if !decision.allowed => {
            turn(ctx, (&facts, elsewhere.as_ref()), &question, tenant).await?
        }
        Some(_) | None => None,
    };
    let answer = Answer { id: ctx.new_id(), decision, change };
    let (id, permission) = (answer.id, &ask.permission);
    tracing::info!(request_id = caller.origin.request_id, decision = %id, %permission,
        allowed = answer.decision.allowed, "asked");
    Ok(answer)
}

/// The smallest change that would turn a refusal, among the roles that may be held in the tenant. A seat that its quota
/// has no room for is none: that would take two.
async fn turn(
    ctx: &Ctx,
    (facts, elsewhere): (&Facts, Option<&Seat>),
    question: &Question<'_>,
    tenant: TenantId,
) -> Result<Option<Change>, Failure> {
    let now = question.now;
    let seen: Result<_, Failure> = ctx
        .store
        .read(move |tx| {
            Box::pin(async move {
                let room = match room_for_user(tx, tenant, now).await {
                    Ok(()) => true,
                    Err(failure) if failure.kind == Kind::Forbidden => false,
                    Err(failure) => return Err(failure),
                };
                Ok((store::roles::visible(tx, tenant).await?, room))
            })
        })
        .await;
    let (roles, room) = seen?;
    let change = smallest(facts, question, &roles, elsewhere);
    let seats = |change: &Change| matches!(change, Change::JoinTenant { .. } | Change::ExtendMembership);
    Ok(change.filter(|change| room || !seats(change)))
}

fn is_oneself(caller: &Caller, named: &UserName) -> bool {
    caller.user().is_some_and(|profile| match named {
        UserName::Id(id) => profile.user.id == *id,
        UserName::Email(email) => profile.user.email == *email,
    })
}
