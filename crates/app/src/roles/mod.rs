//! Roles: those of the installation, and custom ones of one tenant.

pub mod assignable;
pub mod change;
pub mod create;
pub mod custom;
mod default;
pub mod delete;
mod given;
pub mod list;
mod power;
pub mod show;

use domain::RoleId;
use domain::TenantId;
use domain::permission::Permission;
use store::world::role::Role;

use crate::act::Ask;
use crate::failure::{Failure, Kind};

pub use given::Given;

/// Custom roles that a tenant, and the installation, may have.
pub const MOST: i64 = 500;

/// Changing a role of a tenant asks for `roles:write` there; one of the installation is the operators'.
fn ask_to_write(tenant: Option<TenantId>) -> Ask<'static> {
    match tenant {
        Some(_) => (&Permission::ROLES_WRITE, tenant),
        None => (&Permission::INSTALLATION_WRITE, None),
    }
}

fn builtin() -> Failure {
    Failure::new(Kind::Conflict, "builtin", "A built-in role never changes; make one on its base.")
}

fn key(id: RoleId) -> [store::Value; 1] {
    [store::Value::Uuid(id.uuid())]
}

/// The role as it counts, from what it says itself.
fn counted(row: &Role) -> domain::Role {
    let custom = domain::role::Custom {
        base: row.base.as_deref().and_then(domain::Builtin::from_key),
        level: row.level,
        patterns: row.patterns.iter().filter_map(|text| domain::Pattern::parse(text)).collect(),
        assigns: row.assigns.clone(),
    };
    domain::Role {
        id: row.id,
        tenant: row.tenant_id,
        key: row.key.clone(),
        name: row.name.clone(),
        description: row.description.clone(),
        base: custom.base,
        builtin: row.builtin,
        level: custom.effective_level(),
        patterns: custom.effective_patterns(),
        assigns: custom.effective_assigns(),
        is_default: row.is_default,
        first_user: row.first_user,
        default_invite: row.default_invite,
        collections: row.collections.clone(),
        features: row.features.clone(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
