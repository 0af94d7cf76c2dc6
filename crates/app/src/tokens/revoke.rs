//! Revoking a token of one's own, or with `tokens:admin` anybody's of the tenant. Asks for `tokens:write`. Audits
//! `token.revoked`.

use domain::{Permission, TokenId};
use store::{WriteTx, tokens};

use crate::Ctx;
use crate::act::Act;
use crate::authorize::person;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

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
    let act = Act::begin(ctx, caller, (&Permission::TOKENS_WRITE, tenant), "token.revoked").await?;
    ctx.store
        .write(move |tx| {
            let mut act = act.clone();
            Box::pin(async move {
                let authority = act.in_turn(tx).await?;
                let token = tokens::by_id(tx, id).await?.filter(|token| Some(token.tenant) == tenant);
                let token = token.ok_or_else(Failure::not_found)?;
                if token.owner != Some(owner) {
                    let decision = authority.decide(&Permission::TOKENS_ADMIN, tenant, act.caller.door);
                    if reach == Reach::Own || !decision.allowed {
                        return Err(Failure::not_found());
                    }
                    act.event = act.event.because(decision.to_string());
                }
                end(tx, &act, id).await
            })
        })
        .await
}

/// Comes behind the judgement.
async fn end(tx: &mut WriteTx<'_>, act: &Act, id: TokenId) -> Result<(), Failure> {
    if !tokens::revoke(tx, id, act.now).await? {
        return Err(Failure::not_found());
    }
    Ok(act.tell(tx, ("token", id.uuid()), "").await?)
}

/// Any live token of a tenant, whoever owns it. Asks for `tokens:admin`.
///
/// # Errors
/// `Hidden` for another tenant; `NotFound` for one that is not there, is revoked, or is another tenant's.
pub async fn any(ctx: &Ctx, caller: &Caller, tenant: &TenantName, id: TokenId) -> Result<(), Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    let act = Act::begin(ctx, caller, (&Permission::TOKENS_ADMIN, Some(tenant)), "token.revoked").await?;
    ctx.store
        .write(move |tx| {
            let act = act.clone();
            Box::pin(async move {
                act.in_turn(tx).await?;
                let here = tokens::by_id(tx, id).await?.is_some_and(|token| token.tenant == tenant);
                if !here {
                    return Err(Failure::not_found());
                }
                end(tx, &act, id).await
            })
        })
        .await
}
