//! What `/v1/tenants` takes and answers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::dialects::native::texts;

/// A tenant in a list.
#[derive(Serialize, ToSchema)]
pub struct TenantListed {
    pub id: Uuid,
    pub number: i64,
    pub key: String,
    pub name: String,
    pub created_at: String,
    pub updated_at: String,
}

/// A tenant.
#[derive(Serialize, ToSchema)]
pub struct TenantShown {
    pub id: Uuid,
    pub number: i64,
    pub key: String,
    pub name: String,
    /// What it is entitled to.
    pub features: Vec<String>,
    /// Name → limit, and how much is used.
    pub quotas: BTreeMap<String, QuotaShown>,
    pub metadata: Map<String, Value>,
    /// `null`: none, or the credential does not permit `billing:read`.
    pub billing_id: Option<Uuid>,
    /// `null`: no policy.
    pub mfa: Option<MfaPolicy>,
    /// `null`: as the installation does it.
    pub lockout: Option<Lockout>,
    pub created_at: String,
    pub updated_at: String,
}

/// How much of something a tenant may have.
#[derive(Serialize, ToSchema)]
pub struct QuotaShown {
    pub limit: i64,
    /// Of `users` and `api_tokens`; 0 for what Herald does not count.
    pub used: i64,
}

/// Whether members must sign in with a second factor.
#[derive(Serialize, ToSchema)]
pub struct MfaPolicy {
    /// `DontForce`, `Force` or `ForceExceptSAML`.
    pub enforce: &'static str,
    pub remember_device: bool,
    /// Seconds.
    pub device_ttl: i64,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewMfaPolicy {
    enforce: texts::Enforcement,
    #[schema(nullable = false)]
    remember_device: Option<bool>,
    /// Seconds.
    #[schema(nullable = false, minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    device_ttl: Option<i64>,
}

/// For users whose default tenant it is.
#[derive(Serialize, ToSchema)]
pub struct Lockout {
    /// Failed sign-ins before a lockout.
    pub attempts: i64,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewLockout {
    /// Failed sign-ins before a lockout: 1 to 1000.
    #[schema(minimum = 1, maximum = 1000)]
    attempts: i64,
}

/// A new tenant: `key` and `name` must be there.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewTenant {
    /// 1 to 64 of `a-z 0-9 - _ .`.
    #[schema(format = "key")]
    key: String,
    /// 1 to 256 characters.
    #[schema(max_length = 256, format = "name")]
    name: String,
    #[schema(max_items = 100, value_type = Option<Vec<texts::Word>>)]
    features: Option<Vec<String>>,
    /// Name → limit.
    #[schema(value_type = Option<BTreeMap<texts::QuotaName, texts::Limit>>)]
    quotas: Option<BTreeMap<String, i64>>,
    /// 16 KiB at most.
    metadata: Option<Map<String, Value>>,
    billing_id: Option<Uuid>,
    #[schema(value_type = Option<NewMfaPolicy>)]
    mfa: Option<MfaPolicy>,
    #[schema(value_type = Option<NewLockout>)]
    lockout: Option<Lockout>,
}

/// What may be changed of a tenant; an absent field stays. `key`, `features`, `quotas` and `billing_id` are the
/// operators' to change.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct TenantChange {
    #[schema(nullable = false, format = "key")]
    key: Option<String>,
    #[schema(nullable = false, max_length = 256, format = "name")]
    name: Option<String>,
    /// Replaces all of it.
    #[schema(nullable = false, max_items = 100, value_type = Option<Vec<texts::Word>>)]
    features: Option<Vec<String>>,
    /// Replaces all of it: name → limit.
    #[schema(nullable = false, value_type = Option<BTreeMap<texts::QuotaName, texts::Limit>>)]
    quotas: Option<BTreeMap<String, i64>>,
    /// Replaces all of it; 16 KiB at most.
    #[schema(nullable = false)]
    metadata: Option<Map<String, Value>>,
    /// `null` takes it away.
    billing_id: Option<Uuid>,
    /// `null` takes it away.
    #[schema(value_type = Option<NewMfaPolicy>)]
    mfa: Option<MfaPolicy>,
    /// `null` takes it away.
    #[schema(value_type = Option<NewLockout>)]
    lockout: Option<Lockout>,
}

/// A named part of a tenant.
#[derive(Serialize, ToSchema)]
pub struct Site {
    pub id: Uuid,
    pub key: String,
    pub name: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewSite {
    /// 1 to 64 of `a-z 0-9 - _ .`; never changes.
    #[schema(format = "key")]
    key: String,
    /// 1 to 256 characters.
    #[schema(max_length = 256, format = "name")]
    name: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct SiteChange {
    #[schema(nullable = false, max_length = 256, format = "name")]
    name: Option<String>,
}

/// The networks by which the access types of endpoints are told, in CIDR form.
#[derive(Serialize, ToSchema)]
pub struct Networks {
    pub private: Vec<String>,
    pub partner: Vec<String>,
}

/// Both lists anew; 1000 in each at most.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewNetworks {
    #[schema(max_items = 1000, value_type = Vec<texts::Network>)]
    private: Vec<String>,
    #[schema(max_items = 1000, value_type = Vec<texts::Network>)]
    partner: Vec<String>,
}

/// How a list is asked for, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct ByKey {
    /// `next` of the part before.
    #[param(format = "text-cursor")]
    after: Option<String>,
    /// Rows at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// The same with a search.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct SearchByKey {
    /// The beginning of the key.
    #[param(max_length = 512)]
    search: Option<String>,
    /// `next` of the part before.
    #[param(format = "text-cursor")]
    after: Option<String>,
    /// Rows at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// A live token of the tenant, its own or a member's; never the secret.
#[derive(Serialize, ToSchema)]
pub struct TokenOfTenant {
    pub id: Uuid,
    pub number: i64,
    /// `api_key` or `signed`.
    pub kind: &'static str,
    pub name: String,
    /// Id of the user who owns it; `null`: the tenant's own.
    pub owner: Option<Uuid>,
    pub owner_email: Option<String>,
    /// Keys: of the tenant's own what it holds, of a member's the role that cuts it down, if any.
    pub roles: Vec<String>,
    /// Those that bound the credential it was made with; `null`: no scope binds it.
    pub scopes: Option<Vec<String>>,
    pub utility: Option<&'static str>,
    pub revealable: bool,
    pub created_at: String,
    /// `null`: never.
    pub expires_at: Option<String>,
    /// To the minute; `null`: not yet.
    pub last_used_at: Option<String>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewTokenOfTenant {
    /// 1 to 100 characters.
    #[schema(max_length = 100, format = "name")]
    name: String,
    /// Keys of the roles that it holds, 1 to 20: none that the presented credential may not give, or that permits more
    /// than it does.
    #[schema(min_items = 1, max_items = 20)]
    roles: Vec<String>,
    /// Seconds; without it, as long as the installation allows.
    #[schema(minimum = 1, maximum = 31_536_000)]
    expires_in: Option<u64>,
    /// `EXTERNAL_API`, `CICD` or `BURP`.
    #[schema(value_type = Option<texts::Utility>)]
    utility: Option<String>,
    /// Without it, if it has a utility.
    revealable: Option<bool>,
}

/// A new token, with its secret.
#[derive(Serialize, ToSchema)]
pub struct MintedTokenOfTenant {
    /// Shown this once.
    pub token: String,
    #[serde(flatten)]
    pub row: TokenOfTenant,
}

/// An address at which somebody asked to be told.
#[derive(Serialize, ToSchema)]
pub struct Webhook {
    pub id: Uuid,
    pub number: i64,
    /// Id of the user whose it is.
    pub owner: Uuid,
    pub name: String,
    /// Who knows it may post there: `null` for who may not write it.
    pub url: Option<String>,
    /// `SLACK`.
    pub kind: String,
    pub created_at: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewWebhook {
    /// 1 to 256 characters.
    #[schema(max_length = 256, format = "name")]
    name: String,
    /// `https://…`, at most 2048 characters.
    #[schema(max_length = 2048, format = "webhook")]
    url: String,
    /// `SLACK`.
    #[schema(value_type = texts::WebhookKind)]
    kind: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct WebhookChange {
    #[schema(nullable = false, max_length = 256, format = "name")]
    name: Option<String>,
    #[schema(nullable = false, max_length = 2048, format = "webhook")]
    url: Option<String>,
}
