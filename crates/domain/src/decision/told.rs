//! A decision in a few words, for the audit trail.

use std::fmt;

use super::{Decision, MembershipState, Reason, UserState};

/// `users:write: role admin (*), cap developer (users:*)`.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.permission)?;
        let mut between = ": ";
        for reason in &self.reasons {
            write!(f, "{between}{reason}")?;
            between = ", ";
        }
        Ok(())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Membership { state } => write!(f, "membership {}", of_membership(*state)),
            Self::User { state: UserState::Inactive } => f.write_str("user inactive"),
            Self::User { state: UserState::Locked } => f.write_str("user locked"),
            Self::Credential => f.write_str("credential over"),
            Self::Operator => f.write_str("operator"),
            Self::Role { role, pattern } => write!(f, "role {role} ({pattern})"),
            Self::CapAllows { role, pattern } => write!(f, "cap {role} ({pattern})"),
            Self::CapDenies { role } => write!(f, "cap {role} denies"),
            Self::ScopeLacks { scope } => write!(f, "no scope {scope}"),
            Self::NoRole { roles } if roles.is_empty() => f.write_str("no role"),
            Self::NoRole { roles } => write!(f, "no role grants it among {}", roles.join(" ")),
            Self::OtherTenant => f.write_str("another tenant"),
            Self::OperatorsOnly => f.write_str("operators alone"),
            Self::NotYours => f.write_str("not one's own"),
            Self::NotAssignable { role } => write!(f, "role {role} is not theirs to give"),
        }
    }
}

fn of_membership(state: MembershipState) -> &'static str {
    match state {
        MembershipState::Live => "live",
        MembershipState::Inactive => "inactive",
        MembershipState::Ended => "ended",
        MembershipState::None => "none",
    }
}

#[cfg(test)]
mod tests {
    use crate::decision::{Authority, Door, Reason};
    use crate::role::{Builtin, Role};
    use crate::{Permission, TenantId, Timestamp};

    #[test]
    fn a_decision_names_role_pattern_and_cap() {
        let tenant = Some(TenantId::from_uuid(uuid::Uuid::nil()));
        let role = |builtin| std::sync::Arc::new(Role::built_in(builtin, Timestamp::from_secs(0)));
        let roles = vec![role(Builtin::Admin)];
        let capped = Authority { tenant, roles, cap: Some(role(Builtin::Developer)), ..Authority::default() };
        let told = |permission| capped.decide(permission, tenant, Door::Own).to_string();
        assert_eq!(told(&Permission::USERS_READ), "users:read: role admin (*), cap developer (users:read)");
        assert_eq!(told(&Permission::USERS_WRITE), "users:write: role admin (*), cap developer denies");
        assert_eq!(Reason::Operator.to_string(), "operator");
    }
}
