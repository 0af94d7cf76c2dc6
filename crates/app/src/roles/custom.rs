//! The custom roles of the credential's own tenant. Asks for `roles:read`.

use domain::{Permission, Role};
use store::{StoreError, roles};

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;

/// Those that belong to the tenant itself, in no order that matters: none of the installation's.
pub async fn run(ctx: &Ctx, caller: &Caller) -> Result<Vec<Role>, Failure> {
    let tenant = caller.principal().tenant;
    authorize(ctx, caller, &Permission::ROLES_READ, tenant).await?;
    let Some(tenant) = tenant else { return Ok(Vec::new()) };
    let visible: Result<Vec<Role>, StoreError> =
        ctx.store.scan(move |tx| Box::pin(async move { roles::visible(tx, tenant).await })).await;
    Ok(visible?.into_iter().filter(|role| role.tenant == Some(tenant)).collect())
}
