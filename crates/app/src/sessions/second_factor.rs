//! The second factor of a sign-in: whether one is wanted, and whether the code given is right.

use std::time::Duration;

use domain::TenantId;
use domain::membership::Membership;
use secrecy::{ExposeSecret, SecretString};
use store::mfa_tokens::{self, MfaToken};
use store::{StoreError, WriteTx};

use super::failures::{self, Tried};
use super::sign_in::{Command, Error, Pending, Through, opaque};
use crate::Ctx;
use crate::audit::Event;
use crate::principal::{Profile, digest};

const MFA_TOKEN_LIVES: Duration = Duration::from_mins(5);

/// The TOTP step to be spent, where a code was wanted and right.
pub(super) async fn judge(
    ctx: &Ctx,
    command: &Command,
    tried: &Tried,
    tenant: Option<TenantId>,
) -> Result<Option<i64>, Error> {
    let profile = &tried.profile;
    let binds = |m: &Membership| m.tenant.mfa.is_some_and(|policy| policy.enforce.binds_passwords());
    let forced = profile.live(ctx.now()).any(binds);
    if profile.user.mfa_bypass || !(forced || tried.login.totp.is_some()) {
        return Ok(None);
    }
    let device = tried.login.totp.as_ref().map(|totp| totp.device);
    match (&command.through, &command.code, &tried.login.totp) {
        (Through::Frontegg, _, _) => {
            let purpose = if device.is_some() { "verify" } else { "enroll" };
            let mfa_token = pending(ctx, (command, tried), tenant, purpose).await?;
            Err(Error::MfaRequired(Some(Box::new(Pending { mfa_token, device }))))
        }
        (Through::Native, Some(code), Some(totp)) => {
            let step = ctx.totp_step(tried.login.id, totp, code, ctx.now());
            match step.map_err(|_| StoreError::Corrupt { table: "users", column: "totp_sealed" })? {
                Some(step) => Ok(Some(step)),
                None => refuse_code(ctx, command, profile).await,
            }
        }
        (Through::Native | Through::Oauth { .. }, _, _) => {
            failures::note(ctx, wanted(ctx, command, profile)).await?;
            Err(Error::MfaRequired(None))
        }
    }
}

/// A wrong code counts for lockout like a wrong password.
pub(super) async fn refuse_code<T>(ctx: &Ctx, command: &Command, profile: &Profile) -> Result<T, Error> {
    failures::count(ctx, &command.email, "code", &command.origin, Some(profile)).await?;
    Err(Error::InvalidCode)
}

fn wanted(ctx: &Ctx, command: &Command, profile: &Profile) -> Event {
    failures::refusal(ctx, "a second factor is wanted", &command.origin, Some(profile))
}

async fn pending(
    ctx: &Ctx,
    (command, tried): (&Command, &Tried),
    tenant: Option<TenantId>,
    purpose: &'static str,
) -> Result<SecretString, StoreError> {
    let token = SecretString::from(opaque(ctx, ""));
    let key = digest(token.expose_secret());
    let (user, now) = (tried.login.id, ctx.now());
    let expires_at = now.plus(MFA_TOKEN_LIVES);
    let event = wanted(ctx, command, &tried.profile);
    ctx.store
        .write(move |tx: &mut WriteTx<'_>| {
            let event = event.clone();
            Box::pin(async move {
                let row = MfaToken { digest: &key, user, tenant, purpose, expires_at };
                mfa_tokens::add(tx, &row, now).await?;
                event.write(tx).await
            })
        })
        .await?;
    Ok(token)
}
