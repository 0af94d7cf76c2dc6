//! The password grant (insights.md §1): lines 12 to 15 of the contract's table.

use app::sessions::sign_in::{self, Command, Error, Handed, Through};
use app::{Failure, Kind};
use axum::response::Response;
use domain::client::{Client, Scopes};
use secrecy::SecretString;

use super::answer::{granted, invalid_grant, required};
use crate::extract::Form;
use crate::extract::caller::From;
use crate::refusal::Refusal;
use crate::state::State;

pub async fn grant(
    web: &State,
    from: From,
    (client, scope): (Client, Option<Scopes>),
    form: &Form,
) -> Result<Response, Refusal> {
    let email = required(form, "username")?.to_owned();
    let password = SecretString::from(required(form, "password")?);
    web.admit_sign_in(from.ip)?;
    let scope = scope.unwrap_or_else(|| Scopes::of(&client.scopes));
    let through = Through::Oauth { client, scope };
    let From { origin, place, .. } = from;
    let command = Command { email, password, tenant: None, code: None, through, origin, place };
    let signed_in = sign_in::run(&web.ctx, command).await.map_err(refusal)?;
    match &signed_in.handed {
        Handed::Grant(grant) => granted(&web.ctx, grant, &signed_in.profile.user),
        // A sign-in through this door hands out a grant.
        Handed::SessionToken(_) => Err(Failure::new(Kind::Internal, "internal", "Internal error.").into()),
    }
}

fn refusal(error: Error) -> Refusal {
    match error {
        Error::InvalidCredentials => invalid_grant("Bad credentials"),
        Error::Locked => invalid_grant("User account is locked"),
        // The grant has no place for a code.
        Error::MfaRequired(_) | Error::InvalidCode => invalid_grant("Multi-factor sign-in is required"),
        Error::Busy(busy) => Refusal::TooMany { retry_after: busy.retry_after },
        Error::Store(error) => Failure::from(error).into(),
    }
}
