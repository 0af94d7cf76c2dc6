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

/// Every refusal: never without a text.
#[derive(Serialize, ToSchema)]
pub struct Refused<'t> {
    #[serde(rename = "actionErrors")]
    pub action_errors: Vec<&'t str>,
}
