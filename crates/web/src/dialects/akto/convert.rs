//! From what Herald holds to Akto's JSON.

use std::sync::Arc;

use app::Profile;
use app::tokens::reveal::{Hook, Revealed};
use domain::activity::{Harm, Tally};
use domain::endpoint::{AccessType, Endpoint};
use domain::membership::Membership;
use domain::role::{Builtin, Role};
use domain::tenant::Tenant;
use domain::token::{Token, Utility};
use domain::{TenantId, Timestamp};
use secrecy::{ExposeSecret, SecretString};

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

/// `POST /api/fetchUserLastLoginTs`.
pub fn last_login(profile: &Profile) -> wire::LastLogin {
    wire::LastLogin { last_login_ts: profile.user.last_login_at.map_or(0, Timestamp::as_secs) }
}

/// `POST /api/getCustomRoles`: in order of creation, then by the name that is shown.
pub fn custom_roles(mut roles: Vec<Role>) -> wire::CustomRoles {
    roles.sort_by_cached_key(|role| (role.created_at, role_name(role)));
    wire::CustomRoles { roles: roles.into_iter().map(custom_role).collect() }
}

fn custom_role(role: Role) -> wire::CustomRole {
    wire::CustomRole {
        name: role_name(&role),
        base_role: name(role.base.unwrap_or(Builtin::NoAccess)),
        api_collection_ids: role.collections.clone(),
        api_collections_id: role.collections,
        default_invite_role: role.default_invite,
        allowed_features_for_user: role.features,
        threat_protection_enabled: false,
    }
}

/// A role that has no name of its own is stored under its key, and called by that in upper case.
fn role_name(role: &Role) -> String {
    if role.name == role.key { role.key.to_uppercase() } else { role.name.clone() }
}

/// Of the roles that may be given, those that Akto knows.
pub fn hierarchy(keys: &[String]) -> wire::Hierarchy {
    let known = keys.iter().filter_map(|key| Builtin::from_key(key));
    wire::Hierarchy { user_role_hierarchy: known.map(name).collect() }
}

/// `POST /api/getAccessTypes`.
pub fn access_types(found: Vec<Endpoint>) -> wire::AccessTypes {
    let infos: Vec<wire::ApiInfo> = found.into_iter().map(api_info).collect();
    wire::AccessTypes { response: wire::ApiInfos { api_infos: infos.clone() }, api_infos: infos }
}

fn api_info(Endpoint { key, access }: Endpoint) -> wire::ApiInfo {
    wire::ApiInfo {
        url: key.url.clone(),
        access_type: access.first().map(AccessType::as_str),
        api_access_types: access.names(),
        id: wire::ApiId { api_collection_id: key.collection, method: key.method, url: key.url },
    }
}

/// `POST /api/getUserAnalysis`.
pub fn analysis(agent: &str, device: &str, tally: Tally) -> wire::UserAnalysis {
    let harmful = |Harm { count, newest, reason }: Harm| wire::HarmfulTopic {
        count,
        last_seen_at: newest.0.as_millis(),
        last_reason: reason,
    };
    wire::UserAnalysis {
        agent_id: agent.to_owned(),
        device_id: device.to_owned(),
        analysis_data: wire::AnalysisData {
            dominant_topics: tally.dominant().into_iter().map(str::to_owned).collect(),
            user_name: tally.user,
            total_input_tokens: tally.input_tokens,
            total_output_tokens: tally.output_tokens,
            topic_hierarchy: tally.topics,
            harmful_topics: tally.harms.into_iter().map(|(category, one)| (category, harmful(one))).collect(),
            ai_summary: "",
            last_updated_at: tally.newest.0.as_millis(),
        },
    }
}

/// Keys, then webhooks.
pub fn api_tokens(profile: &Profile, tenant: &Tenant, revealed: Revealed) -> wire::ApiTokens {
    let row = |id, name: String, created_at: Timestamp| wire::ApiToken {
        id,
        key: String::new(),
        utility: String::new(),
        user_id: profile.user.number,
        name,
        username: profile.user.email.as_str().to_owned(),
        timestamp: created_at.as_secs(),
        account_id: tenant.number,
    };
    let token = |(token, key): (Token, Option<SecretString>)| wire::ApiToken {
        key: shown(key.as_ref()),
        utility: token.utility.unwrap_or(Utility::ExternalApi).as_str().to_owned(),
        ..row(token.number, token.name, token.created_at)
    };
    let hook = |Hook { number, name, kind, created_at, url }| wire::ApiToken {
        key: shown(url.as_ref()),
        utility: kind,
        ..row(number, name, created_at)
    };
    let tokens = revealed.tokens.into_iter().map(token);
    wire::ApiTokens { api_token_list: tokens.chain(revealed.webhooks.into_iter().map(hook)).collect() }
}

/// What stands where a key is not shown again.
const HIDDEN: &str = "********";

fn shown(secret: Option<&SecretString>) -> String {
    secret.map_or(HIDDEN, |secret| secret.expose_secret()).to_owned()
}

/// As Akto's refusals call it.
pub const fn display_name(role: Builtin) -> &'static str {
    match role {
        Builtin::Member => "SECURITY ENGINEER",
        Builtin::ThreatEngineer => "THREAT ENGINEER",
        Builtin::ThreatViewer => "THREAT VIEWER",
        Builtin::Admin | Builtin::Developer | Builtin::Guest | Builtin::NoAccess => name(role),
    }
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
