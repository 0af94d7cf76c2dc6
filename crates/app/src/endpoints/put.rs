//! Writing endpoints as they are known to be. Asks for `endpoints:write`. Audits `endpoints.written`.

use domain::Permission;
use domain::endpoint::Endpoint;
use store::endpoints::Manner;

use super::audited::{By, write};
use super::{AT_ONCE, Written, tenant};
use crate::Ctx;
use crate::act::Act;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::TenantName;

/// Endpoints of one call at most: one transaction.
pub const MOST: usize = AT_ONCE;

/// Makes what is not there, and replaces the access types of what is. All or nothing.
///
/// # Errors
/// `Invalid` beyond [`MOST`] endpoints, and where one stands twice.
pub async fn run(
    ctx: &Ctx,
    caller: &Caller,
    named: Option<&TenantName>,
    mut endpoints: Vec<Endpoint>,
) -> Result<Written, Failure> {
    let (tenant, decided) = tenant(ctx, caller, named, &Permission::ENDPOINTS_WRITE).await?;
    if endpoints.len() > MOST {
        return Err(Failure::invalid_field("items", format!("must have at most {MOST} entries")));
    }
    // In one order, so that two writes at once never wait for each other.
    endpoints.sort_by(|a, b| a.key.cmp(&b.key));
    let twice = endpoints.iter().zip(endpoints.iter().skip(1)).any(|(one, next)| one.key == next.key);
    if twice {
        return Err(Failure::invalid_field("items", "must not name an endpoint twice"));
    }
    let asked = (&Permission::ENDPOINTS_WRITE, Some(tenant));
    let act = Act::decided(ctx, (caller, &decided), asked, "endpoints.written");
    write(ctx, By::Caller(act), tenant, endpoints, Manner::Set).await
}
