//! Proving who one is with a password, and a code where one is wanted, without a session: the checks of a sign-in.

use domain::UserId;
use store::users::Login;

use super::failures::Tried;
use super::sign_in::{Command, Error, not_locked, refuse, tried};
use super::{failures, second_factor};
use crate::Ctx;
use crate::principal::Profile;

/// Whom a password proved. To be judged again in the transaction of what it is for.
#[derive(Clone)]
pub(crate) struct Proven {
    pub user: UserId,
    /// The hash that was verified, or is to be set.
    pub hash: String,
    /// The TOTP step to be spent.
    pub step: Option<i64>,
}

/// Counts for lockout and is audited as a sign-in is.
pub(crate) async fn password_proves(ctx: &Ctx, command: Command) -> Result<Proven, Error> {
    let tried = tried(ctx, &command).await?;
    stands(ctx, &command, &tried).await?;
    let step = second_factor::judge(ctx, &command, &tried, None).await?;
    Ok(Proven { user: tried.login.id, hash: tried.hash, step })
}

/// The same of somebody who has no password, and to whom a link gives the first one: `hash` is of that. A second factor
/// that he has is asked for, and counts as at sign-in; one that a tenant wants of him is for his sign-ins.
pub(crate) async fn link_proves(
    ctx: &Ctx,
    command: Command,
    (login, profile): (Login, Profile),
    hash: String,
) -> Result<Proven, Error> {
    let enrolled = login.totp.is_some();
    if enrolled && failures::is_locked_out(ctx, &command.email).await? {
        return refuse(ctx, &command, "locked out", Some(&profile)).await;
    }
    let tried = Tried { login, hash, needs_rehash: false, profile };
    stands(ctx, &command, &tried).await?;
    let step = if enrolled { second_factor::judge(ctx, &command, &tried, None).await? } else { None };
    Ok(Proven { user: tried.login.id, hash: tried.hash, step })
}

/// Neither deactivated nor locked.
async fn stands(ctx: &Ctx, command: &Command, tried: &Tried) -> Result<(), Error> {
    if !tried.profile.user.active {
        return refuse(ctx, command, "deactivated", Some(&tried.profile)).await;
    }
    not_locked(ctx, command, tried).await
}
