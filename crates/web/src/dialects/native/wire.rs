//! What `/v1` answers, field for field: keys in snake case, times RFC 3339 UTC with milliseconds, every key always there.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
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
    pub metadata: Map<String, Value>,
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
    /// Of an OAuth access token, and of a token that was made with one that is bound; `null`: no scope binds it.
    pub scopes: Option<Vec<String>>,
}

/// What may be changed of oneself; an absent field stays, `null` takes it away.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct ProfileChange {
    #[schema(max_length = 255, format = "name")]
    name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    first_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    middle_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    last_name: Option<String>,
    #[schema(max_length = 255, format = "name")]
    phone: Option<String>,
    #[schema(max_length = 4095, format = "name")]
    picture: Option<String>,
    /// Replaces all of it; 16 KiB at most.
    #[schema(nullable = false)]
    metadata: Option<Map<String, Value>>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct SignIn {
    email: String,
    #[schema(format = "password")]
    password: String,
    /// Key or id.
    tenant: Option<String>,
    /// Of the authenticator app.
    code: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    /// For `Authorization: Bearer`, in every dialect.
    pub access_token: String,
    /// Always `bearer`.
    pub token_type: &'static str,
    /// Moves on with use, as far as the session may live.
    pub expires_at: String,
    pub session_id: Uuid,
}

/// An open session.
#[derive(Serialize, ToSchema)]
pub struct Session {
    pub id: Uuid,
    pub number: i64,
    /// Id of the tenant; `null`: an operator's, above all tenants.
    pub tenant: Option<Uuid>,
    /// Through which door it was opened: `native`, `oauth` or `frontegg`.
    pub opened_by: &'static str,
    pub created_at: String,
    /// To the minute.
    pub last_used_at: String,
    pub expires_at: String,
    pub user_agent: String,
    pub ip: String,
    /// Country of the sign-in, `""` where unknown.
    pub place: String,
    /// A second factor was given.
    pub mfa: bool,
    /// The one that asks.
    pub current: bool,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewToken {
    #[schema(min_length = 1, max_length = 100, format = "name")]
    name: String,
    /// Key of the role that cuts it down; without it, the cap of the presented credential, if any.
    role: Option<String>,
    /// Seconds; without it, as long as the installation allows (a year, unless it says otherwise).
    #[schema(minimum = 1, maximum = 31_536_000)]
    expires_in: Option<u64>,
    #[schema(pattern = "^(EXTERNAL_API|CICD|BURP)$")]
    utility: Option<String>,
    /// Whether Akto's dialect may show it again; without it, if it has a utility.
    revealable: Option<bool>,
}

/// An API key or a signed token; never the secret.
#[derive(Serialize, ToSchema)]
pub struct Token {
    pub id: Uuid,
    pub number: i64,
    /// `api_key` or `signed`.
    pub kind: &'static str,
    pub name: String,
    /// Key of the role that cuts it down.
    pub role: Option<String>,
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

/// A new token, with its secret.
#[derive(Serialize, ToSchema)]
pub struct MintedToken {
    /// Shown this once.
    pub token: String,
    #[serde(flatten)]
    pub row: Token,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewPassword {
    #[schema(format = "password")]
    current_password: String,
    #[schema(format = "password")]
    new_password: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct Question {
    /// `resource:verb`.
    #[schema(max_length = 128, format = "permission")]
    permission: String,
    /// Key or id; without it, the tenant of the credential.
    tenant: Option<String>,
    /// Id or e-mail; without it, oneself.
    #[schema(max_length = 254, format = "user")]
    user: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Decision {
    /// By which the log names it.
    pub id: Uuid,
    pub permission: String,
    pub allowed: bool,
    /// The steps that led to it.
    pub reasons: Vec<Reason>,
    /// For a no: the smallest change that turns it; `null` where no single one does.
    pub change: Option<Change>,
}

#[derive(Serialize, ToSchema)]
pub struct Reason {
    /// `membership`, `user`, `credential`, `operator`, `role`, `cap_allows`, `cap_denies`, `scope_lacks`, `no_role`,
    /// `other_tenant`, `operators_only`, `not_yours` or `not_assignable`.
    pub kind: &'static str,
    /// Of a membership: `live`, `inactive`, `ended` or `none`; of a user: `inactive` or `locked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The roles that were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The scope that the credential lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'static str>,
}

#[derive(Serialize, ToSchema)]
pub struct Change {
    /// `unlock_user`, `activate_user`, `activate_membership`, `extend_membership`, `widen_scope`, `lift_cap`,
    /// `switch_tenant`, `give_role` or `join_tenant`.
    pub kind: &'static str,
    /// Key of the role to give, or to join with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The scope that another credential would need to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'static str>,
    /// Id of the tenant to take a credential of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Uuid>,
}

/// A member who is granted a permission.
#[derive(Serialize, ToSchema)]
pub struct Granted {
    pub user: Member,
    /// The steps that led to it.
    pub reasons: Vec<Reason>,
}

#[derive(Serialize, ToSchema)]
pub struct Member {
    pub id: Uuid,
    pub email: String,
    pub name: Option<String>,
}
