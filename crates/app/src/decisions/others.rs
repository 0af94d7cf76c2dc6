//! Another user, as far as the caller may see him. Asks for `decisions:read`.

use domain::decision::{Facts, Reason};
use domain::{Permission, TenantId};
use store::StoreError;

use super::{UserName, facts};
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::{Failure, Kind};
use crate::principal::{Caller, Profile, load_profile};

pub(super) async fn look_up(
    ctx: &Ctx,
    caller: &Caller,
    user: &UserName,
    tenant: Option<TenantId>,
) -> Result<Facts, Failure> {
    let caller = &caller.about(user.clone());
    let decided = authorize(ctx, caller, &Permission::DECISIONS_READ, tenant).await?;
    // Only an operator gets this far without one.
    let tenant = tenant.ok_or_else(|| Failure::invalid_field("tenant", "is required above all tenants"))?;
    let profile = find(ctx, user).await?.ok_or_else(Failure::not_found)?;
    let membership = profile.membership(tenant);
    let operates = decided.decision.reasons.contains(&Reason::Operator);
    if membership.is_none() && !operates {
        return Err(Failure { kind: Kind::Hidden, ..Failure::not_found() });
    }
    let user = &profile.user;
    Ok(facts::of_user(facts::owner(user), user.operator, membership.map(facts::seat)))
}

async fn find(ctx: &Ctx, user: &UserName) -> Result<Option<Profile>, StoreError> {
    let user = user.clone();
    ctx.store
        .read(move |tx| {
            let user = user.clone();
            Box::pin(async move {
                let id = match user {
                    UserName::Id(id) => Some(id),
                    UserName::Email(email) => store::users::by_email(tx, &email).await?.map(|user| user.id),
                };
                match id {
                    Some(id) => load_profile(tx, id).await,
                    None => Ok(None),
                }
            })
        })
        .await
}
