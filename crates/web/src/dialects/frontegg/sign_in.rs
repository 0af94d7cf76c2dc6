//! Signing in by password (group General, frontegg.md §4).

use app::sessions::sign_in::{self as app_sign_in, Command, Error, Handed, Pending, Through};
use app::{Ctx, Failure};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::ExposeSecret;

use super::{Frontegg, fields, grant, refuse, wire};
use crate::dialects::{JSON, answer};
use crate::extract::{Object, caller};
use crate::refusal::Refusal;

/// Authenticates a user by password.
#[utoipa::path(post, path = "", 
    request_body(content = wire::SignIn, example = json!({
        "email": "mira.holt@northwind.example", "password": "correct horse battery staple"})),
    responses(
    (status = 200, body = wire::AuthResponse, example = json!({
        "tokenType": "bearer", "mfaRequired": false, "mfaEnrolled": false, "accessToken": "eyJhbGciOiJSUzI1NiIs",
        "refreshToken": "hr_Q0v7", "expiresIn": 3600, "expires": "2026-11-22T10:00:00.000Z",
        "userId": "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01", "userEmail": "mira.holt@northwind.example",
        "emailVerified": true})),
    (status = "4XX", body = wire::Refused<'static>),
    (status = "5XX", body = wire::Refused<'static>),
))]
pub async fn sign_in(
    State(web): State<crate::State>,
    from: caller::From,
    body: Object<Frontegg>,
) -> Result<Response, Refusal> {
    let fields::SignIn { email, password } = fields::sign_in(body.map, web.ctx.config.passwords.max_bytes)?;
    let command = Command {
        email,
        password,
        tenant: None,
        code: None,
        through: Through::Frontegg,
        origin: from.origin,
        place: from.place,
    };
    let signed_in = match app_sign_in::run(&web.ctx, command).await {
        Ok(signed_in) => signed_in,
        Err(Error::MfaRequired(Some(pending))) => {
            return Ok(answer(StatusCode::OK, JSON, &wants_more(&web.ctx, &pending)));
        }
        Err(error) => return Err(refused(error)),
    };
    let Handed::Grant(granted) = signed_in.handed else { return Err(refuse::invalid_authentication()) };
    let audience = grant::audience(&web.ctx).await?;
    grant::hand_out(&web, StatusCode::OK, &granted, &signed_in.profile, &audience).await
}

fn refused(error: Error) -> Refusal {
    match error {
        Error::InvalidCredentials | Error::MfaRequired(_) => refuse::invalid_authentication(),
        Error::Locked => refuse::locked(),
        Error::InvalidCode => refuse::invalid_code(),
        Error::Busy(busy) => Failure::from(busy).into(),
        Error::Store(error) => Failure::from(error).into(),
    }
}

/// The right password of somebody who must give a second factor: no session, no cookie yet.
fn wants_more(ctx: &Ctx, pending: &Pending) -> wire::AuthResponse {
    let devices = |device: uuid::Uuid| wire::MfaDevices {
        authenticators: vec![wire::MfaDevice { id: device.to_string() }],
        ..wire::MfaDevices::default()
    };
    wire::AuthResponse {
        token_type: "bearer",
        mfa_required: true,
        mfa_token: Some(pending.mfa_token.expose_secret().to_owned()),
        mfa_enrolled: pending.device.is_some(),
        mfa_devices: pending.device.map(devices),
        access_token: String::new(),
        refresh_token: String::new(),
        expires_in: 0,
        expires: ctx.now().rfc3339_millis(),
        user_id: None,
        user_email: None,
        email_verified: None,
    }
}
