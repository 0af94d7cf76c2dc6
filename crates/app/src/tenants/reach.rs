//! Which tenant a path names, for this caller: whoever is not above all tenants reaches only that of his credential.

use domain::TenantId;
use domain::tenant::Tenant;
use store::{StoreError, tenants};

use super::TenantName;
use crate::Ctx;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;

/// The tenant, before any permission is asked for in it.
///
/// # Errors
/// `Hidden` for any tenant but the credential's, whether it is there or not; `NotFound` where an operator names one
/// that is not there.
pub async fn reach(ctx: &Ctx, caller: &Caller, named: &TenantName) -> Result<TenantId, Failure> {
    let principal = caller.principal();
    if principal.authority.operates(caller.door) {
        return find(ctx, named).await?.map(|tenant| tenant.id).ok_or_else(Failure::not_found);
    }
    let hidden = || Failure { kind: Kind::Hidden, ..Failure::not_found() };
    let own = principal.tenant.ok_or_else(hidden)?;
    let tenant = find(ctx, &TenantName::Id(own)).await?.ok_or_else(hidden)?;
    if named.is(&tenant) { Ok(own) } else { Err(hidden()) }
}

/// The tenant of something whose path names none: the one that is named beside it, else that of the credential.
///
/// # Errors
/// As [`reach`].
pub async fn meant(
    ctx: &Ctx,
    caller: &Caller,
    named: Option<&TenantName>,
) -> Result<Option<TenantId>, Failure> {
    match named {
        Some(named) => reach(ctx, caller, named).await.map(Some),
        None => Ok(caller.principal().tenant),
    }
}

pub(crate) async fn find(ctx: &Ctx, named: &TenantName) -> Result<Option<Tenant>, StoreError> {
    let named = named.clone();
    ctx.store
        .read(move |tx| {
            let named = named.clone();
            Box::pin(async move {
                match named {
                    TenantName::Id(id) => tenants::by_id(tx, id).await,
                    TenantName::Key(key) => tenants::by_key(tx, &key).await,
                }
            })
        })
        .await
}
