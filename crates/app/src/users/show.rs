//! One person. Asks for oneself, or for `users:read`.

use domain::{Permission, TenantId, UserId};
use store::StoreError;

use super::sees;
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::{Failure, Kind};
use crate::principal::{Caller, Profile, load_profile};

/// A person, as far as the caller sees one.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Of memberships, only those that are the caller's to see: of other tenants none but to oneself and to operators.
    pub profile: Profile,
}

/// # Errors
/// `Hidden` for who is no member of the credential's tenant; `NotFound` where an operator asks for who is not there.
pub async fn run(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<Shown, Failure> {
    let oneself = caller.user_id() == Some(id);
    if !oneself {
        let caller = &caller.about(id);
        authorize(ctx, caller, &Permission::USERS_READ, caller.principal().tenant).await?;
    }
    let found: Result<Option<Profile>, StoreError> =
        ctx.store.read(move |tx| Box::pin(load_profile(tx, id))).await;
    let profile = found?.ok_or_else(Failure::not_found)?;
    let principal = caller.principal();
    if !sees(principal, caller.door, &profile) {
        return Err(Failure { kind: Kind::Hidden, ..Failure::not_found() });
    }
    let all = oneself || principal.authority.operates(caller.door);
    let here = principal.tenant.filter(|_| !all);
    Ok(Shown { profile: if all { profile } else { narrowed(profile, here) } })
}

/// What one tenant sees of a person.
fn narrowed(mut profile: Profile, tenant: Option<TenantId>) -> Profile {
    profile.memberships.retain(|membership| Some(membership.tenant.id) == tenant);
    if profile.user.default_tenant != tenant {
        (profile.user.default_tenant, profile.user.default_site, profile.default_site) = (None, None, None);
    }
    profile
}
