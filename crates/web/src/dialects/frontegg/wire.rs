//! The JSON of Frontegg's identity API, field for field (frontegg.md §4, §5). Optional fields without a value are
//! left out, never null.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

/// What signs in.
#[derive(ToSchema)]
pub struct SignIn {
    /// Matched without case, trimmed.
    pub email: String,
    pub password: String,
}

/// What goes on: both may be left out where the cookie is sent.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct Refresh {
    pub refresh_token: Option<String>,
    /// The account to go on in; null: stay.
    pub tenant_id: Option<String>,
}

/// A refusal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refused<'a> {
    pub errors: Vec<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<&'a str>,
}

/// What a sign-in or a refresh hands out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuthResponse {
    pub token_type: &'static str,
    /// No session yet: a second factor is wanted.
    pub mfa_required: bool,
    /// Only while pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_token: Option<String>,
    pub mfa_enrolled: bool,
    /// Only while pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_devices: Option<MfaDevices>,
    /// `""` while pending.
    pub access_token: String,
    /// `""` while pending.
    pub refresh_token: String,
    /// Seconds.
    pub expires_in: u64,
    pub expires: String,
    /// Who signed in; left out while pending, as the two that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
}

/// Devices by kind; Herald knows authenticator apps alone.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct MfaDevices {
    pub webauthn: [MfaDevice; 0],
    pub phones: [MfaDevice; 0],
    pub authenticators: Vec<MfaDevice>,
    pub emails: [MfaDevice; 0],
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MfaDevice {
    pub id: String,
}

/// The profile of a user (`UserV3`).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the product's fields")]
pub struct User {
    pub id: String,
    pub email: String,
    pub name: String,
    pub profile_picture_url: String,
    pub sub: String,
    pub verified: bool,
    pub mfa_enrolled: bool,
    pub mfa_bypass: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    pub provider: String,
    pub tenant_id: String,
    pub tenant_ids: Vec<String>,
    pub activated_for_tenant: bool,
    pub is_locked: bool,
    pub tenants: Vec<UserTenant>,
    pub invisible: bool,
    pub super_user: bool,
    /// JSON text of an object.
    pub metadata: String,
    /// JSON text of an object.
    pub vendor_metadata: String,
    pub created_at: String,
    pub last_login: String,
    pub sub_account_access_allowed: bool,
    /// `frontegg`, `scim2` or `external`.
    pub managed_by: &'static str,
}

/// A user in an account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserTenant {
    pub tenant_id: String,
    pub roles: Vec<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temporary_expiration_date: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    pub id: String,
    pub vendor_id: String,
    /// The account that a common role is shown for; a custom role's own.
    pub tenant_id: String,
    pub key: String,
    pub name: String,
    pub description: String,
    pub is_default: bool,
    pub first_user_role: bool,
    /// Lower is stronger.
    pub level: i64,
    pub created_at: String,
    pub updated_at: String,
    /// Ids of the catalogue's permissions that it gives, in the order of their keys.
    pub permissions: Vec<String>,
}
