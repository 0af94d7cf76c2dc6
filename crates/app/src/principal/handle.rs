//! By what the store knows a presented credential.

use domain::TokenId;
use domain::ids::AccessTokenId;
use store::StoreError;
use store::access_tokens::AccessKind;
use uuid::Uuid;

use super::digest;
use crate::Ctx;
use crate::jwt::Purpose;

#[derive(Clone, Copy)]
pub(super) enum Handle {
    Session([u8; 32]),
    ApiKey([u8; 32]),
    Signed(TokenId),
    Access(AccessTokenId, AccessKind),
}

impl Ctx {
    /// A JWT must bear our signature and our name; its clock is the store's row.
    pub(super) async fn handle(
        &self,
        presented: &str,
        digest: [u8; 32],
    ) -> Result<Option<Handle>, StoreError> {
        if presented.starts_with("hs_") {
            return Ok(Some(Handle::Session(digest)));
        }
        if presented.starts_with("hr_") {
            return Ok(None);
        }
        if !(presented.starts_with("eyJ") && presented.matches('.').count() == 2) {
            return Ok(Some(Handle::ApiKey(digest)));
        }
        let Ok(verified) = self.verify(presented).await? else { return Ok(None) };
        let claim = |name: &str| verified.claims.get(name).and_then(serde_json::Value::as_str);
        if claim("iss") != Some(&self.config.public_url) {
            return Ok(None);
        }
        let jti = claim("jti").and_then(|jti| Uuid::try_parse(jti).ok());
        Ok(jti.map(|jti| match verified.purpose {
            Purpose::ApiToken => Handle::Signed(TokenId::from_uuid(jti)),
            Purpose::OauthAccess => Handle::Access(AccessTokenId::from_uuid(jti), AccessKind::Oauth),
            Purpose::Frontegg => Handle::Access(AccessTokenId::from_uuid(jti), AccessKind::Frontegg),
        }))
    }

    /// Which OAuth access token it is, if it is one of ours; whether it lives is another question.
    pub(crate) async fn access_token(&self, presented: &str) -> Result<Option<AccessTokenId>, StoreError> {
        match self.handle(presented, digest(presented)).await? {
            Some(Handle::Access(id, AccessKind::Oauth)) => Ok(Some(id)),
            Some(Handle::Access(..) | Handle::Session(_) | Handle::ApiKey(_) | Handle::Signed(_)) | None => {
                Ok(None)
            }
        }
    }
}
