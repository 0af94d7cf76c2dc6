//! Judging a credential again inside the transaction of what it asked for: between the look-up and the write it
//! may have been revoked, its owner locked, its role taken away.

use domain::credential::CredentialKind;
use domain::ids::AccessTokenId;
use domain::{Permission, SessionId, TenantId, Timestamp, TokenId};
use store::{ReadTx, StoreError, access_tokens, sessions, tokens};

use super::lookup::{Found, of_access, of_session, of_token};
use super::{Caller, Principal};
use crate::authorize::Untold;
use crate::failure::Failure;

/// What was asked of `authorize` before, where something was.
pub type Asked = Option<(Permission, Option<TenantId>)>;

/// What the credential proves now.
///
/// # Errors
/// `Unauthenticated` where the credential no longer lives, `Forbidden` where it no longer permits: to be told
/// after the transaction (`authorize::tell`).
pub async fn judge(
    tx: &mut ReadTx<'_>,
    caller: &Caller,
    asked: &Asked,
    now: Timestamp,
) -> Result<Principal, Failure> {
    let found = find(tx, caller).await?.ok_or_else(Failure::unauthenticated)?;
    found.standing().is_live(now).map_err(|_| Failure::unauthenticated())?;
    let principal = found.into_principal();
    let Some((permission, tenant)) = asked else { return Ok(principal) };
    let decision = principal.authority.decide(permission, *tenant, caller.door);
    if decision.allowed { Ok(principal) } else { Err(Untold::new(caller, decision, *tenant).into()) }
}

async fn find(tx: &mut ReadTx<'_>, caller: &Caller) -> Result<Option<Found>, StoreError> {
    let credential = &caller.principal().credential;
    match credential.kind {
        CredentialKind::SessionToken => match sessions::by_id(tx, SessionId::from_uuid(credential.id)).await?
        {
            Some(session) => of_session(tx, session).await.map(Some),
            None => Ok(None),
        },
        CredentialKind::ApiKey | CredentialKind::SignedToken => {
            match tokens::by_id(tx, TokenId::from_uuid(credential.id)).await? {
                Some(token) => of_token(tx, token).await.map(Some),
                None => Ok(None),
            }
        }
        CredentialKind::OauthAccess | CredentialKind::FronteggUser => {
            match access_tokens::by_id(tx, AccessTokenId::from_uuid(credential.id)).await? {
                Some(access) => of_access(tx, access).await,
                None => Ok(None),
            }
        }
    }
}
