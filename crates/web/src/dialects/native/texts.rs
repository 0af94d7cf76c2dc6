//! What lists hold and where there is a choice, for the document alone.

use utoipa::ToSchema;

/// Texts of one format, each.
macro_rules! texts {
    ($($(#[$about:meta])+ $name:ident: $max:tt, $format:tt;)+) => {$(
        $(#[$about])+
        #[derive(ToSchema)]
        #[schema(max_length = $max, format = $format, value_type = String)]
        #[expect(dead_code, reason = "only the document reads it")]
        pub struct $name(String);
    )+};
}

texts! {
    /// A word by which other systems know something.
    Word: 128, "name";
    /// What a quota counts.
    QuotaName: 64, "name";
    /// A permission (`users:read`), or the beginning of some and `*`.
    PermissionPattern: 128, "permission-pattern";
    /// RFC 6749 §3.3, without commas.
    Scope: 128, "scope";
    /// An absolute URI without fragment, of no scheme that a browser runs (`javascript`, `data`, `vbscript`).
    RedirectUri: 2048, "redirect-uri";
    /// In CIDR form: `10.0.0.0/8`, `2001:db8::/32`.
    Network: 64, "network";
}

/// A whole number that JavaScript reads.
#[derive(ToSchema)]
#[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Number(i64);

/// How much at most.
#[derive(ToSchema)]
#[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct Limit(i64);

/// Choices, each with what it is called on the wire.
macro_rules! choices {
    ($($(#[$about:meta])+ $name:ident: $($variant:ident = $wire:tt),+;)+) => {$(
        $(#[$about])+
        #[derive(ToSchema)]
        #[expect(dead_code, reason = "only the document reads it")]
        pub enum $name { $(#[schema(rename = $wire)] $variant),+ }
    )+};
}

choices! {
    /// Key of a built-in role.
    BuiltinRole: Admin = "admin", ThreatEngineer = "threat_engineer", ThreatViewer = "threat_viewer",
        Member = "member", Developer = "developer", Guest = "guest", NoAccess = "no_access";
    /// What an API key is for.
    Utility: ExternalApi = "EXTERNAL_API", Cicd = "CICD", Burp = "BURP";
    /// What listens at a webhook.
    WebhookKind: Slack = "SLACK";
    /// How a client gets tokens (RFC 6749).
    Grant: Password = "password", RefreshToken = "refresh_token", ClientCredentials = "client_credentials",
        AuthorizationCode = "authorization_code";
    /// Who must sign in with a second factor.
    Enforcement: DontForce = "DontForce", Force = "Force", ForceExceptSaml = "ForceExceptSAML";
    /// From where an endpoint is called.
    Access: Partner = "PARTNER", Private = "PRIVATE", Public = "PUBLIC", ThirdParty = "THIRD_PARTY";
    /// RFC 9110 §9.3, RFC 5789.
    Method: Get = "GET", Head = "HEAD", Post = "POST", Put = "PUT", Patch = "PATCH", Delete = "DELETE",
        Options = "OPTIONS", Trace = "TRACE", Connect = "CONNECT";
    /// Whether the call came in or went out.
    Direction: Incoming = "incoming", Outgoing = "outgoing";
    /// What became of it.
    Outcome: Done = "done", Refused = "refused";
}
