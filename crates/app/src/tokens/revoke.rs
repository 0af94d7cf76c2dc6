//! Revoking a token of one's own, or with `tokens:admin` anybody's of the tenant. Asks for `tokens:write`. Audits
//! `token.revoked`.

use domain::{Permission, TokenId};
use store::tokens;

use crate::Ctx;
use crate::authorize::{authorize, person};
use crate::failure::Failure;
use crate::principal::{Asked, Caller, judge_again};

/// One of one's own.
///
/// # Errors
/// `NotFound` for one that is not there, is revoked, or is another's: the same answer.
pub async fn run(ctx: &Ctx, caller: &Caller, id: TokenId) -> Result<(), Failure> {
    within(ctx, caller, id, Reach::Own).await
}

/// Of the tenant's whichever the caller may.
///
/// # Errors
/// As [`run`]; another's without `tokens:admin` is not there either.
pub async fn of_tenant(ctx: &Ctx, caller: &Caller, id: TokenId) -> Result<(), Failure> {
    within(ctx, caller, id, Reach::Tenant).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Own,
    Tenant,
}

async fn within(ctx: &Ctx, caller: &Caller, id: TokenId, reach: Reach) -> Result<(), Failure> {
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
                let Some(token) = tokens::by_id(tx, id).await? else { return Ok(false) };
                if Some(token.tenant) != tenant {
                    return Ok(false);
                }
                if token.owner != Some(owner) {
                    let administers: Asked = Some((Permission::TOKENS_ADMIN, tenant));
                    if reach == Reach::Own || judge_again(tx, &caller, &administers, now).await.is_err() {
                        return Ok(false);
                    }
                }
                if !tokens::revoke(tx, id, now).await? {
                    return Ok(false);
                }
                event.write(tx).await?;
                Ok(true)
            })
        })
        .await;
    if revoked? { Ok(()) } else { Err(Failure::not_found()) }
}
