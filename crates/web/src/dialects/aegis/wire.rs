//! Aegis' JSON, field for field (aegis.md).

use serde::Serialize;
use utoipa::ToSchema;

/// `GET /auth/me`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub email: String,
    /// Key of a role; the built-in `guest` is `view` here.
    pub role: String,
    /// True by nature: the credential of somebody inactive is refused.
    pub is_active: bool,
}

/// Done.
#[derive(Serialize, ToSchema)]
pub struct Passed {
    pub status: Pass,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Pass {
    Pass,
}

/// Every refusal.
#[derive(Serialize, ToSchema)]
pub struct Refused<'t> {
    pub status: Fail,
    pub message: &'t str,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fail {
    Fail,
}
