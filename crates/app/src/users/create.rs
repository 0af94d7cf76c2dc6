//! Making a user: by a caller, or from the command line. Asks for `users:write` in the tenant that the user shall be in;
//! without one, for an operator. Audits `user.created`.

mod command_line;

use domain::user::User;
use domain::{EmailAddress, Permission, TenantId, Timestamp, UserId};
use secrecy::SecretString;
use store::numbers::Counted;
use store::users::NewUser;
use store::{WriteTx, memberships, tenants, users};

use super::profile::{self, Change, merged};
use super::{by, password};
use crate::Ctx;
use crate::audit::Event;
use crate::authorize::{Stop, authorize, interactive};
use crate::failure::Failure;
use crate::members::{Wanted, all_assignable, keys};
use crate::numbers::{numbered, unless_taken};
use crate::principal::{Caller, judge_again};
use crate::tenants::room_for_user;
use crate::turn;

pub use command_line::{Command as CommandLine, run as from_command_line};

#[derive(Clone, Debug)]
pub struct Command {
    pub email: EmailAddress,
    pub profile: Change,
    /// `None`: the user gets one by a reset.
    pub password: Option<SecretString>,
    pub membership: Option<Membership>,
    /// Runs the installation; for operators to say, interactively.
    pub operator: bool,
}

/// Where the user shall be a member; it is where sign-ins go.
#[derive(Clone, Debug)]
pub struct Membership {
    pub tenant: TenantId,
    /// Keys or ids; `None`: the default ones.
    pub roles: Option<Vec<String>>,
    /// Keys or ids.
    pub sites: Vec<String>,
}

/// The address of a user whom an operator makes counts as verified; what a tenant's administrator says of it does not.
///
/// # Errors
/// `Forbidden` for an administrator who names no tenant, for a role that the caller may not give, and with code
/// `quota_exceeded`; `Invalid` names every field at fault. `Conflict` where the address is taken: so whoever may make users
/// learns of any address whether somebody has it, though nothing else of him.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<User, Failure> {
    let principal = caller.principal();
    let operates = principal.authority.operates(caller.door);
    let tenant = command.membership.as_ref().map(|membership| membership.tenant);
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, tenant).await?;
    if command.operator {
        if !operates {
            let public = "`operator` is not yours to set.";
            return Err(Failure { public: public.into(), ..Failure::forbidden() });
        }
        interactive(caller)?;
    }
    profile::judge(&command.profile)?;
    check_roles(ctx, caller, command.membership.as_ref()).await?;
    let hash = match &command.password {
        Some(password) => Some(password::hash(ctx, "password", password).await?),
        None => None,
    };
    let id = UserId::from_uuid(ctx.new_id());
    let event = ctx.event_by(caller, "user.created").decided(&decided).on("user", id.uuid());
    let user = NewUser {
        id,
        number: 0,
        email: command.email,
        name: None,
        operator: command.operator,
        verified: operates,
        password_hash: hash,
        default_tenant: tenant,
        created_by: by(caller),
    };
    let wanted = command.membership;
    let made = Made { user, profile: command.profile, wanted, event, caller: Some(caller.clone()) };
    match save(ctx, made).await {
        Ok(user) => Ok(user),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

/// Before anything is hashed: a caller who may not give the roles burns nothing.
async fn check_roles(ctx: &Ctx, caller: &Caller, wanted: Option<&Membership>) -> Result<(), Failure> {
    let Some(wanted) = wanted.cloned() else { return Ok(()) };
    let now = ctx.now();
    let settled: Result<_, Failure> = ctx
        .store
        .read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { seat(&wanted).settle(tx, wanted.tenant, now).await })
        })
        .await;
    let (_, roles) = settled?;
    match all_assignable((&caller.principal().authority, caller.door), &roles, &[]) {
        Ok(()) => Ok(()),
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

fn seat(wanted: &Membership) -> Wanted {
    let Membership { roles, sites, .. } = wanted.clone();
    Wanted { roles, sites, expires_at: None, active: true }
}

/// A user to be kept.
#[derive(Clone)]
struct Made {
    user: NewUser,
    profile: Change,
    wanted: Option<Membership>,
    event: Event,
    /// `None`: the command line, whom nothing but the quota binds.
    caller: Option<Caller>,
}

async fn save(ctx: &Ctx, made: Made) -> Result<User, Stop> {
    let now = ctx.now();
    numbered(ctx, Counted::User, |number| {
        let mut row = made.clone();
        row.user.number = number;
        ctx.store.write(move |tx| {
            let made = row.clone();
            Box::pin(async move { keep(tx, made, now).await })
        })
    })
    .await
}

/// `None`: the number is taken.
async fn keep(tx: &mut WriteTx<'_>, made: Made, now: Timestamp) -> Result<Option<User>, Stop> {
    let Made { user, profile, wanted, mut event, caller } = made;
    let tenant = wanted.as_ref().map(|wanted| wanted.tenant);
    if let Some(caller) = &caller {
        turn::of_people(tx, caller, None).await?;
    }
    if let Some(tenant) = tenant
        && !tenants::revise(tx, tenant).await?
    {
        return Err(Failure::not_found().into());
    }
    if let Some(caller) = &caller {
        judge(tx, caller, (&user, wanted.as_ref()), now).await?;
    }
    if let Some(tenant) = tenant {
        room_for_user(tx, tenant, now).await?;
    }
    if unless_taken(users::add(tx, &user, now).await)?.is_none() {
        return Ok(None);
    }
    if let Some(wanted) = &wanted {
        let (seat, roles) = seat(wanted).settle(tx, wanted.tenant, now).await?;
        memberships::add(tx, (user.id, wanted.tenant), &seat, now).await?;
        event = event.also(&format!("as {}", keys(&roles)));
    }
    let found = users::by_id(tx, user.id).await?.ok_or_else(Failure::not_found)?;
    if let Some(profile) = merged(&found, profile) {
        users::set_profile(tx, user.id, &profile, &user.created_by, now).await?;
    }
    // Whom an operator makes without a tenant is nobody's in the tenant that he happens to be signed in to.
    event.in_tenant(tenant).write(tx).await?;
    Ok(users::by_id(tx, user.id).await?)
}

/// Behind the tenant's revision: whether the caller may do it now.
async fn judge(
    tx: &mut WriteTx<'_>,
    caller: &Caller,
    (user, wanted): (&NewUser, Option<&Membership>),
    now: Timestamp,
) -> Result<(), Stop> {
    let tenant = wanted.map(|wanted| wanted.tenant);
    let asked = Some((Permission::USERS_WRITE, tenant));
    let authority = judge_again(tx, caller, &asked, now).await?.authority;
    if (user.operator || user.verified) && !authority.operates(caller.door) {
        return Err(Failure::forbidden().into());
    }
    if let Some(wanted) = wanted {
        let (_, roles) = seat(wanted).settle(tx, wanted.tenant, now).await?;
        all_assignable((&authority, caller.door), &roles, &[])?;
    }
    Ok(())
}
