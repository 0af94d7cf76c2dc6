//! The roles that the presented credential may give to others. Asks for `roles:read`.

use domain::Permission;

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;

/// Keys, those of the strongest role held first, then what the others add; less what a cap lacks (akto.md §3.4). Whether
/// one shows more than the giver sees rests on what is held beside it, and is judged where it is given.
pub async fn run(ctx: &Ctx, caller: &Caller) -> Result<Vec<String>, Failure> {
    let principal = caller.principal();
    authorize(ctx, caller, &Permission::ROLES_READ, principal.tenant).await?;
    Ok(principal.authority.assigns())
}
