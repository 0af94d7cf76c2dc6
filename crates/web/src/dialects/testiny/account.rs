//! The logged-on user (testiny.md §2).

use app::Profile;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;

use super::{JSON_UTF8, Testiny, convert, wire};
use crate::dialects::{body, rendered};
use crate::extract::Known;
use crate::refusal::Refusal;

/// The caller, the open sessions of the caller, features and quotas of the tenant.
#[utoipa::path(get, path = "", responses(
    (status = 200, body = wire::AuthInfo, example = json!({
        "userId": 4102, "email": "mira.holt@northwind.example", "firstName": "Mira", "lastName": "Holt",
        "authType": "LOCAL_PASSWORD", "tokenExpiresAt": "2026-11-24T20:15:30.000Z",
        "tenantFeatures": ["agents", "audit-log", "sso"],
        "sessions": [{"id": 77, "tenant": "northwind", "agent": "Mozilla/5.0 (X11; Linux x86_64)", "geo": "PT",
            "loginAt": "2026-11-24T08:15:30.000Z"}],
        "quotas": {"api_tokens": {"limit": 100, "used": 2}, "users": {"limit": 50, "used": 5}},
    })),
    (status = "4XX", body = wire::Refused),
    (status = "5XX", body = wire::Refused),
))]
pub async fn me(State(web): State<crate::State>, known: Known<Testiny>) -> Result<Response, Refusal> {
    let entry = &*known.entry;
    let render = |profile: &Profile, account| body(&convert::auth_info(profile, &entry.principal, account));
    let body = app::account::answer(&web.ctx, entry, render).await?;
    Ok(rendered(StatusCode::OK, JSON_UTF8, Bytes::from_owner(body)))
}
