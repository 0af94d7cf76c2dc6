//! From the domain to `/v1`.

use app::Principal;
use app::principal::Profile;
use domain::client::Scopes;
use domain::decision::{Authority, Change, Door, MembershipState, Reason, UserState};
use domain::session::Session;
use domain::token::{Token, Utility};
use domain::{Pattern, SessionId, TenantId, Timestamp, user};

use super::wire;

/// The whole answer of `GET /v1/me`; made of the principal alone.
pub fn me(principal: &Principal, profile: &Profile) -> wire::Me {
    let membership = principal.tenant.and_then(|id| profile.membership(id));
    let tenant = membership.map(|membership| &*membership.tenant);
    let authority = &principal.authority;
    wire::Me {
        user: user(&profile.user),
        tenant: tenant.map(|tenant| wire::Tenant {
            id: tenant.id.uuid(),
            key: tenant.key.clone(),
            name: tenant.name.clone(),
        }),
        roles: authority.roles.iter().map(|role| role.key.clone()).collect(),
        permissions: permissions(authority, Door::Own),
        features: tenant.map(|tenant| tenant.features.clone()).unwrap_or_default(),
        quotas: tenant.map(|tenant| tenant.quotas.iter().cloned().collect()).unwrap_or_default(),
        credential: credential(principal),
        operator: authority.operator,
    }
}

pub fn user(user: &user::User) -> wire::User {
    wire::User {
        id: user.id.uuid(),
        number: user.number,
        email: user.email.as_str().to_owned(),
        name: user.name.clone(),
        first_name: user.first_name.clone(),
        middle_name: user.middle_name.clone(),
        last_name: user.last_name.clone(),
        phone: user.phone.clone(),
        picture: user.picture.clone(),
        verified: user.verified,
        mfa_enrolled: user.mfa_enrolled,
        metadata: serde_json::from_str(&user.metadata).unwrap_or_default(),
        created_at: user.created_at.rfc3339_millis(),
        updated_at: user.updated_at.rfc3339_millis(),
        last_login_at: user.last_login_at.map(Timestamp::rfc3339_millis),
    }
}

fn credential(principal: &Principal) -> wire::Credential {
    let credential = &principal.credential;
    wire::Credential {
        kind: credential.kind.as_str(),
        id: credential.id,
        expires_at: credential.expires_at.map(Timestamp::rfc3339_millis),
        cap: principal.authority.cap.as_ref().map(|role| role.key.clone()),
        scopes: scopes(credential.scopes.as_ref()),
    }
}

pub(super) fn scopes(scopes: Option<&Scopes>) -> Option<Vec<String>> {
    scopes.map(|scopes| scopes.names().to_vec())
}

pub fn session(session: Session, current: Option<SessionId>) -> wire::Session {
    wire::Session {
        id: session.id.uuid(),
        number: session.number,
        tenant: session.tenant.map(TenantId::uuid),
        opened_by: session.opening.as_str(),
        created_at: session.created_at.rfc3339_millis(),
        last_used_at: session.last_used_at.rfc3339_millis(),
        expires_at: session.ends_at().rfc3339_millis(),
        current: current == Some(session.id),
        user_agent: session.user_agent,
        ip: session.ip,
        place: session.place,
        mfa: session.mfa,
    }
}

pub fn token(token: Token, role: Option<String>) -> wire::Token {
    wire::Token {
        id: token.id.uuid(),
        number: token.number,
        kind: token.kind.as_str(),
        name: token.name,
        role,
        scopes: scopes(token.scopes.as_ref()),
        utility: token.utility.map(Utility::as_str),
        revealable: token.revealable,
        created_at: token.created_at.rfc3339_millis(),
        expires_at: token.expires_at.map(Timestamp::rfc3339_millis),
        last_used_at: token.last_used_at.map(Timestamp::rfc3339_millis),
    }
}

/// What the credential permits: the roles' patterns, each cut down to what the cap lets through; sorted, none within
/// another.
fn permissions(authority: &Authority, door: Door) -> Vec<String> {
    if authority.operator && authority.cap.is_none() && door == Door::Own {
        return vec!["*".to_owned()];
    }
    let held = authority.patterns();
    let patterns: Vec<&Pattern> = match &authority.cap {
        None => held,
        Some(cap) => {
            // Of two patterns, one covers the other or they have nothing in common.
            let through = held.iter().copied().filter(|held| cap.patterns.iter().any(|cap| cap.covers(held)));
            let narrowed = cap.patterns.iter().filter(|cap| held.iter().any(|held| held.covers(cap)));
            through.chain(narrowed).collect()
        }
    };
    let mut texts: Vec<String> = patterns
        .iter()
        .filter(|pattern| !patterns.iter().any(|other| other != *pattern && other.covers(pattern)))
        .map(|pattern| pattern.as_str().to_owned())
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

/// One step of a decision.
pub(super) fn reason(reason: &Reason) -> wire::Reason {
    let of = |kind, role: Option<&String>, pattern: Option<&Pattern>| wire::Reason {
        kind,
        state: None,
        role: role.cloned(),
        pattern: pattern.map(|pattern| pattern.as_str().to_owned()),
        roles: None,
        scope: None,
    };
    let bare = |kind| of(kind, None, None);
    match reason {
        Reason::Membership { state } => {
            let state = match state {
                MembershipState::Live => "live",
                MembershipState::Inactive => "inactive",
                MembershipState::Ended => "ended",
                MembershipState::None => "none",
            };
            wire::Reason { state: Some(state), ..bare("membership") }
        }
        Reason::User { state: UserState::Inactive } => {
            wire::Reason { state: Some("inactive"), ..bare("user") }
        }
        Reason::User { state: UserState::Locked } => wire::Reason { state: Some("locked"), ..bare("user") },
        Reason::Credential => bare("credential"),
        Reason::Operator => bare("operator"),
        Reason::Role { role, pattern } => of("role", Some(role), Some(pattern)),
        Reason::CapAllows { role, pattern } => of("cap_allows", Some(role), Some(pattern)),
        Reason::CapDenies { role } => of("cap_denies", Some(role), None),
        Reason::ScopeLacks { scope } => wire::Reason { scope: Some(scope), ..bare("scope_lacks") },
        Reason::NoRole { roles } => wire::Reason { roles: Some(roles.clone()), ..bare("no_role") },
        Reason::OtherTenant => bare("other_tenant"),
        Reason::OperatorsOnly => bare("operators_only"),
        Reason::NotYours => bare("not_yours"),
        Reason::NotAssignable { role } => of("not_assignable", Some(role), None),
    }
}

/// What would turn a refusal.
pub(super) fn change(change: Change) -> wire::Change {
    let bare = |kind| wire::Change { kind, role: None, scope: None, tenant: None };
    match change {
        Change::UnlockUser => bare("unlock_user"),
        Change::ActivateUser => bare("activate_user"),
        Change::ActivateMembership => bare("activate_membership"),
        Change::ExtendMembership => bare("extend_membership"),
        Change::WidenScope { scope } => wire::Change { scope: Some(scope), ..bare("widen_scope") },
        Change::LiftCap => bare("lift_cap"),
        Change::SwitchTenant { tenant } => {
            wire::Change { tenant: Some(tenant.uuid()), ..bare("switch_tenant") }
        }
        Change::GiveRole { role } => wire::Change { role: Some(role), ..bare("give_role") },
        Change::JoinTenant { role } => wire::Change { role: Some(role), ..bare("join_tenant") },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::{Builtin, Role};

    use super::*;

    fn role(builtin: Builtin, patterns: &[&str]) -> Arc<Role> {
        let mut role = Role::built_in(builtin, Timestamp::from_micros(0));
        role.patterns = patterns.iter().map(|text| Pattern::parse(text).unwrap()).collect();
        Arc::new(role)
    }

    fn shown(roles: &[&[&str]], cap: Option<&[&str]>) -> Vec<String> {
        let roles = roles.iter().map(|patterns| role(Builtin::Member, patterns)).collect();
        let cap = cap.map(|patterns| role(Builtin::Guest, patterns));
        permissions(&Authority { roles, cap, ..Authority::default() }, Door::Own)
    }

    #[test]
    fn patterns_of_all_roles_without_what_another_covers() {
        assert_eq!(
            shown(&[&["users:read", "devices:*"], &["devices:read", "users:read"]], None),
            ["devices:*", "users:read"]
        );
    }

    #[test]
    fn a_cap_cuts_either_way() {
        assert_eq!(shown(&[&["*"]], Some(&["users:read", "roles:read"])), ["roles:read", "users:read"]);
        assert_eq!(
            shown(&[&["users:read", "users:write"]], Some(&["users:*"])),
            ["users:read", "users:write"]
        );
        assert_eq!(shown(&[&["users:read"]], Some(&["roles:read"])), [""; 0]);
    }
}
