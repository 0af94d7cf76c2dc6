//! Signing in and out.

use app::sessions::sign_in::{Command, Handed, SignedIn, Through};
use app::sessions::{sign_in, sign_out};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::ExposeSecret;

use super::fields::Fields;
use super::{Native, wire};
use crate::dialects::{JSON, answer};
use crate::extract::caller::From as CalledFrom;
use crate::extract::{Caller, Object};
use crate::refusal::Refusal;

/// Sign in with e-mail and password, and a code where an authenticator is enrolled.
///
/// `tenant` is a key or an id; without it, an operator gets none and others their default tenant. A 401 with code
/// `mfa_required` asks for the same call with `code`.
#[utoipa::path(post, path = "", request_body = wire::SignIn, responses(
    (status = 200, body = wire::SignedIn),
    (status = 401, description = "`invalid_credentials`, `locked`, `mfa_required` or `invalid_code`"),
))]
pub async fn sign_in(
    State(web): State<crate::State>,
    from: CalledFrom,
    body: Object<Native>,
) -> Result<Response, Refusal> {
    let mut fields = Fields::of(body.map);
    let command = Command {
        email: fields.text("email"),
        password: fields.secret("password"),
        tenant: fields.optional_text("tenant"),
        code: fields.optional_text("code"),
        through: Through::Native,
        origin: from.origin,
        place: from.place,
    };
    fields.done()?;
    let SignedIn { session, handed, .. } =
        sign_in::run(&web.ctx, command).await.map_err(app::Failure::from)?;
    let Handed::SessionToken(token) = &handed else {
        return Err(Refusal::from(app::Failure::new(app::Kind::Internal, "internal", "Internal error.")));
    };
    let signed_in = wire::SignedIn {
        access_token: token.expose_secret().to_owned(),
        token_type: "bearer",
        expires_at: session.ends_at().rfc3339_millis(),
        session_id: session.id.uuid(),
    };
    Ok(answer(StatusCode::OK, JSON, &signed_in))
}

/// End the session of the presented credential.
#[utoipa::path(post, path = "", responses(
    (status = 204, description = "Ended"),
    (status = 400, description = "The credential has no session"),
))]
pub async fn sign_out(
    State(web): State<crate::State>,
    caller: Caller<Native>,
) -> Result<StatusCode, Refusal> {
    sign_out::session(&web.ctx, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
