//! The open invitations of a tenant. Asks for `users:read`. Never shows a token.

use domain::ids::LinkId;
use domain::link::Link;
use domain::tenant::Site;
use domain::{Permission, Role, Timestamp};
use store::{StoreError, links, roles, tenants};
use uuid::Uuid;

use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// Behind the invitation made at that time under that id.
#[derive(Clone, Copy, Debug)]
pub struct After(pub Timestamp, pub LinkId);

impl After {
    pub const START: Self = Self(Timestamp::from_micros(i64::MIN), LinkId::from_uuid(Uuid::nil()));
}

pub struct Open {
    pub link: Link,
    /// Of those it gives, the ones that are still there.
    pub roles: Vec<Role>,
    /// Of those it gives, the ones that are still there.
    pub sites: Vec<Site>,
}

/// Oldest first, `limit` at most.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    named: &TenantName,
    after: After,
    limit: i64,
) -> Result<Vec<Open>, Failure> {
    let tenant = reach(ctx, caller, named).await?;
    authorize(ctx, caller, &Permission::USERS_READ, Some(tenant)).await?;
    let now = ctx.now();
    let open: Result<Vec<Open>, StoreError> = ctx
        .store
        .scan(move |tx| {
            Box::pin(async move {
                let found = links::open(tx, tenant, now, (after.0, after.1), limit).await?;
                let visible = roles::visible(tx, tenant).await?;
                let all_sites = tenants::sites(tx, tenant).await?;
                let open = |link: Link| {
                    let (held, placed) =
                        link.invitation().map(|i| (i.roles.clone(), i.sites.clone())).unwrap_or_default();
                    let roles = visible.iter().filter(|role| held.contains(&role.id)).cloned().collect();
                    let sites = all_sites.iter().filter(|site| placed.contains(&site.id)).cloned().collect();
                    Open { link, roles, sites }
                };
                Ok(found.into_iter().map(open).collect())
            })
        })
        .await;
    Ok(open?)
}
