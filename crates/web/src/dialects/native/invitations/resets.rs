//! `/v1/password-resets`, and the reset of somebody else.

use app::password_resets::{ask, complete, issue};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{EmailAddress, UserId};

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::fields::Fields;
use crate::dialects::{JSON, answer};
use crate::extract::caller::From as CalledFrom;
use crate::extract::{Caller, Id, Object};
use crate::refusal::Refusal;

/// Ask for a new password. The same answer for every address; a known one gets mail.
#[utoipa::path(post, path = "", request_body = wire::ResetRequest, responses(
    (status = 202, body = wire::ResetRequested),
))]
pub async fn ask(
    State(web): State<crate::State>,
    from: CalledFrom,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let email = fields.required("email", |text| EmailAddress::parse(text).ok(), "must be an e-mail address");
    ask::run(&web.ctx, fields.done_with(email)?, from.origin);
    Ok(answer(StatusCode::ACCEPTED, JSON, &wire::ResetRequested { status: "accepted" }))
}

/// Choose a new password by the token of a link. Ends every session; a second factor stays.
#[utoipa::path(post, path = "", request_body = wire::ResetCompletion, responses(
    (status = 204, description = "Set"),
    (status = 400, description = "`invalid_token`: wrong, used, expired or replaced; or a password that breaks the rule"),
))]
pub async fn complete(
    State(web): State<crate::State>,
    from: CalledFrom,
    body: Object<Native>,
) -> Result<StatusCode, Refusal> {
    let mut fields = Fields::of(body.map);
    let command = complete::Command {
        token: fields.secret("token"),
        password: fields.secret("password"),
        origin: from.origin,
    };
    fields.done()?;
    complete::run(&web.ctx, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a link by which somebody chooses a password: his first, or in the place of a lost one. For an operator, or with
/// `users:write` in the person's only tenant.
///
/// It goes out by mail; where no mail server is configured, the answer holds it, shown this once.
#[utoipa::path(post, path = "", params(("id" = uuid::Uuid, Path)), responses(
    (status = 201, body = wire::ResetLink),
    (status = 403, description = "The person belongs to other tenants too, or is oneself"),
    (status = 404, description = "No such person, or not visible"),
))]
pub async fn issue(
    State(web): State<crate::State>,
    caller: Caller<Native>,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let issued = issue::run(&web.ctx, &caller, UserId::from_uuid(id)).await?;
    Ok(answer(StatusCode::CREATED, JSON, &convert::issued(&issued)))
}
