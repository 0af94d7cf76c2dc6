//! The webhooks of a tenant: all with `tenants:write`, else one's own. Asks for `tokens:read`.

use domain::ids::WebhookId;
use domain::{Permission, Timestamp};
use store::StoreError;
use store::world::webhook::{self, Webhook};

use super::{Shown, shown};
use crate::Ctx;
use crate::authorize::{authorize, may};
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// Where a list begins.
pub const START: (Timestamp, WebhookId) =
    (Timestamp::from_micros(i64::MIN), WebhookId::from_uuid(uuid::Uuid::nil()));

/// `limit` at most behind a time and id, oldest first.
///
/// # Errors
/// `Hidden` for another tenant; `Forbidden`.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    tenant: &TenantName,
    (after, limit): ((Timestamp, WebhookId), i64),
) -> Result<Vec<Shown>, Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    authorize(ctx, caller, &Permission::TOKENS_READ, Some(tenant)).await?;
    let owner = match (may(caller, &Permission::TENANTS_WRITE, Some(tenant)), caller.user_id()) {
        (true, _) => None,
        (false, Some(own)) => Some(own),
        (false, None) => return Ok(Vec::new()),
    };
    let page: Result<Vec<Webhook>, StoreError> =
        ctx.store.scan(move |tx| Box::pin(webhook::page(tx, (tenant, owner), after, limit))).await;
    Ok(page?.into_iter().map(|row| shown(caller, row)).collect())
}

/// What the caller has just written, for the answer to it: the write asked for its permission, and a refusal now would
/// say of something done that it was not.
///
/// # Errors
/// `NotFound` where it is gone again.
pub async fn written(
    ctx: &Ctx,
    caller: &Caller,
    tenant: &TenantName,
    id: WebhookId,
) -> Result<Shown, Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    Ok(shown(caller, super::find(ctx, caller, tenant, id).await?))
}

/// One of them.
///
/// # Errors
/// `NotFound` for one that the caller does not see.
pub async fn one(ctx: &Ctx, caller: &Caller, tenant: &TenantName, id: WebhookId) -> Result<Shown, Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    authorize(ctx, caller, &Permission::TOKENS_READ, Some(tenant)).await?;
    Ok(shown(caller, super::find(ctx, caller, tenant, id).await?))
}
