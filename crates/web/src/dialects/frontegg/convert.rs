//! From Herald's users, roles and permissions to the product's objects (frontegg.md §1, §5).

use std::collections::BTreeSet;

use app::Profile;
use app::catalogue::Declared;
use domain::membership::Membership;
use domain::{Role, TenantId, Timestamp};
use uuid::Uuid;

use super::wire;

/// What every object shows of the installation, and when.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub vendor_id: Uuid,
    /// Every permission that exists here, by key.
    pub catalogue: &'a [Declared],
    pub now: Timestamp,
}

/// The user as he sees himself in `tenant`: an ended or disabled membership is absent.
pub fn me(profile: &Profile, tenant: TenantId, scene: Scene<'_>) -> wire::User {
    let user = &profile.user;
    let live: Vec<&Membership> = profile.live(scene.now).collect();
    let membership = profile.membership(tenant);
    wire::User {
        id: user.id.to_string(),
        email: user.email.as_str().to_owned(),
        name: user.name.clone().unwrap_or_default(),
        profile_picture_url: user.picture.clone().unwrap_or_default(),
        sub: user.id.to_string(),
        verified: user.verified,
        mfa_enrolled: user.mfa_enrolled,
        mfa_bypass: user.mfa_bypass,
        phone_number: user.phone.clone(),
        provider: user.provider.clone(),
        tenant_id: tenant.to_string(),
        tenant_ids: live.iter().map(|m| m.tenant.id.to_string()).collect(),
        activated_for_tenant: user.active && membership.is_some_and(|m| m.active),
        is_locked: user.locked,
        tenants: live.iter().map(|m| user_tenant(m, scene)).collect(),
        invisible: user.invisible,
        super_user: user.super_user,
        metadata: user.metadata.clone(),
        vendor_metadata: user.vendor_metadata.clone(),
        created_at: user.created_at.rfc3339_millis(),
        last_login: user.last_login_at.unwrap_or(user.created_at).rfc3339_millis(),
        sub_account_access_allowed: false,
        managed_by: managed_by(user.managed_by.as_deref()),
    }
}

/// Unset is the product's own.
fn managed_by(who: Option<&str>) -> &'static str {
    match who {
        None | Some("frontegg") => "frontegg",
        Some("scim2") => "scim2",
        Some(_) => "external",
    }
}

fn user_tenant(membership: &Membership, scene: Scene<'_>) -> wire::UserTenant {
    wire::UserTenant {
        tenant_id: membership.tenant.id.to_string(),
        roles: membership.roles.iter().map(|r| role(r, Some(membership.tenant.id), scene)).collect(),
        temporary_expiration_date: membership.expires_at.map(Timestamp::rfc3339_millis),
    }
}

/// `shown_for`: the account in play, if any.
pub fn role(role: &Role, shown_for: Option<TenantId>, scene: Scene<'_>) -> wire::Role {
    let gives = |declared: &&Declared| role.permits(&declared.permission).is_some();
    wire::Role {
        id: role.id.to_string(),
        vendor_id: scene.vendor_id.to_string(),
        tenant_id: role.tenant.or(shown_for).map(|id| id.to_string()).unwrap_or_default(),
        key: role.key.to_lowercase(),
        name: role.name.clone(),
        description: role.description.clone(),
        is_default: role.is_default,
        first_user_role: role.first_user,
        level: role.level,
        created_at: role.created_at.rfc3339_millis(),
        updated_at: role.updated_at.rfc3339_millis(),
        permissions: scene.catalogue.iter().filter(gives).map(|declared| declared.id.to_string()).collect(),
    }
}

/// The keys of all permissions that the roles of a membership give together, sorted: wildcards are expanded, since
/// SDKs compare whole strings.
pub fn permission_keys(membership: &Membership, catalogue: &[Declared]) -> Vec<String> {
    let permits =
        |declared: &Declared| membership.roles.iter().any(|r| r.permits(&declared.permission).is_some());
    let keys = catalogue.iter().filter(|declared| permits(declared)).map(|d| d.permission.as_str());
    keys.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use domain::{Builtin, Permission};

    use super::super::sample::{BEFORE, NOW, catalogue, id, profile, technician, tenant_id};
    use super::*;

    fn scene(catalogue: &[Declared]) -> Scene<'_> {
        Scene { vendor_id: id(5), catalogue, now: NOW }
    }

    #[test]
    fn only_live_memberships_are_shown() {
        let catalogue = catalogue();
        let me = me(&profile(), tenant_id(2), scene(&catalogue));
        let wanted = [tenant_id(1).to_string(), tenant_id(2).to_string()];
        assert_eq!(me.tenant_ids, wanted);
        assert_eq!(me.tenants.iter().map(|t| t.tenant_id.clone()).collect::<Vec<_>>(), wanted);
        assert_eq!(me.tenant_id, wanted[1]);
        let ends: Vec<_> = me.tenants.iter().map(|t| t.temporary_expiration_date.as_deref()).collect();
        assert_eq!(ends, [None, Some("2026-11-22T09:00:01.000Z")]);
        assert!(me.activated_for_tenant);
    }

    #[test]
    fn what_is_unknown_is_empty_or_left_out() {
        let shown = serde_json::to_value(me(&profile(), tenant_id(1), scene(&[]))).unwrap();
        assert_eq!((shown["name"].as_str(), shown["profilePictureUrl"].as_str()), (Some(""), Some("")));
        assert!(shown.get("phoneNumber").is_none());
        assert!(shown["tenants"][0].get("temporaryExpirationDate").is_none());
        assert_eq!(shown["lastLogin"], BEFORE.rfc3339_millis());
        assert_eq!(shown["metadata"], r#"{"a":{"b":[1]}}"#);
        assert_eq!(shown["tenants"][0]["roles"][0]["level"].to_string(), "0");
    }

    #[test]
    fn a_common_role_is_shown_for_the_account_in_play() {
        let guest = Role::built_in(Builtin::Guest, BEFORE);
        let of = |r: &Role, shown_for| role(r, shown_for, scene(&[])).tenant_id;
        assert_eq!(of(&guest, Some(tenant_id(1))), tenant_id(1).to_string());
        assert_eq!(of(&guest, None), "");
        assert_eq!(of(&technician(), Some(tenant_id(1))), tenant_id(2).to_string());
    }

    #[test]
    fn wildcards_are_expanded_to_ids_in_the_order_of_keys() {
        let catalogue = catalogue();
        let of = |r: &Role| role(r, None, scene(&catalogue)).permissions;
        let ids = |keys: &[&str]| -> Vec<String> {
            keys.iter().map(|key| Permission::parse(key).unwrap().id().to_string()).collect()
        };
        assert_eq!(of(&technician()), ids(&["devices:read", "users:read"]));
        assert_eq!(
            of(&Role::built_in(Builtin::Admin, BEFORE)).len(),
            domain::permission::CATALOGUE.len() + 1
        );
        assert!(of(&Role::built_in(Builtin::NoAccess, BEFORE)).is_empty());
    }

    #[test]
    fn the_keys_of_several_roles_are_each_named_once() {
        let keys = permission_keys(&profile().memberships[1], &catalogue());
        assert_eq!(
            keys,
            [
                "agents:read",
                "billing:read",
                "devices:read",
                "endpoints:read",
                "roles:read",
                "tokens:read",
                "users:read"
            ]
        );
    }

    #[test]
    fn who_manages_is_one_of_three() {
        for (who, shown) in [
            (None, "frontegg"),
            (Some("frontegg"), "frontegg"),
            (Some("scim2"), "scim2"),
            (Some("x"), "external"),
        ] {
            assert_eq!(managed_by(who), shown, "{who:?}");
        }
    }
}
