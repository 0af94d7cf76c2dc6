//! `POST /oauth/revoke` (insights.md §2c, RFC 7009).

use app::Failure;
use app::oauth::revoke::{self, Command, Error};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;

use super::answer::{invalid_grant, required};
use super::request::AboutToken;
use super::{client, uncached, wire};
use crate::extract::caller::From;
use crate::refusal::Refusal;

/// Give back a token that was issued to this client.
///
/// A refresh token takes its sign-in along: the session, and every token that came of it. What is unknown or dead
/// already is a 200 too.
#[utoipa::path(
    post,
    path = "",
    request_body(content = wire::TokenInHand, content_type = "application/x-www-form-urlencoded", example = json!({
        "token": "hr_Vb2", "token_type_hint": "refresh_token", "client_id": "fixstreamapp",
        "client_secret": "fixstream"})),
    responses(
        (status = 200, description = "The token opens nothing any more. No body."),
        (status = 400, description = "No token, or one that was issued to another client.", body = wire::Problem),
        (status = 401, description = "The client did not prove itself.", body = wire::Problem),
        (status = "4XX", body = wire::Problem),
        (status = "5XX", body = wire::Problem),
    ),
)]
pub async fn revoke(
    State(web): State<crate::State>,
    from: From,
    AboutToken(request): AboutToken,
) -> Result<Response, Refusal> {
    let client = client::authenticate(&web, &from, &request).await?;
    let token = SecretString::from(required(&request.form, "token")?);
    let command = Command { client, token, origin: from.origin };
    match revoke::run(&web.ctx, command).await {
        Ok(()) => Ok(uncached(StatusCode::OK.into_response())),
        Err(Error::Anothers) => Err(invalid_grant("The token was issued to another client")),
        Err(Error::Store(error)) => Err(Failure::from(error).into()),
    }
}
