//! Proving who one is with a password, and a code where one is wanted, without a session: the checks of a sign-in.

use domain::UserId;

use super::second_factor;
use super::sign_in::{Command, Error, not_locked, refuse, tried};
use crate::Ctx;

/// Whom a password proved. To be judged again in the transaction of what it is for.
#[derive(Clone)]
pub(crate) struct Proven {
    pub user: UserId,
    /// The hash that was verified.
    pub hash: String,
    /// The TOTP step to be spent.
    pub step: Option<i64>,
}

/// Counts for lockout and is audited as a sign-in is.
pub(crate) async fn password_proves(ctx: &Ctx, command: Command) -> Result<Proven, Error> {
    let tried = tried(ctx, &command).await?;
    if !tried.profile.user.active {
        return refuse(ctx, &command, "deactivated", Some(&tried.profile)).await;
    }
    not_locked(ctx, &command, &tried).await?;
    let step = second_factor::judge(ctx, &command, &tried, None).await?;
    Ok(Proven { user: tried.login.id, hash: tried.hash, step })
}
