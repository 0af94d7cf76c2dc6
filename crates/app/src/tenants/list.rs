//! The tenants that a caller reaches, by key: an operator all of them, everybody else that of his credential.
//! Asks for no permission.

use domain::tenant::Tenant;
use store::{StoreError, tenants};

use super::{TenantName, find};
use crate::Ctx;
use crate::failure::Failure;
use crate::principal::Caller;

/// `limit` at most behind the key `after`, whose key begins with `prefix`.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    prefix: &str,
    (after, limit): (&str, i64),
) -> Result<Vec<Tenant>, Failure> {
    let principal = caller.principal();
    if !principal.authority.operates(caller.door) {
        let own = match principal.tenant {
            Some(id) => find(ctx, &TenantName::Id(id)).await?,
            None => None,
        };
        let fits = |tenant: &Tenant| tenant.key.starts_with(prefix) && *tenant.key > *after;
        return Ok(own.into_iter().filter(fits).collect());
    }
    let (prefix, after) = (prefix.to_owned(), after.to_owned());
    let page: Result<Vec<Tenant>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let (prefix, after) = (prefix.clone(), after.clone());
            Box::pin(async move { tenants::page(tx, &prefix, &after, limit).await })
        })
        .await;
    Ok(page?)
}
