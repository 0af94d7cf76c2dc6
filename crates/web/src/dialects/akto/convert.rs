//! From what Herald holds to Akto's JSON.

use std::sync::Arc;

use app::Profile;
use domain::membership::Membership;
use domain::role::{Builtin, Role};
use domain::{TenantId, Timestamp};

use super::wire;

/// The body of `POST /api/me` by a credential of `tenant`: the user, whatever the cap of the credential.
pub fn me(profile: &Profile, tenant: Option<TenantId>, now: Timestamp) -> wire::Me {
    let here = tenant.and_then(|tenant| profile.membership(tenant));
    let user = &profile.user;
    wire::Me {
        user: wire::User {
            login: user.email.as_str().to_owned(),
            name: user.display_name().to_owned(),
            role: name(role(here.map_or(&[], |membership| &membership.roles))),
            accounts: profile.live(now).map(account).collect(),
        },
    }
}

fn account(membership: &Membership) -> (String, String) {
    (membership.tenant.number.to_string(), membership.tenant.name.clone())
}

/// The built-in role that counts here: the highest one's base. A custom role without a base says nothing in this
/// dialect, so it counts as `no_access` when held alone (akto.md §2).
pub fn role(strongest_first: &[Arc<Role>]) -> Builtin {
    strongest_first.iter().find_map(|role| role.base).unwrap_or(Builtin::NoAccess)
}

/// As Akto writes it.
pub const fn name(role: Builtin) -> &'static str {
    match role {
        Builtin::Admin => "ADMIN",
        Builtin::ThreatEngineer => "THREAT_ENGINEER",
        Builtin::ThreatViewer => "THREAT_VIEWER",
        Builtin::Member => "MEMBER",
        Builtin::Developer => "DEVELOPER",
        Builtin::Guest => "GUEST",
        Builtin::NoAccess => "NO_ACCESS",
    }
}

#[cfg(test)]
mod tests {
    use domain::RoleId;
    use uuid::Uuid;

    use super::*;

    fn built_in(builtin: Builtin) -> Arc<Role> {
        Arc::new(Role::built_in(builtin, Timestamp::from_secs(0)))
    }

    fn custom(base: Option<Builtin>, level: i64) -> Arc<Role> {
        let template = Role::built_in(Builtin::Guest, Timestamp::from_secs(0));
        let id = RoleId::from_uuid(Uuid::max());
        Arc::new(Role { id, key: "own".into(), builtin: false, base, level, ..template })
    }

    #[test]
    fn a_built_in_role_is_its_key_in_upper_case() {
        for builtin in Builtin::ALL {
            assert_eq!(name(role(&[built_in(builtin)])), builtin.key().to_uppercase());
        }
    }

    #[test]
    fn a_custom_role_counts_as_its_base() {
        let reviewer = custom(Some(Builtin::Developer), 1);
        assert_eq!(role(&[Arc::clone(&reviewer)]), Builtin::Developer);
        assert_eq!(role(&[reviewer, built_in(Builtin::Member)]), Builtin::Developer);
    }

    #[test]
    fn one_without_a_base_counts_for_nothing() {
        let technician = custom(None, 3);
        assert_eq!(role(&[Arc::clone(&technician)]), Builtin::NoAccess);
        assert_eq!(role(&[technician, built_in(Builtin::Guest)]), Builtin::Guest);
        assert_eq!(role(&[]), Builtin::NoAccess);
    }
}
