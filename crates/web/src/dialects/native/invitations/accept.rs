//! `/v1/invitations/accept`.

use app::invitations::accept::{self, Command};
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::{convert, wire};
use crate::dialects::native::Native;
use crate::dialects::native::fields::Fields;
use crate::dialects::{JSON, answer};
use crate::extract::caller::From as CalledFrom;
use crate::extract::{Caller, Object};
use crate::refusal::Refusal;
use crate::state;

/// Who calls, where somebody does: a credential that is presented must be good.
pub struct Perhaps(Option<Caller<Native>>);

impl FromRequestParts<state::State> for Perhaps {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &state::State) -> Result<Self, Refusal> {
        match Caller::<Native>::from_request_parts(parts, state).await {
            Ok(caller) => Ok(Self(Some(caller))),
            Err(Refusal::NoCredential) => Ok(Self(None)),
            Err(refusal) => Err(refusal),
        }
    }
}

/// Accept an invitation.
///
/// Somebody new chooses a password. Somebody with an account joins with the password he has, and a `code` where an
/// authenticator is enrolled; or without one, by his own session in `Authorization`. Whose account has no password yet
/// chooses the first one, where the link was mailed to him, or the account is in no other tenant and no operator's.
#[utoipa::path(post, path = "", request_body = wire::Acceptance, responses(
    (status = 200, body = wire::Accepted),
    (status = 400, description = "`invalid_token`: wrong, used, expired, withdrawn or replaced"),
    (status = 401, description = "`invalid_credentials`, `locked`, `mfa_required` or `invalid_code`"),
    (status = 403, description = "`quota_exceeded`; or the session is another person's"),
    (status = 409, description = "`no_password`: the account has none, and this link may not set one; `conflict`: a member already"),
))]
pub async fn accept(
    State(web): State<crate::State>,
    Perhaps(caller): Perhaps,
    from: CalledFrom,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let command = Command {
        token: fields.secret("token"),
        password: fields.optional_text("password").map(Into::into),
        code: fields.optional_text("code"),
        name: fields.optional_text("name"),
        origin: from.origin,
    };
    fields.done()?;
    let accepted = accept::run(&web.ctx, caller.as_deref(), command).await?;
    Ok(answer(StatusCode::OK, JSON, &convert::accepted(&accepted)))
}
