//! Who accepts an invitation, judged again inside the transaction.

use domain::{EmailAddress, Timestamp, UserId};
use store::{WriteTx, users};

use super::accept::Found;
use super::first;
use super::join::Stop;
use crate::principal::{Caller, judge_again};
use crate::sessions::{Proven, forget_failures, hold_failures};

/// Who accepts.
#[derive(Clone)]
pub(super) enum Who {
    /// Nobody had the address.
    New {
        hash: String,
    },
    Known(Box<Proven>),
    /// Somebody who is there, and whose first password this is.
    First(Box<Proven>),
    Caller(Box<Caller>),
}

impl Who {
    /// Holds the person who is there already, and finds him as he was; `None`: somebody new. Comes first, since whoever
    /// changes both a person and a tenant begins with the person.
    pub(super) async fn hold(
        &self,
        tx: &mut WriteTx<'_>,
        found: &Found,
        now: Timestamp,
    ) -> Result<Option<UserId>, Stop> {
        match self {
            Self::New { .. } => Ok(None),
            Self::Known(proven) => known(tx, proven, (found, now)).await.map(Some),
            Self::First(proven) => first::hold(tx, proven, (found, now)).await.map(Some),
            Self::Caller(caller) => {
                let id = caller.user_id().ok_or(Stop::Moved)?;
                users::hold(tx, id).await?;
                judge_again(tx, caller, &None, now).await?;
                let holder = users::by_email(tx, &found.invitation.email).await?.map(|user| user.id);
                if holder == Some(id) { Ok(Some(id)) } else { Err(Stop::Moved) }
            }
        }
    }
}

async fn known(
    tx: &mut WriteTx<'_>,
    proven: &Proven,
    (found, now): (&Found, Timestamp),
) -> Result<UserId, Stop> {
    let (id, email) = (proven.user, &found.invitation.email);
    // Guesses that were under way when a lockout began do not come in.
    if hold_failures(tx, email).await?.is_locked_out(now) {
        return Err(Stop::Moved);
    }
    users::hold(tx, id).await?;
    let hash = users::login_by_id(tx, id).await?.and_then(|login| login.password_hash);
    let user = users::by_id(tx, id).await?;
    let as_it_was = user.is_some_and(|user| user.active && !user.locked && user.email == *email);
    if !as_it_was || hash.as_deref() != Some(proven.hash.as_str()) {
        return Err(Stop::Moved);
    }
    admit(tx, proven, email).await?;
    Ok(id)
}

/// Takes the code of who was held and judged, and forgets the failures before it.
pub(super) async fn admit(tx: &mut WriteTx<'_>, proven: &Proven, email: &EmailAddress) -> Result<(), Stop> {
    if let Some(step) = proven.step
        && !users::use_totp_step(tx, proven.user, step).await?
    {
        return Err(Stop::CodeUsed);
    }
    forget_failures(tx, email).await?;
    Ok(())
}
