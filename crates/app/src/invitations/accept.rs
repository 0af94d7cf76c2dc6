//! Accepting an invitation. Asks for its token alone, and for who the person is: somebody new by choosing a password,
//! somebody known by the one he has (as at sign-in: lockout and second factor count) or by his own live interactive
//! credential; somebody known without a password by choosing the first one, where the link may give it (`first`).
//! Audits `invitation.accepted`, `user.created`, `user.password_set`, and `invitation.refused`; a quota that is reached as
//! `access.refused`, in the tenant of the invitation.

use std::sync::Arc;

use domain::audit::{Actor, Origin};
use domain::link::{Invitation, Link};
use domain::membership::Membership;
use domain::{Timestamp, UserId};
use secrecy::SecretString;
use store::{StoreError, links, users};

use super::enter::Who;
use super::first;
use super::join::{self, Join, Stop};
use crate::Ctx;
use crate::authorize::{bar_in, interactive};
use crate::failure::{Failure, Kind};
use crate::links::{invalid, key};
use crate::principal::{Caller, Profile};
use crate::refusals;
use crate::sessions::{password_proves, sign_in};
use crate::users::password;

pub struct Command {
    pub token: SecretString,
    /// To choose, or the one he has; not asked where a credential is presented.
    pub password: Option<SecretString>,
    /// Of the authenticator, where the person is enrolled.
    pub code: Option<String>,
    /// Of somebody new: 1 to 255 characters.
    pub name: Option<String>,
    pub origin: Origin,
}

pub struct Accepted {
    pub user: UserId,
    pub membership: Membership,
    /// Whether the account was made by this.
    pub is_new: bool,
}

/// What the token stands for.
#[derive(Clone)]
pub(super) struct Found {
    pub link: Link,
    pub invitation: Invitation,
    /// Who has the address now.
    pub user: Option<UserId>,
    /// He, where no password lets him in.
    pub without_password: Option<Profile>,
}

/// Somebody else may make the account, change the password or use the token meanwhile: then it is judged anew, once.
const ATTEMPTS: usize = 2;

/// # Errors
/// `invalid_token` for every token that does not work, whatever the reason; `quota_exceeded`, after which it works
/// again when the tenant has room; `Conflict` with code `no_password` for who has none that this link may give, after
/// which it works with one; as sign-in for somebody known.
pub async fn run(ctx: &Arc<Ctx>, caller: Option<&Caller>, command: Command) -> Result<Accepted, Failure> {
    if caller.is_none() {
        judge(ctx, &command)?;
    }
    let digest = key(&command.token);
    for _ in 0..ATTEMPTS {
        let Some(found) = look_up(ctx, digest).await? else {
            return Err(refuse(ctx, None, "no such token, or over", &command.origin).await?);
        };
        if let Some(person) = found.without_password.as_ref().filter(|_| caller.is_none())
            && !first::may_give(&found, person)
        {
            refuse(ctx, Some(&found), first::NOT_BY_THIS, &command.origin).await?;
            return Err(first::no_password());
        }
        let join = Join { digest, who: who(ctx, caller, (&command, &found)).await?, now: ctx.now() };
        match join::run(ctx, join, (&command, &found)).await {
            Ok(accepted) => return Ok(accepted),
            Err(Stop::Moved) => {}
            Err(Stop::Invalid(why)) => return Err(refuse(ctx, Some(&found), why, &command.origin).await?),
            Err(Stop::CodeUsed) => {
                let error = sign_in::Error::InvalidCode;
                count(ctx, &found.invitation, "code", &command.origin).await?;
                return Err(error.into());
            }
            Err(Stop::Refused(failure)) => {
                return Err(barred(ctx, caller, &found, (failure, &command.origin)).await);
            }
        }
    }
    Err(Failure::new(Kind::Conflict, "conflict", "The account was changed meanwhile; try again."))
}

/// Before anything is looked up: what is wrong with the form is told to everybody alike, whether the address is known or
/// not. So a password shorter than the rule for new ones joins by signing in first.
fn judge(ctx: &Ctx, command: &Command) -> Result<(), Failure> {
    let required = || Failure::invalid_field("password", "is required");
    password::judge(ctx, "password", command.password.as_ref().ok_or_else(required)?)?;
    match command.name.as_deref().map(|name| domain::text::name(name, 255)) {
        Some(Err(unfit)) => Err(Failure::invalid_field("name", unfit.to_string())),
        _ => Ok(()),
    }
}

/// Open, and with its tenant still there.
async fn look_up(ctx: &Ctx, digest: [u8; 32]) -> Result<Option<Found>, StoreError> {
    let now: Timestamp = ctx.now();
    ctx.store
        .read(move |tx| {
            Box::pin(async move {
                let Some(link) = links::by_digest(tx, &digest).await?.filter(|link| link.is_open(now)) else {
                    return Ok(None);
                };
                let Some(invitation) = link.invitation().cloned() else { return Ok(None) };
                let user = users::by_email(tx, &invitation.email).await?.map(|user| user.id);
                let without_password = match user {
                    Some(user) => first::without_password(tx, user).await?,
                    None => None,
                };
                Ok(Some(Found { link, invitation, user, without_password }))
            })
        })
        .await
}

async fn who(
    ctx: &Arc<Ctx>,
    caller: Option<&Caller>,
    (command, found): (&Command, &Found),
) -> Result<Who, Failure> {
    if let Some(caller) = caller {
        interactive(caller)?;
        if caller.user_id().is_none() || caller.user_id() != found.user {
            let text = "The invitation is for another address than yours.";
            return Err(Failure { public: text.into(), ..Failure::forbidden() });
        }
        return Ok(Who::Caller(Box::new(caller.clone())));
    }
    let required = || Failure::invalid_field("password", "is required");
    let given = command.password.clone().ok_or_else(required)?;
    if found.user.is_none() {
        return Ok(Who::New { hash: password::hash(ctx, "password", &given).await? });
    }
    if let Some(person) = &found.without_password {
        let proven = first::prove(ctx, (command, found), (person, &given)).await?;
        return Ok(Who::First(Box::new(proven)));
    }
    let proven = password_proves(ctx, first::as_sign_in(command, found, given)).await?;
    Ok(Who::Known(Box::new(proven)))
}

/// A quota that is reached refuses whoever comes, and the tenant is to know.
async fn barred(
    ctx: &Ctx,
    caller: Option<&Caller>,
    found: &Found,
    (failure, origin): (Failure, &Origin),
) -> Failure {
    if failure.kind != Kind::Forbidden || failure.decision.is_some() || failure.untold.is_some() {
        return failure;
    }
    let event = match caller {
        Some(caller) => ctx.event_by(caller, "access.refused"),
        None => ctx.event(Actor::ANONYMOUS, "access.refused", origin),
    };
    let id = bar_in(ctx, event, (found.invitation.tenant, origin), failure.code).await;
    Failure { decision: Some(Box::new(id)), ..failure }
}

async fn refuse(
    ctx: &Ctx,
    found: Option<&Found>,
    why: &'static str,
    origin: &Origin,
) -> Result<Failure, StoreError> {
    let mut event = ctx.event(Actor::ANONYMOUS, "invitation.refused", origin).because(why).refused();
    if let Some(found) = found {
        event = event.on("invitation", found.link.id.uuid()).in_tenant(Some(found.invitation.tenant));
    }
    refusals::tell(ctx, event, origin).await?;
    Ok(invalid())
}

async fn count(
    ctx: &Ctx,
    invitation: &Invitation,
    why: &'static str,
    origin: &Origin,
) -> Result<(), StoreError> {
    crate::sessions::count_failure(ctx, invitation.email.as_str(), why, origin, None).await
}
