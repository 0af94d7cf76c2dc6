//! What a caller presented, once it is known to be real.

use std::sync::Arc;

use uuid::Uuid;

use crate::client::Scopes;
use crate::ids::{ClientUid, FamilyId, SessionId};
use crate::time::Timestamp;
use crate::token::Utility;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    ApiKey,
    SignedToken,
    SessionToken,
    OauthAccess,
    FronteggUser,
}

impl CredentialKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "api_key",
            Self::SignedToken => "signed_token",
            Self::SessionToken => "session",
            Self::OauthAccess => "oauth_access_token",
            Self::FronteggUser => "frontegg_user_token",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    pub kind: CredentialKind,
    /// Of the token row, the session row, or the access token (`jti`).
    pub id: Uuid,
    pub session: Option<SessionId>,
    pub family: Option<FamilyId>,
    pub client: Option<ClientRef>,
    /// Bind an OAuth access token, and a token that was made with a bound one; `None`: bound by none.
    pub scopes: Option<Scopes>,
    pub utility: Option<Utility>,
    /// When it was made, or the person behind it signed in.
    pub issued_at: Timestamp,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRef {
    pub uid: ClientUid,
    pub client_id: Arc<str>,
}

impl Credential {
    /// Whether a person signed in to get it: such a credential may change password, profile and sessions.
    pub fn is_interactive(&self) -> bool {
        match self.kind {
            CredentialKind::SessionToken | CredentialKind::FronteggUser => true,
            CredentialKind::OauthAccess => {
                self.session.is_some() && self.scopes.as_ref().is_some_and(|s| s.has("write"))
            }
            CredentialKind::ApiKey | CredentialKind::SignedToken => false,
        }
    }

    /// Whether an OAuth scope lets it through; a credential that none binds passes.
    pub fn in_scope(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.has(scope))
    }

    /// A key made for another program's plug-in opens no door of Herald yet.
    pub fn opens_doors(&self) -> bool {
        match self.utility {
            None | Some(Utility::ExternalApi) => true,
            Some(Utility::Cicd | Utility::Burp) => false,
        }
    }
}
