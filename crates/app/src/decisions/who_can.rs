//! Which members of a tenant are granted a permission now, by e-mail, page by page. Asks for `decisions:read`.

use std::collections::HashMap;
use std::sync::Arc;

use domain::decision::{Facts, Question, Reason, Seat};
use domain::standing::Bond;
use domain::user::User;
use domain::{EmailRange, Permission, Role, RoleId, TenantId, UserId};
use store::memberships::Member;
use store::{StoreError, memberships, roles};

use super::{TenantName, facts, place};
use crate::Ctx;
use crate::authorize::authorize;
use crate::catalogue::is_there;
use crate::failure::Failure;
use crate::principal::Caller;

pub struct Command {
    pub permission: Permission,
    /// `None`: that of the credential.
    pub tenant: Option<TenantName>,
    /// Behind this address; `""`: from the start.
    pub after: String,
    /// Rows at most.
    pub limit: usize,
}

/// Somebody who is granted it, and why.
#[derive(Clone, Debug)]
pub struct Granted {
    pub id: UserId,
    pub email: String,
    pub name: Option<String>,
    pub reasons: Vec<Reason>,
}

/// One part of the list. A part may be shorter than asked, even empty, with more to come: at most
/// [`LOOKED_AT`] members are looked at for one.
#[derive(Clone, Debug)]
pub struct Part {
    pub items: Vec<Granted>,
    /// The address behind which it goes on; `None`: this was the last part.
    pub next: Option<String>,
}

/// Members that one part looks at.
pub const LOOKED_AT: usize = 2_000;

/// # Errors
/// `Forbidden` without `decisions:read`; `Invalid` for a permission that is not there, and for an operator above all tenants who names none.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Part, Failure> {
    is_there(ctx, &command.permission).await?;
    let tenant = place::of(ctx, caller, command.tenant.as_ref()).await?;
    authorize(ctx, caller, &Permission::DECISIONS_READ, tenant).await?;
    // Only an operator gets this far without one.
    let tenant = tenant.ok_or_else(|| Failure::invalid_field("tenant", "is required above all tenants"))?;
    let question =
        Question { permission: &command.permission, tenant: Some(tenant), door: caller.door, now: ctx.now() };
    let held = Held::load(ctx, tenant).await?;
    let members = look_at(ctx, tenant, command.after).await?;
    let more = members.len() == LOOKED_AT;
    let (mut items, mut behind) = (Vec::new(), String::new());
    for member in members {
        let before = std::mem::replace(&mut behind, member.user.email.as_str().to_owned());
        let Some(granted) = held.granted(member, &question) else { continue };
        if items.len() == command.limit {
            return Ok(Part { items, next: Some(before) });
        }
        items.push(granted);
    }
    Ok(Part { items, next: more.then_some(behind) })
}

/// One read along the index.
async fn look_at(ctx: &Ctx, tenant: TenantId, after: String) -> Result<Vec<Member>, StoreError> {
    let most = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
    ctx.store
        .scan(move |tx| {
            let range = EmailRange::all().behind(&after);
            Box::pin(async move { memberships::page(tx, tenant, &range, most).await })
        })
        .await
}

/// The roles that may be held in a tenant.
struct Held {
    tenant: TenantId,
    roles: HashMap<RoleId, Arc<Role>>,
}

impl Held {
    async fn load(ctx: &Ctx, tenant: TenantId) -> Result<Self, StoreError> {
        let visible: Result<Vec<Role>, StoreError> =
            ctx.store.read(move |tx| Box::pin(roles::visible(tx, tenant))).await;
        let roles = visible?.into_iter().map(|role| (role.id, Arc::new(role))).collect();
        Ok(Self { tenant, roles })
    }

    fn granted(&self, member: Member, question: &Question<'_>) -> Option<Granted> {
        let decision = self.facts(&member).judge(question);
        let User { id, email, name, .. } = member.user;
        let email = email.as_str().to_owned();
        decision.allowed.then_some(Granted { id, email, name, reasons: decision.reasons })
    }

    /// As [`super::ask`] judges another user.
    fn facts(&self, member: &Member) -> Facts {
        let mut roles: Vec<Arc<Role>> =
            member.roles.iter().filter_map(|id| self.roles.get(id)).map(Arc::clone).collect();
        roles.sort_by(|a, b| a.by_strength(b));
        let bond = Bond::Member { active: member.active, ends_at: member.expires_at };
        let seat = Seat { tenant: self.tenant, bond, roles };
        facts::of_user(facts::owner(&member.user), member.user.operator, Some(seat))
    }
}
