//! Setting a password from the command line: ends every session of the user, and a lockout by failed attempts,
//! since who is locked out of everything else comes here. Audits `user.password_set`.

use domain::EmailAddress;
use domain::audit::{Actor, Origin};
use secrecy::SecretString;
use store::{StoreError, sessions, users};

use super::password;
use crate::Ctx;
use crate::failure::Failure;
use crate::sessions::forget_failures;

/// # Errors
/// `NotFound` where nobody has that address.
pub async fn run(ctx: &Ctx, email: EmailAddress, new: &SecretString) -> Result<(), Failure> {
    let hash = password::hash(ctx, "password", new).await?;
    let event = ctx.event(Actor::COMMAND_LINE, "user.password_set", &Origin::default());
    let now = ctx.now();
    let found: Result<bool, StoreError> = ctx
        .store
        .write(move |tx| {
            let (email, hash, event) = (email.clone(), hash.clone(), event.clone());
            Box::pin(async move {
                let Some(user) = users::by_email(tx, &email).await? else { return Ok(false) };
                users::set_password(tx, user.id, &hash, "system", now).await?;
                sessions::end_all(tx, user.id, None, now).await?;
                forget_failures(tx, &email).await?;
                event.on("user", user.id.uuid()).write(tx).await?;
                Ok(true)
            })
        })
        .await;
    if found? { Ok(()) } else { Err(Failure::not_found()) }
}
