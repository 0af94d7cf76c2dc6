//! From what Herald holds to Aegis' JSON.

use app::Profile;
use app::members::Member;
use app::tokens::of_provider::Listed;
use domain::role::{Builtin, Role};
use domain::{TenantId, Timestamp};

use super::wire;

/// The body of `GET /auth/me` by a credential of `tenant`: the user, whatever the cap of the credential.
pub fn me(profile: &Profile, tenant: Option<TenantId>) -> wire::Me {
    let here = tenant.and_then(|tenant| profile.membership(tenant));
    let highest = here.and_then(|membership| membership.highest_role());
    wire::Me {
        email: profile.user.email.as_str().to_owned(),
        role: shown(highest).to_owned(),
        is_active: true,
    }
}

/// A role's key, as Aegis writes it.
pub fn role(role: &Role) -> &str {
    let alias = role.base.filter(|_| role.builtin).and_then(Builtin::alias);
    alias.unwrap_or(&role.key)
}

/// Somebody without a role may do what `no_access` may.
fn shown(highest: Option<&Role>) -> &str {
    highest.map_or(Builtin::NoAccess.key(), role)
}

/// The key that Herald knows a role by, from what Aegis' callers write; both spellings of `guest` are read.
pub fn role_key(written: &str) -> &str {
    match Builtin::taking(written) {
        Some(builtin) => builtin.key(),
        None => written,
    }
}

/// A row of `GET /api/tokens/{provider}`.
pub fn token(row: &Listed) -> wire::Token<'_> {
    wire::Token {
        id: row.token.id.uuid(),
        name: &row.token.name,
        provider: &row.token.provider,
        role: shown(row.role.as_ref()),
        created_by: row.created_by.as_deref().unwrap_or_default(),
        created_at: row.token.created_at.rfc3339_secs(),
        expiry: row.token.expires_at.map(Timestamp::rfc3339_secs),
    }
}

/// A row of `GET /api/users/{pattern}`.
pub fn user(member: &Member, now: Timestamp) -> wire::User<'_> {
    let wire::State { role, is_active } = state(member, now);
    wire::User {
        email: member.user.email.as_str(),
        name: member.user.name.as_deref().unwrap_or_default(),
        provider: &member.user.provider,
        role,
        is_active,
    }
}

/// What became of a user.
pub fn state(member: &Member, now: Timestamp) -> wire::State<'_> {
    let lives = member.active && member.expires_at.is_none_or(|end| now < end);
    let is_active = lives && member.user.active && !member.user.locked;
    wire::State { role: shown(member.roles.first().map(AsRef::as_ref)), is_active }
}

#[cfg(test)]
mod tests {
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
