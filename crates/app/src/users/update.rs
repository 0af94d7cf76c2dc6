//! Changing a person: profile, e-mail, state, the tenant that sign-ins go to. Asks for oneself, an operator, or
//! `users:write` in the person's only tenant. Audits `user.profile_changed`, or `user.changed` with
//! what was and what is.
//!
//! E-mail and `operator` lead to whatever the person may do, so they ask for an interactive credential, of others too; and
//! so does everything of oneself (design §6). One's own e-mail asks for the current password besides, since whoever has the
//! mailbox can choose another one; the old address is told.

use domain::user::User;
use domain::{EmailAddress, Permission, TenantId, Timestamp, UserId};
use secrecy::SecretString;
use store::users::{self, Standing};
use store::{StoreError, WriteTx, sessions};

use super::current::{Current, meanwhile};
use super::profile::{Change, judge, merged};
use super::{Claim, Owned, by, owned};
use crate::Ctx;
use crate::audit::Event;
use crate::authorize::{Stop, interactive};
use crate::changes::Changes;
use crate::failure::Failure;
use crate::last::Before;
use crate::links::place;
use crate::mail::{self, Slot};
use crate::principal::{Caller, Profile};
use crate::tenants::TenantName;

/// `None`: leave it.
#[derive(Clone, Debug, Default)]
pub struct Command {
    pub profile: Change,
    /// A new one is not verified, unless that is said too.
    pub email: Option<EmailAddress>,
    /// The caller's own, for a new e-mail of one's own.
    pub current_password: Option<SecretString>,
    /// Whether the address is known to be this person's: that it is, only an operator may say; that it is not, everybody
    /// but oneself.
    pub verified: Option<bool>,
    /// A deactivated person cannot sign in, and the sessions end.
    pub active: Option<bool>,
    /// Runs the installation; for operators to say. Who does no more is signed out where he was above all tenants.
    pub operator: Option<bool>,
    /// One that the person is a member of; `Some(None)`: none.
    pub default_tenant: Option<Option<TenantName>>,
}

/// What changes nothing is not written and not audited.
///
/// # Errors
/// `Hidden` or `NotFound` for who is not visible; `Forbidden` for who belongs to others too, and for fields that are not
/// the caller's to set, and with code `wrong_password`; `Invalid` names every field at fault; `Conflict` where the address is taken (which tells the
/// caller that somebody has it), and with code `last_administrator` or `last_operator`.
pub async fn run(ctx: &Ctx, caller: &Caller, id: UserId, command: Command) -> Result<User, Failure> {
    let caller = &caller.about(id);
    let claimed = owned(ctx, caller, id).await?;
    judge(&command.profile)?;
    if command.email.is_some() || command.operator.is_some() {
        interactive(caller)?;
    }
    let moving = match caller.user() {
        Some(profile) if claimed.claim == Claim::Oneself => moving(ctx, caller, profile, &command).await?,
        _ => None,
    };
    let (proven, letter) = moving.unzip();
    let event = |action| claimed.event(ctx, caller, (action, id));
    let events = (event("user.profile_changed"), event("user.changed"));
    let (now, caller_now) = (ctx.now(), caller.clone());
    let changed: Result<User, Stop> = ctx
        .store
        .write(move |tx| {
            let (command, events, caller) = (command.clone(), events.clone(), caller_now.clone());
            let proven = proven.clone();
            Box::pin(async move {
                if let Some(proven) = &proven {
                    proven.not_locked_out(tx, now).await?;
                }
                let owned = Owned::take(tx, &caller, id, now).await?;
                let by = by(&caller);
                let profile = merged(&owned.person.user, command.profile.clone());
                if let Some(profile) = &profile {
                    users::set_profile(tx, id, profile, &by, now).await?;
                }
                let (is, shall) = (standing(&owned.person.user), shall(&owned, &caller, command)?);
                if is.email != shall.email && owned.claim == Claim::Oneself {
                    stands(tx, proven.as_ref()).await?;
                }
                let ended = write(tx, &owned, (&is, &shall), (&by, now)).await?;
                if let Some(event) = told(&events, profile.is_some(), &owned, (&is, &shall)) {
                    let event = if ended == 0 { event } else { event.also(&signed_out(ended)) };
                    event.in_tenant(owned.told_in(now)).write(tx).await?;
                }
                users::by_id(tx, id).await?.ok_or_else(|| Failure::not_found().into())
            })
        })
        .await;
    match changed {
        Ok(user) => {
            if let Some((place, to)) = letter.flatten() {
                place.send(mail::address_changed(to, &user.email, ctx.config.public_url.clone().into()));
            }
            Ok(user)
        }
        Err(stop) => Err(stop.told(ctx, caller, &Permission::USERS_WRITE).await),
    }
}

/// Another address for oneself: the proof that it is oneself, and the place of a letter to the old address, where that is
/// known to be one's own (else one could have letters sent to anybody).
///
/// # Errors
/// `Invalid` names `current_password` where it is missing; `Forbidden` with code `wrong_password`; `Unavailable` where no
/// letter can be sent.
async fn moving(
    ctx: &Ctx,
    caller: &Caller,
    profile: &Profile,
    command: &Command,
) -> Result<Option<(Current, Option<(Slot, EmailAddress)>)>, Failure> {
    let is = &profile.user;
    if command.email.as_ref().is_none_or(|email| *email == is.email) {
        return Ok(None);
    }
    let missing =
        || Failure::invalid_field("current_password", "is required for another e-mail of one's own");
    let password = command.current_password.as_ref().ok_or_else(missing)?;
    let proven = Current::prove(ctx, caller, profile, password).await?;
    let place = if is.verified { place(ctx)? } else { None };
    Ok(Some((proven, place.map(|place| (place, is.email.clone())))))
}

async fn stands(tx: &mut WriteTx<'_>, proven: Option<&Current>) -> Result<(), Failure> {
    // Without a proof the address was the same a moment ago.
    let Some(proven) = proven else { return Err(meanwhile()) };
    if proven.stands(tx).await? { Ok(()) } else { Err(meanwhile()) }
}

pub(crate) fn standing(user: &User) -> Standing {
    Standing {
        email: user.email.clone(),
        verified: user.verified,
        active: user.active,
        operator: user.operator,
        default_tenant: user.default_tenant,
        default_site: user.default_site,
    }
}

/// As the caller wants it, as far as it is his to say.
fn shall(owned: &Owned, caller: &Caller, command: Command) -> Result<Standing, Failure> {
    let is = standing(&owned.person.user);
    let mut shall = is.clone();
    if let Some(email) = command.email.filter(|email| *email != is.email) {
        (shall.email, shall.verified) = (email, false);
    }
    let operates = owned.principal.authority.operates(caller.door);
    if let Some(verified) = command.verified.filter(|verified| *verified != shall.verified) {
        // As when somebody is made: an administrator's word is no proof of a mailbox.
        if !operates && (verified || owned.claim == Claim::Oneself) {
            return Err(not_to_set("verified"));
        }
        shall.verified = verified;
    }
    if let Some(operator) = command.operator.filter(|operator| *operator != is.operator) {
        if !operates {
            return Err(not_to_set("operator"));
        }
        shall.operator = operator;
    }
    shall.active = command.active.unwrap_or(is.active);
    if let Some(named) = command.default_tenant {
        let home = named.map(|named| home(owned, &named)).transpose()?;
        if home != is.default_tenant {
            // A site is one of the tenant's.
            (shall.default_tenant, shall.default_site) = (home, None);
        }
    }
    Ok(shall)
}

fn home(owned: &Owned, named: &TenantName) -> Result<TenantId, Failure> {
    let here = owned.person.memberships.iter().find(|membership| named.is(&membership.tenant));
    let fault = || Failure::invalid_field("default_tenant", "must be a tenant that the user is a member of");
    here.map(|membership| membership.tenant.id).ok_or_else(fault)
}

fn not_to_set(field: &str) -> Failure {
    Failure { public: format!("`{field}` is not yours to set.").into(), ..Failure::forbidden() }
}

/// How many sessions above all tenants ended with it.
async fn write(
    tx: &mut WriteTx<'_>,
    owned: &Owned,
    (is, shall): (&Standing, &Standing),
    (by, now): (&str, Timestamp),
) -> Result<u64, Failure> {
    if is == shall {
        return Ok(0);
    }
    let user = &owned.person.user;
    let weaker = is.active && !shall.active || is.operator && !shall.operator;
    let before = if weaker { Some(Before::of_person(tx, user, now).await?) } else { None };
    let ended = stand(tx, user, (is, shall), (by, now)).await?;
    if let Some(before) = before {
        before.check(tx, now).await?;
    }
    Ok(ended)
}

fn signed_out(sessions: u64) -> String {
    format!("signed out above all tenants, sessions: {sessions}")
}

/// Of a user who is held; who is deactivated has no sessions, and who runs the installation no more none above all tenants:
/// nothing is left that they could do, and they do not come back with the power. How many of these ended. What changes
/// nothing is not written.
pub(crate) async fn stand(
    tx: &mut WriteTx<'_>,
    user: &User,
    (is, shall): (&Standing, &Standing),
    (by, now): (&str, Timestamp),
) -> Result<u64, StoreError> {
    if is == shall {
        return Ok(0);
    }
    users::set_standing(tx, user.id, shall, by, now).await?;
    if is.active && !shall.active {
        sessions::end_all(tx, user.id, None, now).await?;
    } else if is.operator && !shall.operator {
        return sessions::end_above(tx, user.id, now).await;
    }
    Ok(0)
}

/// The event, which says what was and what is; of the profile, only that it changed.
fn told(
    (profile, more): &(Event, Event),
    profile_changed: bool,
    owned: &Owned,
    (is, shall): (&Standing, &Standing),
) -> Option<Event> {
    let tenant = |id: Option<TenantId>| {
        let here = id.and_then(|id| owned.person.membership(id));
        here.map(|here| here.tenant.key.clone()).or_else(|| id.map(|id| id.to_string()))
    };
    let (from, to) = (tenant(is.default_tenant), tenant(shall.default_tenant));
    let changes = Changes::default()
        .value("email", &is.email.as_str(), &shall.email.as_str())
        .value("verified", &is.verified, &shall.verified)
        .value("active", &is.active, &shall.active)
        .value("operator", &is.operator, &shall.operator)
        .option("default_tenant", from.as_ref(), to.as_ref());
    match changes.named("profile", profile_changed).words().as_deref() {
        None => None,
        Some("profile") => Some(profile.clone()),
        Some(words) => Some(more.clone().also(words)),
    }
}
