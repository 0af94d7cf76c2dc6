//! The one door of permission: every use case asks here, and nowhere else.

use domain::decision::Decision;
use domain::{Permission, TenantId};

use crate::failure::Failure;
use crate::principal::Caller;

/// Whether the caller may; the decision carries its reasons.
///
/// # Errors
/// `Forbidden` where not.
pub fn authorize(
    caller: &Caller,
    permission: &Permission,
    tenant: Option<TenantId>,
) -> Result<Decision, Failure> {
    let decision = caller.principal().authority.decide(permission, tenant, caller.door);
    if decision.allowed {
        return Ok(decision);
    }
    tracing::info!(%permission, reasons = ?decision.reasons, "refused");
    Err(Failure::forbidden())
}

/// For what belongs to oneself and asks for a person who signed in: password, profile, other sessions.
///
/// # Errors
/// `Forbidden` for a credential that a program holds.
pub fn interactive(caller: &Caller) -> Result<(), Failure> {
    if caller.principal().credential.is_interactive() {
        return Ok(());
    }
    Err(Failure {
        public: "This needs a credential of an interactive sign-in.".into(),
        ..Failure::forbidden()
    })
}

/// The user behind the credential.
///
/// # Errors
/// `Forbidden` for a client's or a tenant's own.
pub fn person(caller: &Caller) -> Result<domain::UserId, Failure> {
    let forbidden =
        || Failure { public: "This credential does not belong to a user.".into(), ..Failure::forbidden() };
    caller.user_id().ok_or_else(forbidden)
}
