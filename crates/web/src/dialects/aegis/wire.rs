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

/// `POST /api/tokens/{provider}`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the document: the fields are read one by one, each with its own refusal")]
pub struct NewToken {
    /// Key of a role of the tenant; the built-in `guest` is `view` here. What the token may do at most.
    role: String,
    /// Seconds from now; 30 days when absent.
    #[schema(minimum = 1, maximum = 31_536_000)]
    expiry: Option<i64>,
    #[schema(max_length = 100, format = "name")]
    name: Option<String>,
}

/// A token, shown this once.
#[derive(Serialize, ToSchema)]
pub struct MintedToken<'t> {
    /// A JWT.
    pub token: &'t str,
    #[schema(format = DateTime)]
    pub expiry: String,
    pub id: uuid::Uuid,
}

/// A live API key or signed token; never the credential or a part of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Token<'t> {
    pub id: uuid::Uuid,
    pub name: &'t str,
    pub provider: &'t str,
    /// Its cap, else the strongest role of its owner.
    pub role: &'t str,
    /// E-mail; `""` where nobody is known.
    pub created_by: &'t str,
    #[schema(format = DateTime)]
    pub created_at: String,
    /// `null`: it never expires.
    #[schema(format = DateTime)]
    pub expiry: Option<String>,
}

/// A member of the tenant.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User<'t> {
    pub email: &'t str,
    /// `""` when unknown.
    pub name: &'t str,
    /// How the user signs in.
    pub provider: &'t str,
    /// The strongest role.
    pub role: &'t str,
    /// False when the membership or the user is deactivated, locked or over.
    pub is_active: bool,
}

/// `PUT` and `POST /api/users/{email}`: at least one of the two.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "for the document: the fields are read one by one, each with its own refusal")]
pub struct UserChange {
    /// The one role that the user shall hold in the tenant; the built-in `guest` is `view` here.
    #[schema(nullable = false)]
    role: Option<String>,
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

/// A user after a deprecated change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct State<'t> {
    pub role: &'t str,
    pub is_active: bool,
}

/// Done to a user.
#[derive(Serialize, ToSchema)]
pub struct Changed<'t> {
    pub status: Pass,
    /// As stored.
    pub email: &'t str,
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
