//! Accepting an invitation. Asks for its token alone, and for who the person is: somebody new by choosing a password,
//! somebody known by the one he has (as at sign-in: lockout and second factor count) or by his own live interactive
//! credential. Audits `invitation.accepted`, `user.created`, and `invitation.refused`.

use std::sync::Arc;

use domain::audit::{Actor, Origin};
use domain::link::{Invitation, Link};
use domain::membership::Membership;
use domain::{Timestamp, UserId};
use secrecy::SecretString;
use store::{StoreError, links, users};

use super::enter::Who;
use super::join::{self, Join, Stop};
use crate::Ctx;
use crate::authorize::interactive;
use crate::failure::{Failure, Kind};
use crate::links::{invalid, key};
use crate::principal::Caller;
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
}

/// Somebody else may make the account, change the password or use the token meanwhile: then it is judged anew, once.
const ATTEMPTS: usize = 2;

/// # Errors
/// `invalid_token` for every token that does not work, whatever the reason; `quota_exceeded`, after which it works
/// again when the tenant has room; as sign-in for somebody known.
pub async fn run(ctx: &Arc<Ctx>, caller: Option<&Caller>, command: Command) -> Result<Accepted, Failure> {
    if caller.is_none() {
        judge(ctx, &command)?;
    }
    let digest = key(&command.token);
    for _ in 0..ATTEMPTS {
        let Some(found) = look_up(ctx, digest).await? else {
            return refuse(ctx, None, "no such token, or over", &command.origin).await;
        };
        let join = Join { digest, who: who(ctx, caller, (&command, &found)).await?, now: ctx.now() };
        match join::run(ctx, join, (&command, &found)).await {
            Ok(accepted) => return Ok(accepted),
            Err(Stop::Moved) => {}
            Err(Stop::Invalid(why)) => return refuse(ctx, Some(&found), why, &command.origin).await,
            Err(Stop::CodeUsed) => {
                let error = sign_in::Error::InvalidCode;
                count(ctx, &found.invitation, "code", &command.origin).await?;
                return Err(error.into());
            }
            Err(Stop::Refused(failure)) => return Err(failure),
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
                Ok(Some(Found { link, invitation, user }))
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
    let proven = password_proves(
        ctx,
        sign_in::Command {
            email: found.invitation.email.to_string(),
            password: given,
            tenant: None,
            code: command.code.clone(),
            through: sign_in::Through::Native,
            origin: command.origin.clone(),
            place: String::new(),
        },
    );
    Ok(Who::Known(Box::new(proven.await?)))
}

async fn refuse<T>(
    ctx: &Ctx,
    found: Option<&Found>,
    why: &'static str,
    origin: &Origin,
) -> Result<T, Failure> {
    let mut event = ctx.event(Actor::ANONYMOUS, "invitation.refused", origin).because(why).refused();
    if let Some(found) = found {
        event = event.on("invitation", found.link.id.uuid()).in_tenant(Some(found.invitation.tenant));
    }
    refusals::tell(ctx, event, origin).await?;
    Err(invalid())
}

async fn count(
    ctx: &Ctx,
    invitation: &Invitation,
    why: &'static str,
    origin: &Origin,
) -> Result<(), StoreError> {
    crate::sessions::count_failure(ctx, invitation.email.as_str(), why, origin, None).await
}
