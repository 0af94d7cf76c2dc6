//! A person, known by one e-mail address across the installation.

use crate::ids::{SiteId, TenantId, UserId};
use crate::{EmailAddress, Timestamp};

/// Texts that are unknown are `None`, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each a column and a wire field")]
pub struct User {
    pub id: UserId,
    /// Positive, never reused: the id in dialects whose ids are integers.
    pub number: i64,
    pub email: EmailAddress,
    pub name: Option<String>,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
    pub picture: Option<String>,
    /// `USER` unless a world says otherwise.
    pub kind: String,
    pub group: Option<String>,
    pub verified: bool,
    pub active: bool,
    pub locked: bool,
    /// Runs the installation.
    pub operator: bool,
    /// A flag that Frontegg's pages show; no power.
    pub super_user: bool,
    pub invisible: bool,
    pub mfa_bypass: bool,
    pub mfa_enrolled: bool,
    pub default_tenant: Option<TenantId>,
    pub default_site: Option<SiteId>,
    /// JSON text of an object.
    pub metadata: String,
    /// JSON text of an object.
    pub vendor_metadata: String,
    pub managed_by: Option<String>,
    pub created_by: Option<String>,
    pub updated_by: Option<String>,
    /// `local`, or the name of an identity provider.
    pub provider: String,
    pub last_login_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl User {
    /// The display name, else the e-mail.
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.email.as_str())
    }
}
