//! How many users a tenant may have.

use domain::tenant::Tenant;
use domain::{TenantId, Timestamp};
use store::{ReadTx, tenants};

use crate::failure::{Failure, Kind};

/// Room for one membership more that has not ended. Comes behind [`tenants::revise`], so that two at once cannot both be
/// the last.
///
/// # Errors
/// `Forbidden` with code `quota_exceeded`, where the tenant has the quota `users` and it is reached.
pub(crate) async fn room_for_user(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    now: Timestamp,
) -> Result<(), Failure> {
    let quotas = tenants::by_id(tx, tenant).await?.map(|tenant: Tenant| tenant.quotas).unwrap_or_default();
    let limit = quotas.iter().find(|(name, _)| name == "users").map(|(_, limit)| *limit);
    match limit {
        Some(limit) if tenants::count_users(tx, tenant, now, limit).await? >= limit => {
            Err(Failure::new(Kind::Forbidden, "quota_exceeded", "The tenant's quota of users is reached."))
        }
        Some(_) | None => Ok(()),
    }
}
