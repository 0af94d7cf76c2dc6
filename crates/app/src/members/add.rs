//! Making an existing user a member. Asks for `users:write`, and for an operator: an administrator does not reach into
//! who is there elsewhere, and invites. Audits `member.added`.

use domain::decision::Reason;
use domain::{Permission, TenantId, Timestamp, UserId};
use store::{WriteTx, users};

use super::told::told;
use super::{Member, Wanted, all_assignable, join, list};
use crate::Ctx;
use crate::authorize::{Stop, authorize};
use crate::failure::Failure;
use crate::principal::{Caller, judge_again};
use crate::turn;
use crate::users::UserName;

#[derive(Clone, Debug)]
pub struct Command {
    pub tenant: TenantId,
    pub user: UserName,
    /// Keys or ids; `None`: the default role.
    pub roles: Option<Vec<String>>,
    /// Keys or ids.
    pub sites: Vec<String>,
    /// In the future; `None`: it does not end by itself.
    pub expires_at: Option<Timestamp>,
    pub active: bool,
}

/// # Errors
/// `Forbidden` for anybody but an operator, and with code `quota_exceeded`; `NotFound` for a user who is not there;
/// `Conflict` for one who is a member; `Invalid` names `roles`, `sites` or `expires_at`.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Member, Failure> {
    let tenant = command.tenant;
    let caller = &caller.about(command.user.clone());
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, Some(tenant)).await?;
    if !caller.principal().authority.operates(caller.door) {
        return Err(Stop::Refused(Reason::NotYours).told(ctx, caller, &Permission::USERS_WRITE).await);
    }
    let event = ctx.event_by(caller, "member.added").decided(&decided).in_tenant(Some(tenant));
    let (now, by) = (ctx.now(), caller.clone());
    let added: Result<Member, Stop> = ctx
        .store
        .write(move |tx| {
            let (command, event, by) = (command.clone(), event.clone(), by.clone());
            Box::pin(async move {
                let user = held(tx, &by, &command.user).await?;
                if !store::tenants::revise(tx, tenant).await? {
                    return Err(Failure::not_found().into());
                }
                let asked = Some((Permission::USERS_WRITE, Some(tenant)));
                let principal = judge_again(tx, &by, &asked, now).await?;
                if !principal.authority.operates(by.door) {
                    return Err(Failure::forbidden().into());
                }
                let Command { roles, sites, expires_at, active, .. } = command;
                let wanted = Wanted { roles, sites, expires_at, active };
                let (seat, roles) = wanted.settle(tx, tenant, now).await?;
                all_assignable((&principal.authority, by.door), &roles, &[])?;
                join(tx, (user, tenant), &seat, now).await?;
                let member = list::find(tx, tenant, user).await?.ok_or_else(Failure::not_found)?;
                event.on("user", user.uuid()).also(&told(&member)).write(tx).await?;
                Ok(member)
            })
        })
        .await;
    match added {
        Ok(member) => Ok(member),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

/// The user, whom nobody else changes until the commit, nor the caller.
async fn held(tx: &mut WriteTx<'_>, by: &Caller, named: &UserName) -> Result<UserId, Failure> {
    let id = match named {
        UserName::Id(id) => Some(*id),
        UserName::Email(email) => users::by_email(tx, email).await?.map(|user| user.id),
    };
    let id = id.ok_or_else(Failure::not_found)?;
    if turn::of_people(tx, by, Some(id)).await? { Ok(id) } else { Err(Failure::not_found()) }
}
