//! Signing out (group General, frontegg.md §4): always 201 with zero bytes, whatever was presented.

use app::Failure;
use app::sessions::{end, sign_out};
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::session::Opening;
use secrecy::SecretString;

use super::cookie::RefreshCookie;
use super::who::U;
use super::{Frontegg, grant};
use crate::extract::{Caller, caller};
use crate::refusal::Refusal;

/// Ends the session of the cookie or the bearer, and no other.
#[utoipa::path(post, path = "", responses((status = 201)))]
pub async fn logout(
    State(web): State<crate::State>,
    bearer: Result<Caller<Frontegg, U>, Refusal>,
    from: caller::From,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let ctx = &web.ctx;
    match bearer {
        // A key has no session, and is not revoked by a logout.
        Ok(caller) if caller.principal().credential.session.is_some() => {
            sign_out::session(ctx, &caller).await?;
        }
        // Nobody may believe that a session has ended when nobody could be asked.
        Err(Refusal::Failure(failure)) => return Err(failure.into()),
        Ok(_) | Err(_) => {}
    }
    let audience = grant::audience(ctx).await?;
    let cookie = RefreshCookie::new(&audience, &ctx.config.public_url);
    if let Some(token) = cookie.read(&headers) {
        let token = SecretString::from(token);
        end::by_refresh_token(ctx, &token, Opening::Frontegg, &from.origin).await.map_err(Failure::from)?;
    }
    let mut response = StatusCode::CREATED.into_response();
    for cleared in cookie.clear(&headers) {
        response.headers_mut().append(SET_COOKIE, cleared);
    }
    Ok(response)
}
