//! Why not, with the smallest change that would allow it: found by deciding again on changed facts.

use std::cmp::Reverse;
use std::sync::Arc;

use super::{Facts, Question};
use crate::client::Scopes;
use crate::ids::TenantId;
use crate::permission::{CATALOGUE, Pattern};
use crate::role::Role;
use crate::standing::{Bond, Owner};

/// One thing to do, after which the same question is answered with yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    UnlockUser,
    ActivateUser,
    ActivateMembership,
    /// Lets the membership end later, or never.
    ExtendMembership,
    /// Use a credential that has this scope too.
    WidenScope {
        scope: &'static str,
    },
    /// Use a credential that no role cuts down.
    LiftCap,
    /// Use a credential of that tenant.
    SwitchTenant {
        tenant: TenantId,
    },
    GiveRole {
        role: String,
    },
    /// Make the user a member with this role.
    JoinTenant {
        role: String,
    },
}

/// A user in a tenant, as far as decisions go.
#[derive(Clone, Debug)]
pub struct Seat {
    pub tenant: TenantId,
    pub bond: Bond,
    /// Strongest first.
    pub roles: Vec<Arc<Role>>,
}

/// The first single change, from the smallest on, on whose outcome the decision is yes; `None` where it takes more.
///
/// `roles` are those of the tenant that is asked about. Of the roles that would do, it is the one that permits least
/// which the holder of some role there may give. `elsewhere` is the same person's seat there, where his credential is bound to
/// another tenant.
pub fn smallest(
    facts: &Facts,
    question: &Question<'_>,
    roles: &[Role],
    elsewhere: Option<&Seat>,
) -> Option<Change> {
    let mut tried = states(facts);
    tried.extend(credentials(facts, question, elsewhere));
    let small = tried.into_iter().find(|(_, changed)| changed.judge(question).allowed);
    small.map(|(change, _)| change).or_else(|| by_role(facts, question, roles))
}

type Trial = (Change, Facts);

fn edited(facts: &Facts, edit: impl FnOnce(&mut Facts)) -> Facts {
    let mut changed = facts.clone();
    edit(&mut changed);
    changed
}

fn with(facts: &Facts, change: Change, edit: impl FnOnce(&mut Facts)) -> Trial {
    (change, edited(facts, edit))
}

/// What may be changed of the user and the membership.
fn states(facts: &Facts) -> Vec<Trial> {
    let mut trials = Vec::new();
    if let Some(owner) = facts.standing.owner {
        let set = |change, owner| with(facts, change, |f| f.standing.owner = Some(owner));
        trials.push(set(Change::UnlockUser, Owner { locked: false, ..owner }));
        trials.push(set(Change::ActivateUser, Owner { active: true, ..owner }));
    }
    if let Bond::Member { active, ends_at } = facts.standing.membership {
        let set = |change, bond| with(facts, change, |f| f.standing.membership = bond);
        trials.push(set(Change::ActivateMembership, Bond::Member { active: true, ends_at }));
        trials.push(set(Change::ExtendMembership, Bond::Member { active, ends_at: None }));
    }
    trials
}

/// What may be changed of the credential.
fn credentials(facts: &Facts, question: &Question<'_>, elsewhere: Option<&Seat>) -> Vec<Trial> {
    let mut trials = Vec::new();
    if let Some(scopes) = &facts.authority.scopes {
        let scope = question.permission.scope();
        let wider = Scopes::parse(&format!("{scopes} {scope}"));
        trials.push(with(facts, Change::WidenScope { scope }, |f| f.authority.scopes = Some(wider)));
    }
    if facts.authority.cap.is_some() {
        trials.push(with(facts, Change::LiftCap, |f| f.authority.cap = None));
    }
    if let Some(there) = elsewhere {
        trials.push(with(facts, Change::SwitchTenant { tenant: there.tenant }, |f| {
            f.standing.membership = there.bond;
            f.authority.tenant = Some(there.tenant);
            f.authority.roles.clone_from(&there.roles);
        }));
    }
    trials
}

/// The role that permits least of those that would do, for a member; a seat with it, for a user who has none.
fn by_role(facts: &Facts, question: &Question<'_>, roles: &[Role]) -> Option<Change> {
    let mut weakest_first: Vec<&Role> = roles.iter().filter(|role| somebody_gives(roles, role)).collect();
    // Of equals the built-in one: everybody knows what it is.
    weakest_first
        .sort_by_cached_key(|role| (breadth(role), Reverse(role.level), !role.builtin, role.key.clone()));
    let joins = match facts.standing.membership {
        Bond::Member { .. } => false,
        Bond::NotAMember => true,
        // A client's or a tenant's own credential: nobody gives it roles.
        Bond::None => return None,
    };
    weakest_first.into_iter().find_map(|role| {
        let changed = edited(facts, |f| {
            f.authority.roles.push(Arc::new(role.clone()));
            if joins {
                f.standing.membership = Bond::Member { active: true, ends_at: None };
                f.authority.tenant = question.tenant;
            }
        });
        let key = role.key.clone();
        let change = if joins { Change::JoinTenant { role: key } } else { Change::GiveRole { role: key } };
        changed.judge(question).allowed.then_some(change)
    })
}

/// How much it permits: whether all, and how many of the catalogue with what it names beside that. Its level says nothing
/// about it.
fn breadth(role: &Role) -> (bool, usize) {
    let permitted = CATALOGUE.iter().filter(|(permission, _)| role.permits(permission).is_some());
    let beside = |pattern: &&Pattern| !CATALOGUE.iter().any(|(permission, _)| pattern.matches(permission));
    let beside = role.patterns.iter().filter(beside);
    (role.patterns.contains(&Pattern::EVERYTHING), permitted.count() + beside.count())
}

/// By the rule of giving (design §6): by key, a custom role by its base, one without a base by what it permits.
fn somebody_gives(roles: &[Role], role: &Role) -> bool {
    roles.iter().any(|giver| {
        let assigns = |key: &str| giver.assigns.iter().any(|given| given == key);
        let all_held = || role.patterns.iter().all(|p| giver.patterns.iter().any(|held| held.covers(p)));
        assigns(&role.key) || !role.builtin && role.base.map_or_else(all_held, |base| assigns(base.key()))
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::decision::{Authority, Door, MembershipState, Reason, UserState};
    use crate::permission::Permission;
    use crate::role::{Builtin, Custom};
    use crate::standing::Standing;
    use crate::time::Timestamp;

    const NOW: Timestamp = Timestamp::from_secs(100);
    const LIVE: Bond = Bond::Member { active: true, ends_at: None };

    const HERE: TenantId = TenantId::from_uuid(Uuid::nil());

    fn role(builtin: Builtin) -> Role {
        Role::built_in(builtin, NOW)
    }

    /// The built-in roles and one custom: on base guest, weaker than guest, permits to write users.
    fn roles() -> Vec<Role> {
        let base = Some(Builtin::Guest);
        let custom = Custom { base, patterns: vec![Permission::USERS_WRITE.into()], ..Custom::default() };
        let desk = Role {
            key: "desk".into(),
            builtin: false,
            tenant: Some(HERE),
            level: 9,
            patterns: custom.effective_patterns(),
            ..role(Builtin::Guest)
        };
        Builtin::ALL.into_iter().map(role).chain([desk]).collect()
    }

    fn member(of: Builtin) -> Facts {
        let standing = Standing {
            owner: Some(Owner { active: true, locked: false }),
            membership: LIVE,
            ..Standing::default()
        };
        let authority =
            Authority { tenant: Some(HERE), roles: vec![Arc::new(role(of))], ..Authority::default() };
        Facts { standing, authority }
    }

    fn question(permission: &Permission) -> Question<'_> {
        Question { permission, tenant: Some(HERE), door: Door::Own, now: NOW }
    }

    /// The change for a refusal whose last reason is `why`.
    fn change(facts: &Facts, permission: &Permission, why: &Reason) -> Option<Change> {
        let decision = facts.judge(&question(permission));
        assert!(!decision.allowed);
        assert_eq!(decision.reasons.last(), Some(why));
        smallest(facts, &question(permission), &roles(), None)
    }

    #[test]
    fn one_fault_is_one_change() {
        let read = Permission::USERS_READ;
        let membership = |state| Reason::Membership { state };
        let mut facts = member(Builtin::Admin);
        facts.standing.owner = Some(Owner { active: true, locked: true });
        let locked = Reason::User { state: UserState::Locked };
        assert_eq!(change(&facts, &read, &locked), Some(Change::UnlockUser));
        facts.standing.owner = Some(Owner { active: false, locked: false });
        let inactive = Reason::User { state: UserState::Inactive };
        assert_eq!(change(&facts, &read, &inactive), Some(Change::ActivateUser));
        let mut facts = member(Builtin::Admin);
        facts.standing.membership = Bond::Member { active: false, ends_at: None };
        let state = membership(MembershipState::Inactive);
        assert_eq!(change(&facts, &read, &state), Some(Change::ActivateMembership));
        facts.standing.membership = Bond::Member { active: true, ends_at: Some(NOW) };
        let state = membership(MembershipState::Ended);
        assert_eq!(change(&facts, &read, &state), Some(Change::ExtendMembership));
        let mut facts = member(Builtin::Admin);
        facts.authority.cap = Some(Arc::new(role(Builtin::Guest)));
        let cap = Reason::CapDenies { role: "guest".into() };
        assert_eq!(change(&facts, &read, &cap), Some(Change::LiftCap));
        let mut facts = member(Builtin::Admin);
        facts.authority.scopes = Some(Scopes::parse("write"));
        let scope = Reason::ScopeLacks { scope: "read" };
        assert_eq!(change(&facts, &read, &scope), Some(Change::WidenScope { scope: "read" }));
    }

    #[test]
    fn the_weakest_role_that_somebody_gives() {
        let guest = member(Builtin::Guest);
        let why = Reason::NoRole { roles: vec!["guest".into()] };
        let given = |permission: &Permission| change(&guest, permission, &why);
        assert_eq!(given(&Permission::USERS_READ), Some(Change::GiveRole { role: "developer".into() }));
        assert_eq!(given(&Permission::USERS_WRITE), Some(Change::GiveRole { role: "desk".into() }));
        assert_eq!(given(&Permission::AUDIT_READ), Some(Change::GiveRole { role: "admin".into() }));
        let nobody: Vec<Role> = roles().into_iter().filter(|role| !role.administers()).collect();
        assert_eq!(smallest(&guest, &question(&Permission::AUDIT_READ), &nobody, None), None);
    }

    #[test]
    fn a_role_that_nobody_gives_is_not_named() {
        let mut all: Vec<Role> = Builtin::ALL.into_iter().map(role).collect();
        let hidden = Role {
            key: "hidden".into(),
            builtin: false,
            base: Some(Builtin::NoAccess),
            patterns: vec![Permission::USERS_READ.into()],
            ..role(Builtin::NoAccess)
        };
        all.push(hidden);
        let guest = member(Builtin::Guest);
        let change = smallest(&guest, &question(&Permission::USERS_READ), &all, None);
        assert_eq!(change, Some(Change::GiveRole { role: "developer".into() }));
    }

    #[test]
    fn a_broad_role_of_a_low_level_is_not_the_weakest() {
        let broad = Role { key: "broad".into(), builtin: false, level: 9, ..role(Builtin::Admin) };
        let all: Vec<Role> = roles().into_iter().chain([broad]).collect();
        let change = |permission| smallest(&member(Builtin::Guest), &question(permission), &all, None);
        assert_eq!(change(&Permission::USERS_READ), Some(Change::GiveRole { role: "developer".into() }));
        assert_eq!(change(&Permission::USERS_WRITE), Some(Change::GiveRole { role: "desk".into() }));
    }

    #[test]
    fn a_stranger_would_join_and_two_faults_are_too_many() {
        let mut stranger = member(Builtin::Guest);
        stranger.standing.membership = Bond::NotAMember;
        stranger.authority = Authority::default();
        let none = Reason::Membership { state: MembershipState::None };
        let joins = change(&stranger, &Permission::USERS_READ, &none);
        assert_eq!(joins, Some(Change::JoinTenant { role: "developer".into() }));
        let mut two = member(Builtin::Guest);
        two.standing.owner = Some(Owner { active: false, locked: true });
        let inactive = Reason::User { state: UserState::Inactive };
        assert_eq!(change(&two, &Permission::ROLES_READ, &inactive), None);
    }

    #[test]
    fn another_tenant_of_ones_own_is_a_credential_away() {
        let mut facts = member(Builtin::Guest);
        let there = TenantId::from_uuid(Uuid::max());
        let elsewhere = |bond, of| Seat { tenant: there, bond, roles: vec![Arc::new(role(of))] };
        let question = Question { tenant: Some(there), ..question(&Permission::USERS_READ) };
        let change = |facts: &Facts, e: &Seat| smallest(facts, &question, &roles(), Some(e));
        let admin = elsewhere(LIVE, Builtin::Admin);
        assert_eq!(change(&facts, &admin), Some(Change::SwitchTenant { tenant: there }));
        assert_eq!(change(&facts, &elsewhere(LIVE, Builtin::Guest)), None);
        let left = elsewhere(Bond::Member { active: true, ends_at: Some(NOW) }, Builtin::Admin);
        assert_eq!(change(&facts, &left), None);
        facts.authority.cap = Some(Arc::new(role(Builtin::Guest)));
        assert_eq!(change(&facts, &admin), None, "the cap goes along");
    }
}
