//! The refresh grant (insights.md §2).

use app::Failure;
use app::sessions::refresh::{self, Command, Error};
use axum::response::Response;
use domain::client::{Client, Scopes};
use domain::session::Opening;
use secrecy::SecretString;

use super::answer::{granted, invalid_grant, required};
use super::scope;
use crate::extract::Form;
use crate::extract::caller::From;
use crate::refusal::Refusal;
use crate::state::State;

/// Counts for no address: what it costs is one look-up, and the token is 256 bits of chance.
pub async fn grant(
    web: &State,
    from: From,
    (client, scope): (Client, Option<Scopes>),
    form: &Form,
) -> Result<Response, Refusal> {
    let command = Command {
        presented: SecretString::from(required(form, "refresh_token")?),
        opening: Opening::Oauth,
        client: Some(client.uid),
        scope,
        tenant: None,
        origin: from.origin,
    };
    let refreshed = refresh::run(&web.ctx, command).await.map_err(refusal)?;
    granted(&web.ctx, &refreshed.grant, &refreshed.profile.user)
}

fn refusal(error: Error) -> Refusal {
    match error {
        // Another tenant is asked for in Frontegg's dialect alone.
        Error::Invalid | Error::TenantNotAssigned | Error::SecondFactorWanted => {
            invalid_grant("Invalid refresh token")
        }
        Error::ScopeTooWide => scope::invalid(),
        Error::Store(error) => Failure::from(error).into(),
    }
}
