//! From what Herald holds to Aegis' JSON.

use app::Profile;
use domain::TenantId;
use domain::role::{Builtin, Role};

use super::wire;

/// The body of `GET /auth/me` by a credential of `tenant`: the user, whatever the cap of the credential.
pub fn me(profile: &Profile, tenant: Option<TenantId>) -> wire::Me {
    let here = tenant.and_then(|tenant| profile.membership(tenant));
    let highest = here.and_then(|membership| membership.highest_role());
    wire::Me {
        email: profile.user.email.as_str().to_owned(),
        role: highest.map_or(Builtin::NoAccess.key(), role).to_owned(),
        is_active: true,
    }
}

/// A role's key, as Aegis writes it.
pub fn role(role: &Role) -> &str {
    if role.builtin && role.base == Some(Builtin::Guest) { "view" } else { &role.key }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    #[test]
    fn the_built_in_guest_alone_is_view() {
        for builtin in Builtin::ALL {
            let shown = if builtin == Builtin::Guest { "view" } else { builtin.key() };
            assert_eq!(role(&Role::built_in(builtin, Timestamp::from_secs(0))), shown);
        }
        let guest = Role::built_in(Builtin::Guest, Timestamp::from_secs(0));
        let custom = Role { key: "visitor".into(), builtin: false, ..guest };
        assert_eq!(role(&custom), "visitor");
    }
}
