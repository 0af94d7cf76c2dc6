//! Which tenant a caller means. Whoever is not above all tenants names only his own: any other name, of a tenant that
//! is there or of none, is the same nowhere to him, and the store is not asked.

use domain::TenantId;

use crate::Ctx;
use crate::failure::Failure;
use crate::principal::{Caller, Subject};
use crate::tenants::{TenantName, find};

/// `None`: none, or nowhere: no decision allows anything there but to an operator.
///
/// # Errors
/// `NotFound` where an operator names what is not there.
pub(super) async fn of(
    ctx: &Ctx,
    caller: &Caller,
    named: Option<&TenantName>,
) -> Result<Option<TenantId>, Failure> {
    let principal = caller.principal();
    let Some(named) = named else { return Ok(principal.tenant) };
    if principal.authority.operates(caller.door) {
        return find(ctx, named).await?.map(|tenant| Some(tenant.id)).ok_or_else(Failure::not_found);
    }
    match &principal.subject {
        Subject::User(profile) => {
            let own = profile.memberships.iter().find(|m| named.is(&m.tenant));
            Ok(own.map(|m| m.tenant.id))
        }
        Subject::Tenant(id) => {
            let own = find(ctx, &TenantName::Id(*id)).await?;
            Ok(own.filter(|own| named.is(own)).map(|own| own.id))
        }
        Subject::Client(_) => Ok(None),
    }
}
