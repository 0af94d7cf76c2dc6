//! Inviting somebody into a tenant. Asks for `users:write`, and that the presented credential may give the roles.
//! Audits `invitation.created`.
//!
//! Nothing in the answer depends on whether the address is known: only members of this very tenant are, and they
//! are its own to see.

use std::time::Duration;

use domain::ids::LinkId;
use domain::link::{Aim, Invitation, Link};
use domain::membership::Membership;
use domain::tenant::{Site, Tenant};
use domain::{EmailAddress, Permission, Role, TenantId, Timestamp, UserId};
use secrecy::SecretString;
use store::{WriteTx, links, memberships, roles, tenants, users};

use super::{LIVES, LONGEST, SHORTEST};
use crate::Ctx;
use crate::audit::Event;
use crate::authorize::{Decided, Stop, authorize, person};
use crate::failure::{Failure, FieldFault, Kind};
use crate::links::{Delivery, Fresh, fresh, place};
use crate::mail;
use crate::members::{all_assignable, keys, named_roles, named_sites};
use crate::principal::{Asked, Caller, judge_again};
use crate::tenants::{TenantName, reach, room_for_user};
use crate::turn;

pub struct Command {
    pub email: EmailAddress,
    /// Keys or ids; empty: the tenant's role for the invited.
    pub roles: Vec<String>,
    /// Keys or ids.
    pub sites: Vec<String>,
    /// Of the membership.
    pub member_until: Option<Timestamp>,
    /// Of the person, where he has no account yet: 1 to 255 characters.
    pub name: Option<String>,
    /// Of the link: one minute to thirty days.
    pub lives: Option<Duration>,
}

pub struct Invited {
    pub link: Link,
    pub roles: Vec<Role>,
    pub sites: Vec<Site>,
    pub delivery: Delivery,
}

/// Open invitations of a tenant at most.
const OPEN: i64 = 1000;
/// Between two letters to one address from one tenant.
const PAUSE: Duration = Duration::from_mins(1);

/// # Errors
/// `Invalid` names the field; `Forbidden` for roles that may not be given, and `quota_exceeded`; `Conflict` for a
/// member; `TooMany` for a second letter within a minute.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    named: &TenantName,
    command: Command,
) -> Result<Invited, Failure> {
    let tenant = reach(ctx, caller, named).await?;
    let decided = authorize(ctx, caller, &Permission::USERS_WRITE, Some(tenant)).await?;
    let inviter = person(caller)?;
    judge(ctx, &command)?;
    let place = place(ctx)?;
    let given = given(ctx, tenant, &command).await?;
    let told = async |stop: Stop| stop.told(ctx, caller, &Permission::USERS_WRITE).await;
    if let Err(stop) = all_assignable((&caller.principal().authority, caller.door), &given.roles, &[]) {
        return Err(told(stop).await);
    }
    let lives = command.lives.unwrap_or(LIVES);
    let invitation = Invitation {
        tenant,
        email: command.email,
        name: command.name,
        roles: given.roles.iter().map(|role| role.id).collect(),
        sites: given.sites.iter().map(|site| site.id).collect(),
        member_until: command.member_until,
    };
    let mut row = row(ctx, (caller, &decided), (inviter, &invitation), (lives, place.is_some()));
    row.event = row.event.also(&format!("{} as {}", invitation.email, keys(&given.roles)));
    if let Err(stop) = keep(ctx, caller, (row.clone(), given.roles.clone())).await {
        return Err(told(stop).await);
    }
    let delivery = match place {
        None => Delivery::Hand(row.url),
        Some(place) => {
            let from = (inviter_name(caller), given.tenant.name.as_str());
            place.send(mail::invitation(invitation.email, from, row.url, lives));
            Delivery::Mail
        }
    };
    Ok(Invited { link: row.link, roles: given.roles, sites: given.sites, delivery })
}

fn judge(ctx: &Ctx, command: &Command) -> Result<(), Failure> {
    let mut faults: Vec<FieldFault> = Vec::new();
    let mut fault = |field, message: String| faults.push(FieldFault::new(field, message));
    if ctx.mail.delivers() && !mail::reaches(&command.email) {
        fault("email", "cannot be reached by mail".to_owned());
    }
    if command.member_until.is_some_and(|end| end <= ctx.now()) {
        fault("expires_at", "must lie ahead".to_owned());
    }
    if let Some(Err(unfit)) = command.name.as_deref().map(|name| domain::text::name(name, 255)) {
        fault("name", unfit.to_string());
    }
    if command.lives.is_some_and(|lives| !(SHORTEST..=LONGEST).contains(&lives)) {
        let bounds = (SHORTEST.as_secs(), LONGEST.as_secs());
        fault("lives", format!("must be between {} and {} seconds", bounds.0, bounds.1));
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(faults)) }
}

struct Given {
    tenant: Tenant,
    roles: Vec<Role>,
    sites: Vec<Site>,
}

/// What the keys name; without a role, the one for the invited.
async fn given(ctx: &Ctx, tenant: TenantId, command: &Command) -> Result<Given, Failure> {
    let (roles, sites) = (command.roles.clone(), command.sites.clone());
    ctx.store
        .read(move |tx| {
            let (roles, sites) = (roles.clone(), sites.clone());
            Box::pin(async move {
                let hidden = || Failure { kind: Kind::Hidden, ..Failure::not_found() };
                let whole = tenants::by_id(tx, tenant).await?.ok_or_else(hidden)?;
                let visible = roles::visible(tx, tenant).await?;
                let roles = match roles.as_slice() {
                    [] => for_the_invited(visible).into_iter().collect(),
                    names => named_roles(&visible, names)?,
                };
                let placed = named_sites(tx, tenant, &sites).await?;
                let all = if placed.is_empty() { Vec::new() } else { tenants::sites(tx, tenant).await? };
                let sites = all.into_iter().filter(|site| placed.contains(&site.id)).collect();
                Ok(Given { tenant: whole, roles, sites })
            })
        })
        .await
}

/// The tenant's own before the installation's; the one for invitations before the default.
fn for_the_invited(mut visible: Vec<Role>) -> Option<Role> {
    visible.retain(|role| role.default_invite || role.is_default);
    visible.sort_by_key(|role| (role.tenant.is_none(), !role.default_invite));
    visible.into_iter().next()
}

fn inviter_name(caller: &Caller) -> &str {
    let user = caller.user().map(|profile| &profile.user);
    user.map_or("", |user| user.name.as_deref().unwrap_or(user.email.as_str()))
}

#[derive(Clone)]
struct Row {
    link: Link,
    digest: [u8; 32],
    url: SecretString,
    event: Event,
}

fn row(
    ctx: &Ctx,
    (caller, decided): (&Caller, &Decided),
    (inviter, invitation): (UserId, &Invitation),
    (lives, mailed): (Duration, bool),
) -> Row {
    let now = ctx.now();
    let link = Link {
        id: LinkId::from_uuid(ctx.new_id()),
        aim: Aim::Invitation(invitation.clone()),
        created_by: Some(inviter),
        mailed,
        created_at: now,
        expires_at: now.plus(lives),
        used_at: None,
    };
    let Fresh { digest, url } = fresh(ctx, &link.aim);
    let event = ctx.event_by(caller, "invitation.created").decided(decided).on("invitation", link.id.uuid());
    let event = event.in_tenant(Some(invitation.tenant));
    Row { link, digest, url, event }
}

async fn keep(ctx: &Ctx, caller: &Caller, kept: (Row, Vec<Role>)) -> Result<(), Stop> {
    let caller = caller.clone();
    ctx.store
        .write(move |tx| {
            let ((row, roles), caller) = (kept.clone(), caller.clone());
            Box::pin(async move {
                let Some(invitation) = row.link.invitation() else { return Ok(()) };
                let now = row.link.created_at;
                turn::of_people(tx, &caller, None).await?;
                if !tenants::revise(tx, invitation.tenant).await? {
                    return Err(Failure { kind: Kind::Hidden, ..Failure::not_found() }.into());
                }
                let asked: Asked = Some((Permission::USERS_WRITE, Some(invitation.tenant)));
                let principal = judge_again(tx, &caller, &asked, now).await?;
                all_assignable((&principal.authority, caller.door), &roles, &[])?;
                still_there(tx, invitation).await?;
                may_be_sent(tx, &row.link, invitation).await?;
                links::put(tx, &row.link, &row.digest).await?;
                Ok(row.event.write(tx).await?)
            })
        })
        .await
}

/// What it gives: whoever deletes a role or a site takes the tenant's turn too, and looks for invitations.
async fn still_there(tx: &mut WriteTx<'_>, invitation: &Invitation) -> Result<(), Failure> {
    let visible = roles::visible(tx, invitation.tenant).await?;
    if !invitation.roles.iter().all(|id| visible.iter().any(|role| role.id == *id)) {
        return Err(Failure::invalid_field("roles", "names a role that this tenant does not have"));
    }
    for site in &invitation.sites {
        if tenants::site_of(tx, invitation.tenant, *site).await?.is_none() {
            return Err(Failure::invalid_field("sites", "names a site that this tenant does not have"));
        }
    }
    Ok(())
}

async fn may_be_sent(tx: &mut WriteTx<'_>, link: &Link, invitation: &Invitation) -> Result<(), Failure> {
    let (tenant, now) = (invitation.tenant, link.created_at);
    if let Some(user) = users::by_email(tx, &invitation.email).await? {
        let all = memberships::of_user(tx, user.id).await?;
        let not_over = |m: &Membership| m.tenant.id == tenant && m.expires_at.is_none_or(|end| now < end);
        if all.iter().any(not_over) {
            let text = "This person is a member of the tenant already.";
            return Err(Failure::new(Kind::Conflict, "conflict", text));
        }
    }
    room_for_user(tx, tenant, now).await?;
    let rest = |before| PAUSE.saturating_sub(now.since(before));
    let rest = links::invited_at(tx, tenant, &invitation.email).await?.filter(|_| link.mailed).map(rest);
    if let Some(retry_after) = rest.filter(|rest| !rest.is_zero()) {
        let text = "A letter went to this address a moment ago.";
        return Err(Failure::new(Kind::TooMany { retry_after }, "too_many_requests", text));
    }
    // An open one makes way for the new one.
    let before = links::invitation_of(tx, tenant, &invitation.email).await?;
    if !before.is_some_and(|before| before.is_open(now))
        && links::count_open(tx, tenant, now, OPEN).await? >= OPEN
    {
        let text = "Too many invitations are open; withdraw some.";
        return Err(Failure::new(Kind::Conflict, "conflict", text));
    }
    Ok(())
}
