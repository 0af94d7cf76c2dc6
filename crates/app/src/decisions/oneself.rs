//! The caller's own seat in another tenant than that of his credential.

use domain::TenantId;
use domain::decision::Seat;

use super::facts;
use crate::principal::Caller;

pub(super) fn elsewhere(caller: &Caller, tenant: Option<TenantId>) -> Option<Seat> {
    let tenant = tenant.filter(|tenant| caller.principal().tenant != Some(*tenant))?;
    caller.user()?.membership(tenant).map(facts::seat)
}
