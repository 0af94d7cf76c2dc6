//! The client credentials grant (insights.md §2b).

use app::Failure;
use app::oauth::client_credentials::{self, Command, Error};
use axum::response::Response;
use domain::client::{Client, Scopes};

use super::answer::said;
use super::{client, convert};
use crate::extract::caller::From;
use crate::refusal::Refusal;
use crate::state::State;

/// Counts for no address: the client has proved itself, and what it costs is one row.
pub async fn grant(
    web: &State,
    from: From,
    (client, scope): (Client, Option<Scopes>),
) -> Result<Response, Refusal> {
    let scope = scope.unwrap_or_else(|| Scopes::of(&client.scopes));
    let command = Command { client, scope, origin: from.origin.clone() };
    let issued = match client_credentials::run(&web.ctx, command).await {
        Ok(issued) => issued,
        Err(Error::Changed) => return Err(client::unproven(web, &from).await),
        Err(Error::Store(error)) => return Err(Failure::from(error).into()),
    };
    let access_token = issued.sign(&web.ctx).map_err(Failure::internal)?;
    Ok(said(&convert::client_token(&issued, access_token, web.ctx.now())))
}
