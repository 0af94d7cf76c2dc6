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
