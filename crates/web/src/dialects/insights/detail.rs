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
/// A credential that is bound by scopes needs `read`.
#[utoipa::path(get, path = "", responses(
    (status = 200, body = wire::Detail, example = json!({
        "name": "Mira Holt", "firstName": "Mira", "lastName": "Holt", "middleName": null,
        "email": "mira.holt@northwind.example", "emailAddress": "mira.holt@northwind.example",
        "phone": "+351 555 0100", "password": null, "createdBy": "superadmin", "lastUpdatedBy": "superadmin",
        "userType": "USER", "authenticationType": "LOCAL",
        "defaultOrg": "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01:Northwind Traders",
        "defaultSite": [{"3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01:Northwind Traders":
            "91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01:Lisbon"}],
        "lastUserUpdateTime": "2026-11-24T08:00:00.000Z", "lastLoginTime": "2026-11-24T08:15:30.120Z",
        "group": "ADMIN_GROUP",
        "orgPrivilegeMap": {"3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01:Northwind Traders": [{
            "siteList": ["91aa3c0e-1d7a-4c55-8f0b-5b1c9a6b0c01:Lisbon",
                "0193a1c2-0000-7000-8000-000000000002:Porto"],
            "roles": ["admin"], "privileges": ["*"],
        }]},
    })),
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
