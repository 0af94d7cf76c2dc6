//! The catalogue, by key. Asks for `roles:read`.

use domain::Permission;
use store::permissions::Declared;

use crate::Ctx;
use crate::authorize::authorize;
use crate::catalogue;
use crate::failure::Failure;
use crate::principal::Caller;

/// `limit` at most behind the key `after`.
///
/// # Errors
/// `Forbidden` without `roles:read`.
pub async fn run(ctx: &Ctx, caller: &Caller, after: &str, limit: i64) -> Result<Vec<Declared>, Failure> {
    authorize(ctx, caller, &Permission::ROLES_READ, caller.principal().tenant).await?;
    let mut all = catalogue::permissions(ctx).await?;
    all.retain(|one| one.permission.as_str() > after);
    all.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(all)
}
