//! Changing one's own password. Asks for oneself, interactively. Audits `user.password_changed`.

use domain::audit::Origin;
use secrecy::SecretString;
use store::{sessions, users};

use super::password;
use crate::Ctx;
use crate::authorize::{interactive, person};
use crate::failure::{Failure, Kind};
use crate::principal::{Caller, judge_again};
use crate::sessions::{Refused, count_failure, hold_failures, try_password};

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
    let email = profile.user.email.as_str();
    let tried = match try_password(ctx, email, &command.current).await {
        Ok(tried) => tried,
        Err(Refused::Invalid(_)) => {
            let origin: &Origin = &caller.origin;
            count_failure(ctx, email, "password", origin, Some(profile)).await?;
            return Err(wrong());
        }
        Err(Refused::Busy(busy)) => return Err(busy.into()),
        Err(Refused::Store(error)) => return Err(error.into()),
    };
    let hash = password::hash(ctx, "new_password", &command.new).await?;
    let event = ctx.event_by(caller, "user.password_changed").on("user", user.uuid());
    let (now, keep) = (ctx.now(), caller.principal().credential.session);
    let by = email.to_owned();
    let old = tried.hash;
    let (address, caller) = (profile.user.email.clone(), caller.clone());
    let changed: Result<bool, Failure> = ctx
        .store
        .write(move |tx| {
            let (event, hash, by, old) = (event.clone(), hash.clone(), by.clone(), old.clone());
            let (address, caller) = (address.clone(), caller.clone());
            Box::pin(async move {
                // Guesses that were under way when a lockout began do not come in.
                if hold_failures(tx, &address).await?.is_locked_out(now) {
                    return Err(wrong());
                }
                judge_again(tx, &caller, &None, now).await?;
                // One that an operator sets at this moment must not be overwritten.
                users::hold(tx, user).await?;
                let stands = users::login_by_id(tx, user).await?.and_then(|l| l.password_hash) == Some(old);
                if stands {
                    users::set_password(tx, user, &hash, &by, now).await?;
                    sessions::end_all(tx, user, keep, now).await?;
                    event.write(tx).await?;
                }
                Ok(stands)
            })
        })
        .await;
    if changed? {
        return Ok(());
    }
    Err(Failure::new(Kind::Conflict, "conflict", "The password was changed meanwhile."))
}

fn wrong() -> Failure {
    Failure::new(Kind::Forbidden, "wrong_password", "The current password is wrong.")
}
