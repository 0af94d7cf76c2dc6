//! Ending exactly what was presented. Asks for no permission. Audits `session.ended` or `token.revoked`.

use domain::credential::CredentialKind;
use domain::ids::AccessTokenId;
use domain::{SessionId, TokenId};
use store::{StoreError, WriteTx, access_tokens, families, sessions, tokens};

use crate::Ctx;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;

/// Ends the session behind the credential (`/v1/sign-out`).
///
/// # Errors
/// `Invalid` where there is none: a key is revoked, not signed out.
pub async fn session(ctx: &Ctx, caller: &Caller) -> Result<(), Failure> {
    if caller.principal().credential.session.is_none() {
        return Err(Failure::new(Kind::Invalid, "no_session", "This credential has no session to end."));
    }
    presented(ctx, caller).await
}

/// Ends whatever was presented (aegis.md, `/auth/logout`): a session with all refreshed from it, or a key.
pub async fn presented(ctx: &Ctx, caller: &Caller) -> Result<(), Failure> {
    let credential = caller.principal().credential.clone();
    let action = if credential.session.is_some() { "session.ended" } else { "token.revoked" };
    let target = credential.session.map_or(credential.id, SessionId::uuid);
    let kind = if credential.session.is_some() { "session" } else { "token" };
    let event = ctx.event_by(caller, action).on(kind, target).because("by its holder");
    let now = ctx.now();
    let ended: Result<(), StoreError> = ctx
        .store
        .write(move |tx| {
            let (credential, event) = (credential.clone(), event.clone());
            Box::pin(async move {
                if end(tx, &credential, now).await? {
                    event.write(tx).await?;
                }
                Ok(())
            })
        })
        .await;
    Ok(ended?)
}

async fn end(
    tx: &mut WriteTx<'_>,
    credential: &domain::credential::Credential,
    now: domain::Timestamp,
) -> Result<bool, StoreError> {
    match (credential.kind, credential.session, credential.family) {
        (_, _, Some(family)) => families::end(tx, family, now).await,
        (_, Some(session), None) => sessions::end(tx, session, now).await,
        (CredentialKind::ApiKey | CredentialKind::SignedToken, None, None) => {
            tokens::revoke(tx, TokenId::from_uuid(credential.id), now).await
        }
        (
            CredentialKind::OauthAccess | CredentialKind::FronteggUser | CredentialKind::SessionToken,
            None,
            None,
        ) => access_tokens::revoke(tx, AccessTokenId::from_uuid(credential.id), now).await,
    }
}
