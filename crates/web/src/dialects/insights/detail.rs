//! `GET /api/v2/users/loggedIn/detail`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::standing::Dead;

use super::{Insights, convert, wire};
use crate::dialect::Dialect;
use crate::dialects::oauth::refuse::MEDIA;
use crate::dialects::oauth::wire::Problem;
use crate::dialects::{Ready, ready};
use crate::extract::Known;
use crate::extract::credential::One;
use crate::refusal::Refusal;

/// The calling user: names, last sign-in, organisations, sites and privileges.
///
/// An OAuth access token needs the scope `read`.
#[utoipa::path(get, path = "", responses(
    (status = 200, body = wire::Detail),
    (status = "4XX", body = Problem),
    (status = "5XX", body = Problem),
))]
pub async fn detail(
    State(web): State<crate::State>,
    headers: HeaderMap,
    caller: Result<Known<Insights>, Refusal>,
) -> Result<Response, Refusal> {
    let Known { entry, .. } = caller.map_err(|refusal| as_told(refusal, &headers))?;
    let Some(profile) = entry.principal.profile() else { return Err(Refusal::NotAUser) };
    // The entry is read anew when a membership ends.
    Ok(ready(&entry, Ready::InsightsDetail, MEDIA, || convert::detail(profile, web.ctx.now())))
}

/// "Expired" is told of what bears our signature; an opaque key or session that is over is told like any unknown.
fn as_told(refusal: Refusal, headers: &HeaderMap) -> Refusal {
    match (refusal, Insights::presented(headers).main) {
        (Refusal::Unproven { dead: Dead::Expired, sent }, One::Value(main)) if !is_jwt(main.value) => {
            Refusal::Unproven { dead: Dead::Unknown, sent }
        }
        (refusal, _) => refusal,
    }
}

/// By its form alone: one that is expired has been verified before.
fn is_jwt(credential: &[u8]) -> bool {
    credential.starts_with(b"eyJ") && credential.split(|byte| *byte == b'.').count() == 3
}
