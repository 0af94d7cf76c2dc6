//! The roles that may be held in a tenant, strongest first. Asks for `roles:read`.

use domain::{Permission, Role};
use store::{StoreError, roles};

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// `limit` at most behind the [`place`] `after`; `named`: the tenant, else that of the credential. Above all tenants
/// without naming one: the roles of the installation.
///
/// # Errors
/// `Hidden` for another tenant; `Forbidden` without `roles:read`.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    named: Option<&TenantName>,
    (after, limit): (&str, i64),
) -> Result<Vec<Role>, Failure> {
    let tenant = match named {
        Some(named) => Some(reach(ctx, caller, named).await?),
        None => caller.principal().tenant,
    };
    authorize(ctx, caller, &Permission::ROLES_READ, tenant).await?;
    let found: Result<Vec<Role>, StoreError> = ctx
        .store
        .scan(move |tx| {
            Box::pin(async move {
                match tenant {
                    Some(tenant) => roles::visible(tx, tenant).await,
                    None => roles::common(tx).await,
                }
            })
        })
        .await;
    let mut all: Vec<(String, Role)> = found?.into_iter().map(|role| (place(&role), role)).collect();
    all.retain(|(place, _)| **place > *after);
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(all.into_iter().map(|(_, role)| role).collect())
}

/// Where a role stands in the order of strength, as a text that sorts like it.
pub fn place(role: &Role) -> String {
    format!("{:016}{}{}", role.level, u8::from(!role.builtin), role.key)
}
