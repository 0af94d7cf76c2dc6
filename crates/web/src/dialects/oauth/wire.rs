//! The JSON of OAuth, field for field (insights.md §1).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is posted to `/oauth/token`. The document's alone: the form is read by hand, in the order of its refusals.
#[derive(Deserialize, ToSchema)]
#[schema(as = TokenRequest)]
#[expect(dead_code, reason = "describes the form in the document")]
pub struct TokenForm {
    /// `password` or `refresh_token`.
    #[schema(example = "password")]
    grant_type: String,
    /// The e-mail address; with `password`.
    username: Option<String>,
    /// With `password`.
    password: Option<String>,
    /// With `refresh_token`.
    refresh_token: Option<String>,
    /// Here, or by HTTP Basic.
    #[schema(example = "fixstreamapp")]
    client_id: Option<String>,
    /// Here, or by HTTP Basic.
    client_secret: Option<String>,
    /// Names with blanks or commas between; absent: all that the client has, or all that was first granted.
    #[schema(example = "read write trust")]
    scope: Option<String>,
}

/// A sign-in, or its renewal. No `Debug`: it holds the tokens themselves.
#[derive(Serialize, ToSchema)]
pub struct Token {
    /// A JWT (RFC 9068).
    pub access_token: String,
    /// `bearer`, lower case.
    pub token_type: &'static str,
    /// Opaque, used once.
    pub refresh_token: String,
    /// Seconds that the access token has left.
    #[schema(minimum = 1)]
    pub expires_in: u64,
    /// Names joined by one blank, in the order asked.
    pub scope: String,
    pub user: User,
    /// Equals the claim `jti` of the access token.
    pub jti: String,
}

/// Who signed in.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The display name, else the e-mail.
    pub name: String,
    /// The e-mail.
    pub user_name: String,
    pub email_address: String,
    #[schema(required)]
    pub group: Option<String>,
}

/// Why not (RFC 6749 §5.2, RFC 6750 §3.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    #[schema(example = "invalid_grant")]
    pub error: &'static str,
    #[schema(example = "Bad credentials")]
    pub error_description: String,
    /// The scope that is missing, with `insufficient_scope` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'static str>,
}
