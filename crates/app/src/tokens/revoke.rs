//! Revoking a token of one's own. Asks for `tokens:write`. Audits `token.revoked`.

use domain::{Permission, TokenId};
use store::tokens;

use crate::Ctx;
use crate::authorize::{authorize, person};
use crate::failure::Failure;
use crate::principal::{Asked, Caller, judge_again};

/// # Errors
/// `NotFound` for one that is not there, is revoked, or is another's: the same answer.
pub async fn run(ctx: &Ctx, caller: &Caller, id: TokenId) -> Result<(), Failure> {
    let owner = person(caller)?;
    let tenant = caller.principal().tenant;
    authorize(ctx, caller, &Permission::TOKENS_WRITE, tenant).await?;
    let event = ctx.event_by(caller, "token.revoked").on("token", id.uuid());
    let (now, caller) = (ctx.now(), caller.clone());
    let asked: Asked = Some((Permission::TOKENS_WRITE, tenant));
    let revoked: Result<bool, Failure> = ctx
        .store
        .write(move |tx| {
            let (event, caller, asked) = (event.clone(), caller.clone(), asked.clone());
            Box::pin(async move {
                judge_again(tx, &caller, &asked, now).await?;
                let token = tokens::by_id(tx, id).await?;
                let own = token.is_some_and(|t| t.owner == Some(owner) && Some(t.tenant) == tenant);
                if !own || !tokens::revoke(tx, id, now).await? {
                    return Ok(false);
                }
                event.write(tx).await?;
                Ok(true)
            })
        })
        .await;
    if revoked? { Ok(()) } else { Err(Failure::not_found()) }
}
