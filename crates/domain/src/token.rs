//! API keys and signed API tokens: credentials that a program holds.

use crate::client::Scopes;
use crate::ids::{RoleId, TenantId, TokenId, UserId};
use crate::time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Opaque, known by its digest.
    ApiKey,
    /// A JWT whose `jti` is the token's id.
    Signed,
}

impl TokenKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::Signed => "signed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::ApiKey, Self::Signed].into_iter().find(|k| k.as_str() == text)
    }
}

/// What a key was made for; `None` on a token: anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utility {
    ExternalApi,
    Cicd,
    Burp,
}

impl Utility {
    pub const ALL: [Self; 3] = [Self::ExternalApi, Self::Cicd, Self::Burp];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExternalApi => "EXTERNAL_API",
            Self::Cicd => "CICD",
            Self::Burp => "BURP",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|u| u.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub number: i64,
    pub tenant: TenantId,
    /// `None`: the tenant's own.
    pub owner: Option<UserId>,
    pub kind: TokenKind,
    pub name: String,
    pub utility: Option<Utility>,
    /// The cap: what it permits at most.
    pub cap: Option<RoleId>,
    /// Those that bound the credential it was made with; `None`: bound by none.
    pub scopes: Option<Scopes>,
    pub provider: String,
    pub revealable: bool,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}
