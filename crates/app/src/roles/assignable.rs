//! The roles that the presented credential may give to others. Asks for `roles:read`.

use domain::{Permission, Role};
use store::StoreError;

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;

/// Keys, those of the strongest role held first, then what the others add; less what a cap lacks, and less what would
/// show its holder collections that the credential does not see.
pub async fn run(ctx: &Ctx, caller: &Caller) -> Result<Vec<String>, Failure> {
    let principal = caller.principal();
    authorize(ctx, caller, &Permission::ROLES_READ, principal.tenant).await?;
    let mut keys = principal.authority.assigns();
    let (Some(tenant), Some(_)) = (principal.tenant, principal.authority.collections()) else {
        return Ok(keys);
    };
    let visible: Result<Vec<Role>, StoreError> =
        ctx.store.read(move |tx| Box::pin(store::roles::visible(tx, tenant))).await;
    let visible = visible?;
    let beyond = |role: &Role| principal.authority.shown_beyond(&[role]).is_some();
    keys.retain(|key| !visible.iter().any(|role| role.key == *key && beyond(role)));
    Ok(keys)
}
