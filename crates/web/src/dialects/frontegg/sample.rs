//! One user for the tests of the conversions: an administrator here, with a custom role there.

use std::sync::Arc;

use app::Profile;
use app::catalogue::Declared;
use domain::membership::Membership;
use domain::permission::Pattern;
use domain::tenant::Tenant;
use domain::user::User;
use domain::{Builtin, EmailAddress, Permission, Role, RoleId, TenantId, Timestamp, UserId};
use uuid::Uuid;

pub const NOW: Timestamp = Timestamp::from_secs(1_795_338_000);
pub const BEFORE: Timestamp = Timestamp::from_secs(1_795_334_400);

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub fn tenant_id(n: u128) -> TenantId {
    TenantId::from_uuid(id(n))
}

/// Herald's own permissions and `devices:read`, by key.
pub fn catalogue() -> Vec<Declared> {
    let devices = Permission::parse("devices:read").unwrap();
    let own = domain::permission::CATALOGUE.iter().map(|(permission, _)| permission.clone());
    let mut all: Vec<Permission> = own.chain([devices]).collect();
    all.sort();
    let declared = |permission: Permission| Declared {
        id: permission.id(),
        permission,
        description: String::new(),
        created_at: BEFORE,
        updated_at: BEFORE,
    };
    all.into_iter().map(declared).collect()
}

/// Of tenant 2 alone, with a wildcard.
pub fn technician() -> Role {
    Role {
        id: RoleId::from_uuid(id(77)),
        tenant: Some(tenant_id(2)),
        key: "technician".into(),
        name: "Technician".into(),
        builtin: false,
        base: None,
        level: 3,
        patterns: vec![Pattern::parse("devices:*").unwrap(), Pattern::parse("users:read").unwrap()],
        ..Role::built_in(Builtin::Guest, BEFORE)
    }
}

fn tenant(n: u128) -> Tenant {
    Tenant {
        id: tenant_id(n),
        number: i64::try_from(n).unwrap(),
        key: format!("t{n}"),
        name: format!("T{n}"),
        features: Vec::new(),
        quotas: Vec::new(),
        metadata: "{}".into(),
        billing_id: None,
        mfa: None,
        lockout_attempts: None,
        created_at: BEFORE,
        updated_at: BEFORE,
    }
}

fn membership(n: u128, roles: Vec<Role>) -> Membership {
    Membership {
        user: UserId::from_uuid(id(9)),
        tenant: Arc::new(tenant(n)),
        active: true,
        expires_at: None,
        roles: roles.into_iter().map(Arc::new).collect(),
        sites: Vec::new(),
    }
}

/// In tenant 1 administrator, in 2 technician and guest until `NOW` + 1 s, in 3 disabled, in 4 ended.
pub fn profile() -> Profile {
    let guest = || Role::built_in(Builtin::Guest, BEFORE);
    let until = |n: u128, roles, seconds: i64| Membership {
        expires_at: Some(Timestamp::from_secs(NOW.as_secs() + seconds)),
        ..membership(n, roles)
    };
    Profile {
        user: user(),
        memberships: vec![
            membership(1, vec![Role::built_in(Builtin::Admin, BEFORE)]),
            until(2, vec![technician(), guest()], 1),
            Membership { active: false, ..membership(3, vec![guest()]) },
            until(4, vec![guest()], 0),
        ],
        default_site: None,
    }
}

fn user() -> User {
    User {
        id: UserId::from_uuid(id(9)),
        number: 9,
        email: EmailAddress::parse("ida@one.example").unwrap(),
        name: None,
        first_name: None,
        middle_name: None,
        last_name: None,
        phone: None,
        picture: None,
        kind: "USER".into(),
        group: None,
        verified: false,
        active: true,
        locked: false,
        operator: false,
        super_user: false,
        invisible: false,
        mfa_bypass: false,
        mfa_enrolled: false,
        default_tenant: None,
        default_site: None,
        metadata: r#"{"a":{"b":[1]}}"#.into(),
        vendor_metadata: "{}".into(),
        managed_by: None,
        created_by: None,
        updated_by: None,
        provider: "local".into(),
        last_login_at: None,
        created_at: BEFORE,
        updated_at: BEFORE,
    }
}
