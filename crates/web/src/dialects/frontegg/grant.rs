//! What a sign-in and a refresh answer: the signed user token, the refresh token, and its cookie.

use app::sessions::Grant;
use app::{Ctx, Failure, Profile, catalogue};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use secrecy::ExposeSecret;

use super::claims::{Parties, UserToken};
use super::cookie::RefreshCookie;
use super::wire;
use crate::State;
use crate::dialects::{JSON, answer};
use crate::refusal::Refusal;

/// The client id that is `aud` and names the cookies: that of the oldest environment client, else the vendor's.
pub async fn audience(ctx: &Ctx) -> Result<String, Refusal> {
    let client = catalogue::environment(ctx).await.map_err(Failure::from)?;
    Ok(client.map_or_else(|| ctx.vendor_id.to_string(), |client| client.client_id))
}

/// `audience` as from [`audience`].
pub async fn hand_out(
    web: &State,
    status: StatusCode,
    grant: &Grant,
    profile: &Profile,
    audience: &str,
) -> Result<Response, Refusal> {
    let ctx = &web.ctx;
    let catalogue = catalogue::permissions(ctx).await.map_err(Failure::from)?;
    let parties = Parties { issuer: &ctx.config.public_url, audience };
    let claims = UserToken::new(grant, profile, parties, &catalogue);
    let access_token =
        ctx.keys.sign(app::jwt::Purpose::Frontegg, "JWT", &claims).map_err(Failure::internal)?;
    let refresh_token = grant.refresh_token.expose_secret();
    let body = wire::AuthResponse {
        token_type: "bearer",
        mfa_required: false,
        mfa_token: None,
        mfa_enrolled: profile.user.mfa_enrolled,
        mfa_devices: None,
        access_token,
        refresh_token: refresh_token.to_owned(),
        expires_in: grant.expires_in(grant.issued_at),
        expires: grant.access_expires_at.rfc3339_millis(),
        user_id: Some(profile.user.id.to_string()),
        user_email: Some(profile.user.email.as_str().to_owned()),
        email_verified: Some(profile.user.verified),
    };
    let cookie = RefreshCookie::new(audience, &ctx.config.public_url);
    let mut response = answer(status, JSON, &body);
    response.headers_mut().append(SET_COOKIE, cookie.set(refresh_token, ctx.config.tokens.refresh_ttl));
    Ok(response)
}
