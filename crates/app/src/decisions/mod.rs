//! Asking what a credential may do, and why: the enforcement path itself, not a second evaluator.

use domain::decision::Decision;
use domain::{Permission, TenantId};

use crate::principal::Caller;

/// Decides about the caller himself; asks for no permission. `tenant` is that of the credential unless named.
pub fn for_oneself(caller: &Caller, permission: &Permission, tenant: Option<TenantId>) -> Decision {
    let principal = caller.principal();
    principal.authority.decide(permission, tenant.or(principal.tenant), caller.door)
}
