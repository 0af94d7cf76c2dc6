//! The first password of somebody who is there and has none, chosen by an invitation.
//!
//! A link that was mailed has shown that the mailbox is the person's, as a reset does. One that was handed over lies with
//! whoever invited, who may use it himself: it gives a password only to who is nobody else's (`users::whose`), and where
//! the person is in no tenant, only to an account that nobody has vouched for.

use domain::audit::Origin;
use domain::{Timestamp, UserId};
use secrecy::SecretString;
use store::{ReadTx, StoreError, WriteTx, sessions, users};

use super::accept::{Command, Found};
use super::enter::admit;
use super::join::Stop;
use crate::Ctx;
use crate::audit::Event;
use crate::failure::{Failure, Kind};
use crate::links::by_whom;
use crate::principal::{Profile, load_profile};
use crate::sessions::{Proven, hold_failures, link_proves, sign_in};
use crate::users::password;

/// Why a link gives no password, for the audit trail.
pub(super) const NOT_BY_THIS: &str = "no password yet, and not this link's to give";

/// The person, where no password lets him in.
pub(super) async fn without_password(
    tx: &mut ReadTx<'_>,
    user: UserId,
) -> Result<Option<Profile>, StoreError> {
    let login = users::login_by_id(tx, user).await?;
    if login.is_none_or(|login| login.password_hash.is_some()) {
        return Ok(None);
    }
    load_profile(tx, user).await
}

/// Whether the link gives a password to this person. A membership elsewhere counts whether it is live or not, as everywhere.
pub(super) fn may_give(found: &Found, Profile { user, memberships, .. }: &Profile) -> bool {
    let elsewhere = memberships.iter().any(|m| m.tenant.id != found.invitation.tenant);
    // What an operator said of the account would be said of whoever holds the link.
    let vouched = memberships.is_empty() && (user.verified || user.super_user || user.mfa_bypass);
    found.link.mailed || !(user.operator || elsewhere || vouched)
}

/// Says that there is no password yet, which whoever made the link learns; and what to do.
pub(super) fn no_password() -> Failure {
    let text = "This account has no password yet, and this link cannot set one, since the account is not this \
                tenant's alone. Ask an operator, or an administrator of the one tenant that the account is in, for a \
                link to a first password; then accept with that password.";
    Failure::new(Kind::Conflict, "no_password", text)
}

/// Hashes the password chosen, and judges as a sign-in does: not deactivated, not locked, with the code of an
/// authenticator that is enrolled.
pub(super) async fn prove(
    ctx: &Ctx,
    (command, found): (&Command, &Found),
    (person, given): (&Profile, &SecretString),
) -> Result<Proven, Failure> {
    let hash = password::hash(ctx, "password", given).await?;
    let user = person.user.id;
    let login: Result<_, StoreError> =
        ctx.store.read(move |tx| Box::pin(async move { users::login_by_id(tx, user).await })).await;
    let login = login?.ok_or_else(crate::links::invalid)?;
    let asked = as_sign_in(command, found, given.clone());
    Ok(link_proves(ctx, asked, (login, person.clone()), hash).await?)
}

/// What sign-in would be asked.
pub(super) fn as_sign_in(command: &Command, found: &Found, given: SecretString) -> sign_in::Command {
    sign_in::Command {
        email: found.invitation.email.to_string(),
        password: given,
        tenant: None,
        code: command.code.clone(),
        through: sign_in::Through::Native,
        origin: command.origin.clone(),
        place: String::new(),
    }
}

/// The person, held, and still as he was judged.
pub(super) async fn hold(
    tx: &mut WriteTx<'_>,
    proven: &Proven,
    (found, now): (&Found, Timestamp),
) -> Result<UserId, Stop> {
    let (id, email) = (proven.user, &found.invitation.email);
    // Who has the link did not guess it; codes can be guessed.
    if hold_failures(tx, email).await?.is_locked_out(now) && proven.step.is_some() {
        return Err(Stop::Moved);
    }
    users::hold(tx, id).await?;
    let person = without_password(tx, id).await?.ok_or(Stop::Moved)?;
    let user = &person.user;
    if !user.active || user.locked || user.email != *email || !may_give(found, &person) {
        return Err(Stop::Moved);
    }
    admit(tx, proven, email).await?;
    Ok(id)
}

/// The event of it, made before the transaction.
pub(super) fn told(ctx: &Ctx, found: &Found, user: UserId, origin: &Origin) -> Event {
    let (actor, how) = by_whom(&found.link, user);
    let event = ctx.event(actor, "user.password_set", origin).on("user", user.uuid());
    event.because(format!("the first, by invitation {}, {how}", found.link.id))
}

/// Comes behind [`hold`], and behind the judgement of the invitation.
pub(super) async fn set(
    tx: &mut WriteTx<'_>,
    proven: &Proven,
    (found, event): (&Found, &Event),
    now: Timestamp,
) -> Result<(), StoreError> {
    users::set_password(tx, proven.user, &proven.hash, found.invitation.email.as_str(), now).await?;
    sessions::end_all(tx, proven.user, None, now).await?;
    event.clone().in_tenant(Some(found.invitation.tenant)).write(tx).await
}
