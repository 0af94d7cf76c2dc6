//! What a sign-in or a refresh through a family hands out: the row of an access token, and a refresh token.

use domain::client::Scopes;
use domain::credential::ClientRef;
use domain::ids::AccessTokenId;
use domain::session::Opening;
use domain::{FamilyId, SessionId, TenantId, Timestamp, UserId};
use secrecy::SecretString;
use serde_json::json;
use store::access_tokens::{AccessKind, AccessToken};

use crate::Ctx;
use crate::jwt::{Purpose, SignError};

/// The access token is not signed yet: its rows are durable before anybody holds it.
#[derive(Clone, Debug)]
pub struct Grant {
    pub access: AccessTokenId,
    pub family: FamilyId,
    pub session: SessionId,
    pub user: UserId,
    pub tenant: TenantId,
    pub client: Option<ClientRef>,
    pub scope: Scopes,
    pub issued_at: Timestamp,
    pub access_expires_at: Timestamp,
    pub refresh_token: SecretString,
    pub refresh_expires_at: Timestamp,
    /// When the person signed in.
    pub signed_in_at: Timestamp,
    pub mfa: bool,
}

impl Grant {
    /// Whole seconds that the access token has left.
    pub fn expires_in(&self, now: Timestamp) -> u64 {
        self.access_expires_at.since(now).as_secs()
    }

    pub(super) fn row(&self, opening: Opening) -> AccessToken {
        let kind = match opening {
            Opening::Frontegg => AccessKind::Frontegg,
            Opening::Oauth | Opening::Native => AccessKind::Oauth,
        };
        AccessToken {
            id: self.access,
            kind,
            family: Some(self.family),
            session: Some(self.session),
            client: self.client.as_ref().map(|c| c.uid),
            user: Some(self.user),
            tenant: Some(self.tenant),
            scope: self.scope.to_string(),
            proof: None,
            created_at: self.issued_at,
            expires_at: self.access_expires_at,
            revoked_at: None,
        }
    }

    /// The OAuth access token (RFC 9068): no name, no mail, no group inside.
    pub fn sign_oauth(&self, ctx: &Ctx) -> Result<String, SignError> {
        let issuer = &ctx.config.public_url;
        let claims = json!({
            "iss": issuer,
            "aud": issuer,
            "sub": self.user.to_string(),
            "client_id": self.client.as_ref().map(|c| c.client_id.to_string()),
            "tenant_id": self.tenant.to_string(),
            "scope": self.scope.to_string(),
            "iat": self.issued_at.as_secs(),
            "exp": self.access_expires_at.as_secs(),
            "jti": self.access.to_string(),
        });
        ctx.keys.sign(Purpose::OauthAccess, "at+jwt", &claims)
    }
}
