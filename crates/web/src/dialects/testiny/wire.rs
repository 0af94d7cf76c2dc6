//! Testiny's JSON, field for field (testiny.md §2, 3).

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// `GET /account/me`: what the product's page calls `AuthInfo`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthInfo {
    pub user_id: i64,
    pub email: String,
    /// `""` when unknown.
    pub first_name: String,
    /// `""` when unknown.
    pub last_name: String,
    pub auth_type: AuthType,
    /// `yyyy-MM-ddTHH:mm:ss.SSSZ`; the last second of the year 9999 for a credential that never expires.
    #[schema(format = DateTime)]
    pub token_expires_at: String,
    /// Sorted, without repeats.
    pub tenant_features: Vec<String>,
    /// Newest first, at most 100.
    pub sessions: Vec<Session>,
    pub quotas: BTreeMap<String, Quota>,
}

/// How the user signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthType {
    LocalPassword,
    LocalMfa,
    TenantSso,
}

/// An open interactive session. Its id is no credential.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub id: i64,
    /// Key of the tenant.
    pub tenant: String,
    /// `User-Agent` of the sign-in.
    pub agent: String,
    /// The country of the sign-in, `""` when unknown.
    pub geo: String,
    #[schema(format = DateTime)]
    pub login_at: String,
}

#[derive(Serialize, ToSchema)]
pub struct Quota {
    pub limit: i64,
    pub used: i64,
}

/// Every refusal.
#[derive(Serialize, ToSchema)]
pub struct Refused<'t> {
    pub code: &'t str,
    /// The HTTP status.
    pub status: u16,
    pub message: &'t str,
    /// The `X-Request-Id` of the answer.
    pub reqid: &'t str,
}
