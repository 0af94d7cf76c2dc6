use std::sync::Arc;

use domain::user::User;
use domain::{Builtin, EmailAddress, Pattern, Role, SiteId, TenantId, UserId};
use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_000);

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn tenant(number: i64, name: &str) -> Arc<Tenant> {
    Arc::new(Tenant {
        id: TenantId::from_uuid(id(u128::try_from(number).unwrap())),
        number,
        key: format!("t{number}"),
        name: name.to_owned(),
        features: Vec::new(),
        quotas: Vec::new(),
        metadata: "{}".to_owned(),
        billing_id: None,
        mfa: None,
        lockout_attempts: None,
        created_at: NOW,
        updated_at: NOW,
    })
}

fn member(tenant: Arc<Tenant>, roles: Vec<Role>) -> Membership {
    let roles = roles.into_iter().map(Arc::new).collect();
    Membership {
        user: UserId::from_uuid(id(9)),
        tenant,
        active: true,
        expires_at: None,
        roles,
        sites: Vec::new(),
    }
}

fn role(key: &str, patterns: &[&str]) -> Role {
    let patterns = patterns.iter().map(|text| Pattern::parse(text).unwrap()).collect();
    Role { key: key.to_owned(), patterns, builtin: false, ..Role::built_in(Builtin::NoAccess, NOW) }
}

fn a_site(name: &str) -> Site {
    Site { id: SiteId::from_uuid(id(7)), key: "s".to_owned(), name: name.to_owned() }
}

fn profile(default_tenant: Option<i64>, memberships: Vec<Membership>) -> Profile {
    let user = User {
        id: UserId::from_uuid(id(9)),
        number: 1,
        email: EmailAddress::parse("Ada@Example.org").unwrap(),
        name: None,
        first_name: None,
        middle_name: None,
        last_name: None,
        phone: None,
        picture: None,
        kind: "USER".to_owned(),
        group: None,
        verified: true,
        active: true,
        locked: false,
        operator: false,
        super_user: false,
        invisible: false,
        mfa_bypass: false,
        mfa_enrolled: false,
        default_tenant: default_tenant.map(|n| TenantId::from_uuid(id(u128::try_from(n).unwrap()))),
        default_site: None,
        metadata: "{}".to_owned(),
        vendor_metadata: "{}".to_owned(),
        managed_by: None,
        created_by: None,
        updated_by: None,
        provider: "local".to_owned(),
        last_login_at: None,
        created_at: NOW,
        updated_at: Timestamp::from_micros(1_795_255_200_123_999),
    };
    Profile { user, memberships, default_site: None }
}

fn json(profile: &Profile) -> serde_json::Value {
    serde_json::to_value(detail(profile, NOW)).unwrap()
}

#[test]
fn every_key_is_there_and_null_where_nothing_is_known() {
    let shown = json(&profile(None, Vec::new()));
    let keys: Vec<&str> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    let wanted = [
        "name",
        "firstName",
        "lastName",
        "middleName",
        "email",
        "emailAddress",
        "phone",
        "password",
        "createdBy",
        "lastUpdatedBy",
        "userType",
        "authenticationType",
        "defaultOrg",
        "defaultSite",
        "lastUserUpdateTime",
        "lastLoginTime",
        "group",
        "orgPrivilegeMap",
    ];
    assert_eq!(keys, wanted);
    for key in
        ["name", "phone", "password", "createdBy", "lastUpdatedBy", "defaultOrg", "lastLoginTime", "group"]
    {
        assert!(shown[key].is_null(), "{key}");
    }
    assert_eq!(shown["email"], "ada@example.org");
    assert_eq!(shown["emailAddress"], shown["email"]);
    assert_eq!(shown["defaultSite"], serde_json::json!([]));
    assert_eq!(shown["orgPrivilegeMap"], serde_json::json!({}));
    assert_eq!(shown["lastUserUpdateTime"], "2026-11-21T10:00:00.123Z");
}

#[test]
fn who_updated_is_who_made_until_somebody_did() {
    let mut user = profile(None, Vec::new());
    user.user.created_by = Some("superadmin".to_owned());
    assert_eq!(json(&user)["lastUpdatedBy"], "superadmin");
    user.user.updated_by = Some("system".to_owned());
    assert_eq!(
        (&json(&user)["createdBy"], &json(&user)["lastUpdatedBy"]),
        (&"superadmin".into(), &"system".into())
    );
    user.user.provider = "github".to_owned();
    assert_eq!(json(&user)["authenticationType"], "GITHUB");
}

#[test]
fn roles_and_privileges_are_sorted_and_told_once() {
    let roles =
        vec![role("zeta", &["users:read", "devices:*"]), role("alpha", &["users:read", "agents:read"])];
    let shown = detail(&profile(None, vec![member(tenant(1, "One"), roles)]), NOW);
    let (_, [privileges]) = &shown.org_privilege_map[0];
    assert_eq!(privileges.roles, ["alpha", "zeta"]);
    assert_eq!(privileges.privileges, ["agents:read", "devices:*", "users:read"]);
}

#[test]
fn organisations_keep_their_order_and_only_live_ones_count() {
    let mut ended = member(tenant(2, "Two"), Vec::new());
    ended.expires_at = Some(NOW);
    let mut off = member(tenant(3, "Three"), Vec::new());
    off.active = false;
    let all = vec![member(tenant(1, "Zulu"), Vec::new()), ended, off, member(tenant(4, "Alpha"), Vec::new())];
    let mut user = profile(Some(2), all);
    user.default_site = Some(a_site("Lisbon"));
    let shown = detail(&user, NOW);
    let names: Vec<&str> =
        shown.org_privilege_map.iter().map(|(org, _)| org.split_once(':').unwrap().1).collect();
    assert_eq!(names, ["Zulu", "Alpha"]);
    assert_eq!(shown.default_org, None, "the default tenant is none of the user's any more");
    assert!(shown.default_site.is_empty());
    user.user.default_tenant = Some(user.memberships[3].tenant.id);
    let shown = json(&user);
    let org = shown["defaultOrg"].as_str().unwrap();
    assert_eq!(org, format!("{}:Alpha", id(4)));
    assert_eq!(shown["defaultSite"], serde_json::json!([{ org: format!("{}:Lisbon", id(7)) }]));
}

#[test]
fn a_name_may_hold_anything() {
    let name = "a:b \"quoted\" \\ \u{1f3ed}";
    let user = profile(Some(1), vec![member(tenant(1, name), Vec::new())]);
    let text = serde_json::to_string(&detail(&user, NOW)).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (before, after) = shown["defaultOrg"].as_str().unwrap().split_once(':').unwrap();
    assert_eq!((before, after), (id(1).to_string().as_str(), name));
    assert!(shown["orgPrivilegeMap"].as_object().unwrap().contains_key(&format!("{before}:{name}")));
}
