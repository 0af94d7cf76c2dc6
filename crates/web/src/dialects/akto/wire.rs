//! Akto's JSON, field for field (akto.md §3).

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// `POST /api/me`.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub user: User,
}

#[derive(Serialize, ToSchema)]
pub struct User {
    /// E-mail address.
    pub login: String,
    /// The e-mail address where no name is known.
    pub name: String,
    /// Upper-case name of a built-in role: `ADMIN`.
    pub role: &'static str,
    /// Number of a tenant in decimal digits → its name.
    pub accounts: BTreeMap<String, String>,
}

/// `POST /api/fetchUserLastLoginTs`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastLogin {
    /// Seconds since 1970 UTC; 0: never.
    pub last_login_ts: i64,
}

/// `POST /api/getCustomRoles`.
#[derive(Serialize, ToSchema)]
pub struct CustomRoles {
    pub roles: Vec<CustomRole>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomRole {
    pub name: String,
    /// Upper-case name of a built-in role.
    pub base_role: &'static str,
    pub api_collection_ids: Vec<i64>,
    /// The same list under the other name in use.
    pub api_collections_id: Vec<i64>,
    pub default_invite_role: bool,
    pub allowed_features_for_user: Vec<String>,
    pub threat_protection_enabled: bool,
}

/// `POST /api/getRoleHierarchy`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hierarchy {
    /// Upper-case names of built-in roles.
    pub user_role_hierarchy: Vec<&'static str>,
}

/// The body of `POST /api/getAccessTypes`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Urls {
    /// Byte for byte as they are stored.
    #[schema(max_items = 2000, example = json!(["/v1/orders", "/v1/admin/users"]))]
    urls: Vec<String>,
}

/// `POST /api/getAccessTypes`: the same list under both names in use.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessTypes {
    pub response: ApiInfos,
    pub api_infos: Vec<ApiInfo>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiInfos {
    pub api_infos: Vec<ApiInfo>,
}

#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiInfo {
    pub url: String,
    /// `PUBLIC`, else `PARTNER`, else `THIRD_PARTY`, else `PRIVATE`; `null` where none is known.
    pub access_type: Option<&'static str>,
    /// Sorted.
    pub api_access_types: Vec<&'static str>,
    pub id: ApiId,
}

#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiId {
    pub api_collection_id: i64,
    pub method: String,
    pub url: String,
}

/// `POST /api/fetchApiTokens`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiTokens {
    pub api_token_list: Vec<ApiToken>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiToken {
    /// Of a key, or of a webhook: each counts for itself.
    pub id: i64,
    /// The key, or the address of a webhook; `********` where it is not shown.
    pub key: String,
    /// `EXTERNAL_API`, `CICD`, `BURP` or `SLACK`.
    pub utility: String,
    pub user_id: i64,
    pub name: String,
    /// E-mail address.
    pub username: String,
    /// Creation, in seconds since 1970 UTC.
    pub timestamp: i64,
    pub account_id: i64,
}

/// The body of `POST /api/getCustomerStiggDetails`.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Customer {
    /// `billing_id` or id of a tenant.
    #[schema(format = Uuid, example = "550e8400-e29b-41d4-a716-446655440000")]
    customer_id: String,
}

/// `POST /api/getCustomerStiggDetails`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerToken {
    /// `HMAC-SHA256 <id>:<hex>`.
    pub customer_token: String,
}

/// The body of `POST /api/getUserAnalysis`.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Asked {
    #[schema(example = "claude-desktop", pattern = r"\S")]
    agent_id: String,
    #[schema(example = "lt-4471", pattern = r"\S")]
    device_id: String,
}

/// `POST /api/getUserAnalysis`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Analysis {
    /// `null` where nothing is known.
    #[schema(required)]
    pub user_analysis: Option<UserAnalysis>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserAnalysis {
    pub agent_id: String,
    pub device_id: String,
    pub analysis_data: AnalysisData,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnalysisData {
    pub user_name: String,
    pub total_input_tokens: i64,
    pub total_output_tokens: i64,
    /// Domain → topic → count.
    pub topic_hierarchy: BTreeMap<String, BTreeMap<String, i64>>,
    /// Five at most.
    pub dominant_topics: Vec<String>,
    /// By category.
    pub harmful_topics: BTreeMap<String, HarmfulTopic>,
    /// Always empty: Herald summarises nothing.
    pub ai_summary: &'static str,
    /// Milliseconds since 1970 UTC.
    pub last_updated_at: i64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HarmfulTopic {
    pub count: i64,
    /// Milliseconds since 1970 UTC.
    pub last_seen_at: i64,
    pub last_reason: String,
}

/// Every refusal: never without a text.
#[derive(Serialize, ToSchema)]
pub struct Refused<'t> {
    #[serde(rename = "actionErrors")]
    pub action_errors: Vec<&'t str>,
}
