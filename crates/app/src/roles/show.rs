//! One role. Asks for `roles:read`.

use domain::{Permission, Role, RoleId};
use store::{StoreError, roles};

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;

/// # Errors
/// `Hidden` for a role of another tenant; `Forbidden` without `roles:read`.
pub async fn run(ctx: &Ctx, caller: &Caller, id: RoleId) -> Result<Role, Failure> {
    let role = find(ctx, caller, id).await?;
    let tenant = role.tenant.or(caller.principal().tenant);
    authorize(ctx, caller, &Permission::ROLES_READ, tenant).await?;
    Ok(role)
}

/// What the caller has just written, for the answer to it: the write asked for its permission, and a refusal now would
/// say of something done that it was not.
///
/// # Errors
/// `Hidden` for a role of another tenant; `NotFound` where it is gone again.
pub async fn written(ctx: &Ctx, caller: &Caller, id: RoleId) -> Result<Role, Failure> {
    find(ctx, caller, id).await
}

/// A role that may be held where the caller is, before any permission is asked for.
pub(super) async fn find(ctx: &Ctx, caller: &Caller, id: RoleId) -> Result<Role, Failure> {
    let found: Result<Option<Role>, StoreError> =
        ctx.store.read(move |tx| Box::pin(roles::by_id(tx, id))).await;
    let role = found?.ok_or_else(Failure::not_found)?;
    let principal = caller.principal();
    let seen = principal.authority.operates(caller.door)
        || role.tenant.is_none_or(|tenant| principal.tenant == Some(tenant));
    if seen { Ok(role) } else { Err(Failure { kind: Kind::Hidden, ..Failure::not_found() }) }
}
