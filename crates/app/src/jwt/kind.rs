//! What a key signs, and how.

use std::fmt;

/// A signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// ECDSA on P-256: the default.
    Es256,
    /// RSA PKCS #1 v1.5, 2048 bits: where a product's clients verify with one RSA PEM.
    Rs256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// As `tokens.algorithm`, `alg` and the store spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Es256, Self::Rs256, Self::EdDsa].into_iter().find(|algorithm| algorithm.as_str() == text)
    }

    pub(super) const fn jose(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kind of token that a key signs. A token proves only what its key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// OAuth access tokens, `typ` `at+jwt` (RFC 9068).
    OauthAccess,
    /// Signed API tokens (Aegis).
    ApiToken,
    /// Frontegg's five account-bound kinds, whose clients know one PEM.
    Frontegg,
}

impl Purpose {
    pub const ALL: [Self; 3] = [Self::OauthAccess, Self::ApiToken, Self::Frontegg];

    /// As the store spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OauthAccess => "oauth_access",
            Self::ApiToken => "api_token",
            Self::Frontegg => "frontegg",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
