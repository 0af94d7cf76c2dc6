//! Who may do what, and why: the one rule behind every permission that is asked for.

mod change;
mod facts;
mod told;
mod within;

use std::sync::Arc;

use crate::client::Scopes;
use crate::ids::TenantId;
use crate::permission::{Pattern, Permission};
use crate::role::Role;

pub use change::{Change, Seat, smallest};
pub use facts::{Facts, Question};

/// What a live credential brings to a decision.
#[derive(Clone, Debug, Default)]
pub struct Authority {
    /// The tenant that the credential is bound to; `None`: an operator's session, or a client.
    pub tenant: Option<TenantId>,
    /// Runs the installation.
    pub operator: bool,
    /// Roles in `tenant`, strongest first.
    pub roles: Vec<Arc<Role>>,
    /// The role that cuts the credential down.
    pub cap: Option<Arc<Role>>,
    /// The scopes that bind the credential; `None`: bound by none.
    pub scopes: Option<Scopes>,
}

/// One step of the chain that led to a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The user belongs to the tenant, or not, or no longer.
    Membership { state: MembershipState },
    /// The user as a whole is barred.
    User { state: UserState },
    /// The credential itself is over.
    Credential,
    /// An operator may do everything.
    Operator,
    /// A role grants it, by this pattern.
    Role { role: String, pattern: Pattern },
    /// The token's cap lets it through, by this pattern.
    CapAllows { role: String, pattern: Pattern },
    /// The token's cap cuts it away.
    CapDenies { role: String },
    /// The credential is bound by scopes, and not by the one for it: `read` for what reads, `write` for the rest.
    ScopeLacks { scope: &'static str },
    /// None of the roles held grants it.
    NoRole { roles: Vec<String> },
    /// The credential is bound to another tenant, or to none.
    OtherTenant,
    /// It is the operators' alone, whatever roles grant.
    OperatorsOnly,
    /// The person belongs to other tenants too, or runs the installation.
    NotYours,
    /// The role is not the caller's to give or to take away.
    NotAssignable { role: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipState {
    Live,
    Inactive,
    Ended,
    None,
}

/// Why a user counts nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserState {
    Inactive,
    Locked,
}

/// Through which kind of door a caller came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Herald's own API: an operator is one.
    Own,
    /// A product's dialect: an operator is what his membership makes him.
    Product,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub permission: Permission,
    pub allowed: bool,
    pub reasons: Vec<Reason>,
}

impl Authority {
    /// Decides; deny is the default.
    pub fn decide(&self, permission: &Permission, tenant: Option<TenantId>, door: Door) -> Decision {
        let (allowed, reasons) = self.weigh(permission, tenant, door);
        Decision { permission: permission.clone(), allowed, reasons }
    }

    /// Whether it stands above all tenants at this door: an operator's, and nothing cuts it down.
    pub fn operates(&self, door: Door) -> bool {
        self.operator && self.cap.is_none() && door == Door::Own
    }

    fn weigh(&self, permission: &Permission, tenant: Option<TenantId>, door: Door) -> (bool, Vec<Reason>) {
        let scope = permission.scope();
        if self.scopes.as_ref().is_some_and(|scopes| !scopes.has(scope)) {
            return (false, vec![Reason::ScopeLacks { scope }]);
        }
        if self.operates(door) {
            return (true, vec![Reason::Operator]);
        }
        if permission.is_of_installation() {
            let capped = self.cap.as_ref().filter(|_| self.operator && door == Door::Own);
            let denies = capped.map(|cap| Reason::CapDenies { role: cap.key.clone() });
            return (false, vec![denies.unwrap_or(Reason::OperatorsOnly)]);
        }
        if self.tenant.is_none() || tenant != self.tenant {
            return (false, vec![Reason::OtherTenant]);
        }
        let granted = self.roles.iter().find_map(|role| {
            let pattern = role.permits(permission)?.clone();
            Some(Reason::Role { role: role.key.clone(), pattern })
        });
        let Some(granted) = granted else {
            let roles = self.roles.iter().map(|role| role.key.clone()).collect();
            return (false, vec![Reason::NoRole { roles }]);
        };
        match &self.cap {
            None => (true, vec![granted]),
            Some(cap) => match cap.permits(permission) {
                Some(pattern) => {
                    let through = Reason::CapAllows { role: cap.key.clone(), pattern: pattern.clone() };
                    (true, vec![granted, through])
                }
                None => (false, vec![granted, Reason::CapDenies { role: cap.key.clone() }]),
            },
        }
    }

    /// The keys of roles that the caller may give: what its roles assign, less what the cap lacks.
    pub fn assigns(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for key in self.roles.iter().flat_map(|role| &role.assigns) {
            let capped = self.cap.as_ref().is_some_and(|cap| !cap.assigns.contains(key));
            if !capped && !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        keys
    }

    /// Whether the credential may give the role to somebody: it may give its key or its base, or, where a custom role
    /// has no base, permits all that the role does and may give all that it gives (design.md §6). An operator may give
    /// any.
    pub fn may_give(&self, role: &Role, door: Door) -> bool {
        if self.operates(door) {
            return true;
        }
        let given = self.assigns();
        if let Some(base) = role.base {
            return given.contains(&role.key) || given.iter().any(|key| key == base.key());
        }
        let weaker = role.patterns.iter().all(|pattern| self.covers(pattern))
            && role.assigns.iter().all(|key| *key == role.key || given.contains(key));
        given.contains(&role.key) || weaker
    }

    /// Whether the credential may take the role from somebody, or change somebody who holds it: it may give it, or it is
    /// itself at least as strong. So a credential that is cut down does not demote an administrator.
    pub fn may_take(&self, role: &Role, door: Door) -> bool {
        let assigned = self.assigns();
        let stronger = || {
            role.patterns.iter().all(|pattern| self.covers(pattern))
                && role.assigns.iter().all(|key| assigned.contains(key))
        };
        self.may_give(role, door) || stronger()
    }

    /// Whether the credential permits all that `pattern` matches: roles grant it, and the cap lets it through.
    pub fn covers(&self, pattern: &Pattern) -> bool {
        let granted = self.roles.iter().flat_map(|role| &role.patterns).any(|held| held.covers(pattern));
        let capped =
            self.cap.as_ref().is_some_and(|cap| !cap.patterns.iter().any(|held| held.covers(pattern)));
        granted && !capped
    }

    /// The collections that the credential may see; `None`: all. Whoever administers sees all, and so does whoever
    /// holds no custom role that names any (akto.md §3.5); a cap narrows by the same rule.
    pub fn collections(&self) -> Option<Vec<i64>> {
        let own = named(self.roles.iter().map(AsRef::as_ref));
        match (own, named(self.cap.iter().map(AsRef::as_ref))) {
            (Some(own), Some(cap)) => Some(own.into_iter().filter(|one| cap.contains(one)).collect()),
            (own, cap) => own.or(cap),
        }
    }

    /// The patterns held, sorted, without repeats; the cap is not counted in.
    pub fn patterns(&self) -> Vec<&Pattern> {
        let mut all: Vec<&Pattern> = self.roles.iter().flat_map(|role| &role.patterns).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// The collections that the roles name, unless one of them administers.
fn named<'r>(roles: impl Iterator<Item = &'r Role> + Clone) -> Option<Vec<i64>> {
    if roles.clone().any(Role::administers) {
        return None;
    }
    let named: Vec<i64> = roles.flat_map(|role| role.collections.iter().copied()).collect();
    (!named.is_empty()).then_some(named)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::Timestamp;
    use crate::role::Builtin;

    fn role(builtin: Builtin) -> Arc<Role> {
        Arc::new(Role::built_in(builtin, Timestamp::from_secs(0)))
    }

    fn authority(of: Builtin, cap: Option<Builtin>) -> Authority {
        let tenant = Some(TenantId::from_uuid(Uuid::nil()));
        Authority { tenant, roles: vec![role(of)], cap: cap.map(role), ..Authority::default() }
    }

    #[test]
    fn collections_are_those_that_custom_roles_name() {
        let naming = |base, collections: &[i64]| {
            Arc::new(Role { collections: collections.to_vec(), builtin: false, ..(*role(base)).clone() })
        };
        let seen =
            |roles: Vec<Arc<Role>>, cap| Authority { roles, cap, ..Authority::default() }.collections();
        let (one, two) = (naming(Builtin::Guest, &[1, 2]), naming(Builtin::Guest, &[2, 3]));
        assert_eq!(seen(vec![role(Builtin::Member)], None), None);
        assert_eq!(seen(vec![role(Builtin::Member), one.clone()], None), Some(vec![1, 2]));
        assert_eq!(seen(vec![one.clone(), two.clone()], None), Some(vec![1, 2, 2, 3]));
        assert_eq!(seen(vec![role(Builtin::Admin), one.clone()], None), None);
        assert_eq!(seen(vec![naming(Builtin::Admin, &[9])], None), None, "an administrator by its base");
        assert_eq!(seen(vec![role(Builtin::Admin)], Some(one.clone())), Some(vec![1, 2]), "the cap");
        assert_eq!(seen(vec![one.clone()], Some(two)), Some(vec![2]));
        assert_eq!(seen(vec![one], Some(role(Builtin::Guest))), Some(vec![1, 2]));
    }

    #[test]
    fn a_cap_only_takes_away() {
        let capped = authority(Builtin::Admin, Some(Builtin::Guest));
        let denied = capped.decide(&Permission::USERS_WRITE, capped.tenant, Door::Own);
        assert!(!denied.allowed);
        assert_eq!(denied.reasons.last(), Some(&Reason::CapDenies { role: "guest".into() }));
        assert!(capped.decide(&Permission::ROLES_READ, capped.tenant, Door::Own).allowed);
        let guest = authority(Builtin::Guest, Some(Builtin::Admin));
        assert!(!guest.decide(&Permission::USERS_WRITE, guest.tenant, Door::Own).allowed);
    }

    #[test]
    fn a_scope_binds_what_the_roles_grant() {
        let reader = Authority { scopes: Some(Scopes::parse("read")), ..authority(Builtin::Admin, None) };
        assert!(reader.decide(&Permission::USERS_READ, reader.tenant, Door::Own).allowed);
        let denied = reader.decide(&Permission::USERS_WRITE, reader.tenant, Door::Own);
        assert_eq!(denied.reasons, [Reason::ScopeLacks { scope: "write" }]);
        let operator = Authority { operator: true, scopes: Some(Scopes::default()), ..Authority::default() };
        assert!(!operator.decide(&Permission::USERS_READ, None, Door::Own).allowed);
    }

    #[test]
    fn the_installation_is_the_operators_whatever_roles_grant() {
        let (read, write) = (Permission::INSTALLATION_READ, Permission::INSTALLATION_WRITE);
        let admin = authority(Builtin::Admin, None);
        for tenant in [None, admin.tenant] {
            let denied = admin.decide(&write, tenant, Door::Own);
            assert_eq!((denied.allowed, denied.reasons), (false, vec![Reason::OperatorsOnly]));
        }
        let operator = Authority { operator: true, ..admin };
        assert!(operator.decide(&read, None, Door::Own).allowed);
        assert_eq!(operator.decide(&read, None, Door::Product).reasons, [Reason::OperatorsOnly]);
        let capped = Authority { cap: Some(role(Builtin::Admin)), ..operator };
        assert_eq!(
            capped.decide(&read, None, Door::Own).reasons,
            [Reason::CapDenies { role: "admin".into() }]
        );
    }

    #[test]
    fn another_tenant_is_never_reached() {
        let admin = authority(Builtin::Admin, None);
        let other = Some(TenantId::from_uuid(Uuid::max()));
        assert_eq!(admin.decide(&Permission::USERS_READ, other, Door::Own).reasons, [Reason::OtherTenant]);
        let nobody = Authority::default();
        assert!(!nobody.decide(&Permission::USERS_READ, None, Door::Own).allowed);
    }

    #[test]
    fn an_operator_may_all_but_not_through_a_cap() {
        let mut operator = Authority { operator: true, ..Authority::default() };
        assert!(operator.decide(&Permission::USERS_WRITE, None, Door::Own).allowed);
        assert!(!operator.decide(&Permission::USERS_WRITE, None, Door::Product).allowed);
        operator.cap = Some(role(Builtin::Guest));
        assert!(!operator.decide(&Permission::USERS_WRITE, None, Door::Own).allowed);
    }

    #[test]
    fn a_custom_role_is_given_by_its_base_or_by_what_it_permits() {
        use crate::permission::Pattern;
        let custom = |base, pattern| Role {
            key: "desk".into(),
            base,
            patterns: vec![Pattern::parse(pattern).unwrap()],
            ..Role::built_in(Builtin::NoAccess, Timestamp::from_secs(0))
        };
        let member = authority(Builtin::Member, None);
        assert!(member.may_give(&custom(Some(Builtin::Guest), "audit:read"), Door::Own));
        assert!(!member.may_give(&custom(Some(Builtin::Admin), "users:read"), Door::Own));
        assert!(member.may_give(&custom(None, "users:read"), Door::Own));
        assert!(!member.may_give(&custom(None, "users:*"), Door::Own));
        let giving = |key: &str| Role { assigns: vec![key.to_owned()], ..custom(None, "users:read") };
        assert!(
            !member.may_give(&giving("admin"), Door::Own),
            "its holder could make himself an administrator"
        );
        assert!(member.may_give(&giving("guest"), Door::Own) && member.may_give(&giving("desk"), Door::Own));
        let capped = authority(Builtin::Admin, Some(Builtin::Guest));
        assert!(!capped.may_give(&role(Builtin::Member), Door::Own));
        assert!(capped.may_give(&role(Builtin::Guest), Door::Own));
    }

    #[test]
    fn who_is_stronger_is_not_touched() {
        let admin = authority(Builtin::Admin, None);
        assert!(Builtin::ALL.into_iter().all(|of| admin.may_take(&role(of), Door::Own)));
        assert!(!admin.may_give(&role(Builtin::NoAccess), Door::Own));
        let capped = authority(Builtin::Admin, Some(Builtin::Member));
        assert!(!capped.may_take(&role(Builtin::Admin), Door::Own));
        assert!(!capped.may_take(&role(Builtin::ThreatViewer), Door::Own));
        assert!(capped.may_take(&role(Builtin::Guest), Door::Own));
        let gives_admin = Role { assigns: vec!["admin".into()], ..(*role(Builtin::NoAccess)).clone() };
        assert!(!capped.may_take(&gives_admin, Door::Own), "who can make himself an administrator");
    }

    #[test]
    fn what_may_be_given_is_cut_by_the_cap() {
        assert_eq!(authority(Builtin::Admin, Some(Builtin::Developer)).assigns(), ["developer", "guest"]);
    }
}
