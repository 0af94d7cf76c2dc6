//! The JSON of OAuth, field for field (insights.md §1).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is posted to `/oauth/token`. The document's alone: the form is read by hand, in the order of its refusals.
#[derive(Deserialize, ToSchema)]
#[schema(as = TokenRequest)]
#[expect(dead_code, reason = "describes the form in the document")]
pub struct TokenForm {
    /// `password`, `refresh_token` or `client_credentials`.
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

/// What a grant hands out. The document's alone.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Granted {
    /// For a password or a refresh token.
    User(Token),
    /// For a client in its own name.
    Client(ClientToken),
}

/// A token of a program in its own name: no user, and nothing to refresh it with. No `Debug`, as [`Token`].
#[derive(Serialize, ToSchema)]
// For the document, where an answer to a user must not pass for one of these.
#[serde(deny_unknown_fields)]
pub struct ClientToken {
    /// A JWT (RFC 9068) whose `sub` is the client.
    pub access_token: String,
    /// `bearer`, lower case.
    pub token_type: &'static str,
    /// Seconds that the access token has left.
    #[schema(minimum = 1)]
    pub expires_in: u64,
    /// Names joined by one blank, in the order asked.
    pub scope: String,
    /// Equals the claim `jti` of the access token.
    pub jti: String,
}

/// What is posted about a token. The document's alone, as [`TokenForm`].
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the form in the document")]
pub struct TokenInHand {
    token: String,
    /// Not needed: tokens tell what they are.
    token_type_hint: Option<String>,
    /// Here, or by HTTP Basic.
    #[schema(example = "fixstreamapp")]
    client_id: Option<String>,
    /// Here, or by HTTP Basic.
    client_secret: Option<String>,
}

/// What a token proves (RFC 7662 §2.2): all that is known of it, or nothing but that it is not active.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Introspection {
    /// Whether it opens doors now.
    pub active: bool,
    /// Names joined by one blank; absent where no scope binds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The client it was issued to, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The e-mail of the user, where it is a user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// Seconds since 1970; absent where it does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// The id of the user, else the client, else the id of the tenant whose own it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The tenant it counts in; absent for a client's and for an operator's above all tenants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

/// What an OAuth client has to know of this server (RFC 8414 §2).
#[derive(Debug, Serialize, ToSchema)]
pub struct Metadata {
    /// As `iss` in every token.
    pub issuer: String,
    pub token_endpoint: String,
    pub revocation_endpoint: String,
    pub introspection_endpoint: String,
    pub jwks_uri: String,
    pub service_documentation: String,
    pub grant_types_supported: Vec<&'static str>,
    /// Empty: there is no authorization endpoint.
    #[schema(value_type = Vec<String>)]
    pub response_types_supported: [&'static str; 0],
    /// Those that Herald's own API asks for; a client may have others.
    pub scopes_supported: [&'static str; 2],
    pub token_endpoint_auth_methods_supported: [&'static str; 3],
    pub revocation_endpoint_auth_methods_supported: [&'static str; 3],
    pub introspection_endpoint_auth_methods_supported: [&'static str; 3],
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
