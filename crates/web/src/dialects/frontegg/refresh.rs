//! Going on with a refresh token, in the same account or another of one's own (group General, frontegg.md §4).

use app::Failure;
use app::sessions::refresh::{self as app_refresh, Command, Error};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::session::Opening;
use secrecy::{ExposeSecret, SecretString};

use super::cookie::RefreshCookie;
use super::{Frontegg, fields, grant, refuse, wire};
use crate::extract::{Object, caller};
use crate::refusal::Refusal;

/// Rotates the refresh token of the cookie or the body.
#[utoipa::path(post, path = "", 
    request_body(content = Option<wire::Refresh>, example = json!({"refreshToken": "hr_Q0v7"})),
    responses(
    (status = 201, body = wire::AuthResponse, example = json!({
        "tokenType": "bearer", "mfaRequired": false, "mfaEnrolled": false, "accessToken": "eyJhbGciOiJSUzI1NiIs",
        "refreshToken": "hr_Q0v8", "expiresIn": 3600, "expires": "2026-11-22T11:00:00.000Z",
        "userId": "0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01", "userEmail": "mira.holt@northwind.example",
        "emailVerified": true})),
    (status = "4XX", body = wire::Refused<'static>),
    (status = "5XX", body = wire::Refused<'static>),
))]
pub async fn refresh(
    State(web): State<crate::State>,
    from: caller::From,
    headers: HeaderMap,
    body: Object<Frontegg>,
) -> Result<Response, Refusal> {
    let asked = fields::refresh(body.map)?;
    let audience = grant::audience(&web.ctx).await?;
    let cookie = RefreshCookie::new(&audience, &web.ctx.config.public_url);
    let command = Command {
        presented: one(cookie.read(&headers), asked.token)?,
        opening: Opening::Frontegg,
        client: None,
        scope: None,
        tenant: asked.tenant,
        origin: from.origin,
    };
    let refreshed = app_refresh::run(&web.ctx, command).await.map_err(refused)?;
    grant::hand_out(&web, StatusCode::CREATED, &refreshed.grant, &refreshed.profile, &audience).await
}

/// The one token of cookie and body; an empty one counts as none.
fn one(cookie: Option<&str>, body: Option<SecretString>) -> Result<SecretString, Refusal> {
    let body = body.filter(|token| !token.expose_secret().is_empty());
    match (cookie, body) {
        (None, None) => Err(Refusal::NoCredential),
        (Some(cookie), None) => Ok(cookie.into()),
        (Some(cookie), Some(body)) if cookie != body.expose_secret() => {
            let text = "refreshToken must be the one of the cookie";
            Err(Refusal::said(StatusCode::BAD_REQUEST, "", text))
        }
        (_, Some(body)) => Ok(body),
    }
}

fn refused(error: Error) -> Refusal {
    match error {
        Error::Invalid | Error::ScopeTooWide => Failure::unauthenticated().into(),
        Error::SecondFactorWanted => Failure::forbidden().into(),
        Error::TenantNotAssigned => refuse::tenant_not_assigned(),
        Error::Store(error) => Failure::from(error).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookie_and_body_must_agree() {
        let body = |text: &str| Some(SecretString::from(text));
        let token = |cookie, body| one(cookie, body).ok().map(|token| token.expose_secret().to_owned());
        assert_eq!(token(Some("a"), None).as_deref(), Some("a"));
        assert_eq!(token(None, body("a")).as_deref(), Some("a"));
        assert_eq!(token(Some("a"), body("a")).as_deref(), Some("a"));
        assert_eq!(token(Some("a"), body("")).as_deref(), Some("a"));
        assert_eq!(token(Some("a"), body("b")), None);
        assert_eq!(token(None, body("")), None);
        assert_eq!(token(None, None), None);
    }
}
