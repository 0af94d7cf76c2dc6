//! Changing one's own password. Asks for oneself, interactively. Audits `user.password_changed`.

use secrecy::SecretString;
use store::{sessions, users};

use super::current::{Current, meanwhile};
use super::password;
use crate::Ctx;
use crate::authorize::{interactive, person};
use crate::failure::Failure;
use crate::principal::{Caller, judge_again};

pub struct Command {
    pub current: SecretString,
    pub new: SecretString,
}

/// Ends every other session of the user.
///
/// # Errors
/// `Forbidden` with code `wrong_password`; `Invalid` for a new one that breaks the rule.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<(), Failure> {
    let user = person(caller)?;
    interactive(caller)?;
    let Some(profile) = caller.user() else { return Err(Failure::forbidden()) };
    let proven = Current::prove(ctx, caller, profile, &command.current).await?;
    let hash = password::hash(ctx, "new_password", &command.new).await?;
    let event = ctx.event_by(caller, "user.password_changed").on("user", user.uuid());
    let (now, keep) = (ctx.now(), caller.principal().credential.session);
    let (by, caller) = (profile.user.email.to_string(), caller.clone());
    let changed: Result<bool, Failure> = ctx
        .store
        .write(move |tx| {
            let (event, hash, by) = (event.clone(), hash.clone(), by.clone());
            let (proven, caller) = (proven.clone(), caller.clone());
            Box::pin(async move {
                proven.not_locked_out(tx, now).await?;
                // Neither is a password overwritten that an operator sets at this moment, nor a lock overlooked.
                users::hold(tx, user).await?;
                judge_again(tx, &caller, &None, now).await?;
                let stands = proven.stands(tx).await?;
                if stands {
                    users::set_password(tx, user, &hash, &by, now).await?;
                    sessions::end_all(tx, user, keep, now).await?;
                    event.write(tx).await?;
                }
                Ok(stands)
            })
        })
        .await;
    if changed? { Ok(()) } else { Err(meanwhile()) }
}
