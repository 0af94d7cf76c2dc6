//! Revoking any token from the command line. Audits `token.revoked`.

use domain::TokenId;
use domain::audit::{Actor, Origin};
use store::{StoreError, tokens};

use crate::Ctx;
use crate::failure::Failure;

/// # Errors
/// `NotFound` for one that is not there or is revoked already.
pub async fn run(ctx: &Ctx, id: TokenId) -> Result<(), Failure> {
    let event = ctx.event(Actor::COMMAND_LINE, "token.revoked", &Origin::default()).on("token", id.uuid());
    let now = ctx.now();
    let revoked: Result<bool, StoreError> = ctx
        .store
        .write(move |tx| {
            let event = event.clone();
            Box::pin(async move {
                let Some(token) = tokens::by_id(tx, id).await? else { return Ok(false) };
                if !tokens::revoke(tx, id, now).await? {
                    return Ok(false);
                }
                event.in_tenant(Some(token.tenant)).write(tx).await?;
                Ok(true)
            })
        })
        .await;
    if revoked? { Ok(()) } else { Err(Failure::not_found()) }
}
