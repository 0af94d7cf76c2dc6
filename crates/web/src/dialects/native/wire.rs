//! What `/v1` answers, field for field: snake_case, times RFC 3339 UTC with milliseconds, every key always there.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who is calling.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub user: User,
    /// `null` for an operator above all tenants.
    pub tenant: Option<Tenant>,
    /// Keys of the roles held in that tenant, strongest first; the cap of the credential is not counted in.
    pub roles: Vec<String>,
    /// What the credential permits, as patterns: `users:read`, `devices:*`, `*`.
    pub permissions: Vec<String>,
    pub features: Vec<String>,
    /// Name → limit.
    pub quotas: BTreeMap<String, i64>,
    pub credential: Credential,
    /// Runs the installation.
    pub operator: bool,
}

#[derive(Serialize, ToSchema)]
pub struct User {
    pub id: Uuid,
    pub number: i64,
    pub email: String,
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
    pub picture: Option<String>,
    pub verified: bool,
    pub mfa_enrolled: bool,
    pub created_at: String,
    pub updated_at: String,
    /// The newest interactive sign-in; `null` if never.
    pub last_login_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Tenant {
    pub id: Uuid,
    pub key: String,
    pub name: String,
}

/// What was presented.
#[derive(Serialize, ToSchema)]
pub struct Credential {
    /// `session`, `api_key`, `signed_token`, `oauth_access_token` or `frontegg_user_token`.
    pub kind: &'static str,
    pub id: Uuid,
    /// `null`: never.
    pub expires_at: Option<String>,
    /// Key of the role that cuts it down.
    pub cap: Option<String>,
    /// Of an OAuth access token; `null`: it is bound to none.
    pub scopes: Option<Vec<String>>,
}
