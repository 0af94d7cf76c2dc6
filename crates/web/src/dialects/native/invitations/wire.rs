//! The JSON of invitations and password resets, field for field.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An open invitation.
#[derive(Serialize, ToSchema)]
pub struct Invitation {
    pub id: Uuid,
    pub email: String,
    /// Of the person, where he has no account yet.
    pub name: Option<String>,
    /// Keys.
    pub roles: Vec<String>,
    /// Keys.
    pub sites: Vec<String>,
    /// When the membership shall end; `null`: not by itself.
    pub expires_at: Option<String>,
    /// Id of the user.
    pub invited_by: Option<Uuid>,
    pub created_at: String,
    pub link_expires_at: String,
}

/// An invitation that was just made.
#[derive(Serialize, ToSchema)]
pub struct Invited {
    #[serde(flatten)]
    pub invitation: Invitation,
    #[serde(flatten)]
    pub delivered: Delivered,
}

/// How the person gets the link.
#[derive(Serialize, ToSchema)]
pub struct Delivered {
    /// `mail`, or `link`: give it to the person, it is shown this once.
    pub delivery: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Whom to invite, and as what.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewInvitation {
    #[schema(max_length = 254, format = "email")]
    email: String,
    /// Keys; without any, the tenant's role for the invited.
    #[schema(max_items = 100)]
    roles: Option<Vec<String>>,
    /// Keys.
    #[schema(max_items = 100)]
    sites: Option<Vec<String>>,
    /// When the membership shall end.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[schema(max_length = 255, format = "name")]
    name: Option<String>,
    /// How long the link works, in seconds: 60 to 2592000; 604800 unless said.
    #[schema(minimum = 60, maximum = 2_592_000)]
    lives: Option<u64>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct Acceptance {
    /// From the link: what stands behind `#token=`.
    token: String,
    /// To choose, or the one he has; not asked where a session is presented.
    #[schema(format = "password")]
    password: Option<String>,
    /// Of the authenticator, where one is enrolled.
    code: Option<String>,
    /// Of somebody new.
    #[schema(max_length = 255, format = "name")]
    name: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Accepted {
    pub user_id: Uuid,
    /// Whether the account was made by this.
    pub new_user: bool,
    pub tenant: crate::dialects::native::wire::Tenant,
    /// Keys, strongest first.
    pub roles: Vec<String>,
    /// Keys.
    pub sites: Vec<String>,
    /// When the membership ends; `null`: not by itself.
    pub expires_at: Option<String>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct ResetRequest {
    #[schema(max_length = 254, format = "email")]
    email: String,
}

#[derive(Serialize, ToSchema)]
pub struct ResetRequested {
    /// `accepted`, whoever's address it is.
    pub status: &'static str,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct ResetCompletion {
    /// From the link: what stands behind `#token=`.
    token: String,
    #[schema(format = "password")]
    password: String,
}

/// A link to a new password.
#[derive(Serialize, ToSchema)]
pub struct ResetLink {
    #[serde(flatten)]
    pub delivered: Delivered,
    pub link_expires_at: String,
}
