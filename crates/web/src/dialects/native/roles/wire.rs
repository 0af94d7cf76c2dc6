//! What `/v1/roles` and `/v1/permissions` take and answer.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::dialects::native::texts;

/// A role; in a list the strongest first, by level, built-in before custom, key.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each a field of the wire")]
pub struct Role {
    pub id: Uuid,
    pub key: String,
    pub name: String,
    pub description: String,
    /// Id of its tenant; `null`: of the whole installation.
    pub tenant: Option<Uuid>,
    /// Key of the built-in role that it is, or is based on.
    pub base: Option<&'static str>,
    /// Built-in ones never change.
    pub builtin: bool,
    /// A lower one is stronger.
    pub level: i64,
    /// What it permits besides its base, as patterns.
    pub permissions: Vec<String>,
    /// All that it permits, as patterns: its base's and its own.
    pub permits: Vec<String>,
    /// Keys of the roles that its holder may give: the hierarchy.
    pub assigns: Vec<String>,
    /// New members who are given no role get it, with all others that say so.
    pub default: bool,
    pub first_user: bool,
    pub default_invite: bool,
    pub collections: Vec<i64>,
    pub features: Vec<String>,
    pub created_at: String,
    pub updated_at: String,
}

/// A new role. It may permit, and let give, no more than the presented credential does.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewRole {
    /// Key or id; without it, that of the credential. `null`: the whole installation's, for operators.
    tenant: Option<String>,
    /// 1 to 64 of `a-z 0-9 - _ .`; never changes.
    #[schema(format = "key")]
    key: String,
    /// Without one, the key.
    #[schema(max_length = 256, format = "name")]
    name: Option<String>,
    #[schema(max_length = 2_048, format = "line")]
    description: Option<String>,
    /// Key of a built-in role; `null`: none.
    #[schema(value_type = Option<texts::BuiltinRole>)]
    base: Option<String>,
    /// Patterns besides those of the base; 200 at most.
    #[schema(max_items = 200, value_type = Option<Vec<texts::PermissionPattern>>)]
    permissions: Option<Vec<String>>,
    /// Keys of roles; `null`: those of the base. 200 at most.
    #[schema(max_items = 200)]
    assigns: Option<Vec<String>>,
    /// `null`: that of the base, else 5.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    level: Option<i64>,
    default: Option<bool>,
    first_user: Option<bool>,
    default_invite: Option<bool>,
    /// 1000 at most.
    #[schema(max_items = 1000, value_type = Option<Vec<texts::Number>>)]
    collections: Option<Vec<i64>>,
    /// 100 at most.
    #[schema(max_items = 100, value_type = Option<Vec<texts::Word>>)]
    features: Option<Vec<String>>,
}

/// What may be changed of a role; an absent field stays.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct RoleChange {
    #[schema(nullable = false, max_length = 256, format = "name")]
    name: Option<String>,
    #[schema(nullable = false, max_length = 2_048, format = "line")]
    description: Option<String>,
    /// Key of a built-in role; `null`: none.
    #[schema(value_type = Option<texts::BuiltinRole>)]
    base: Option<String>,
    /// Patterns besides those of the base; 200 at most.
    #[schema(nullable = false, max_items = 200, value_type = Option<Vec<texts::PermissionPattern>>)]
    permissions: Option<Vec<String>>,
    /// Keys of roles; `null`: those of the base. 200 at most.
    #[schema(max_items = 200)]
    assigns: Option<Vec<String>>,
    /// `null`: that of the base, else 5.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    level: Option<i64>,
    #[schema(nullable = false)]
    default: Option<bool>,
    #[schema(nullable = false)]
    first_user: Option<bool>,
    #[schema(nullable = false)]
    default_invite: Option<bool>,
    /// 1000 at most.
    #[schema(nullable = false, max_items = 1000, value_type = Option<Vec<texts::Number>>)]
    collections: Option<Vec<i64>>,
    /// 100 at most.
    #[schema(nullable = false, max_items = 100, value_type = Option<Vec<texts::Word>>)]
    features: Option<Vec<String>>,
}

/// How roles are asked for, for the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct RolesOf {
    /// Key or id; without it, the tenant of the credential.
    tenant: Option<String>,
    /// `next` of the part before.
    #[param(format = "text-cursor")]
    after: Option<String>,
    /// Rows at most: 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
}

/// A permission.
#[derive(Serialize, ToSchema)]
pub struct Permission {
    pub id: Uuid,
    /// `resource:verb`.
    pub key: String,
    pub description: String,
    /// Herald's own; else the installation declared it.
    pub builtin: bool,
    pub created_at: String,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the document reads it: fields are read one by one, to name each at fault")]
pub struct NewPermission {
    /// `resource:verb`, each part of `a-z 0-9 - _ .`.
    #[schema(max_length = 128, format = "permission")]
    key: String,
    #[schema(max_length = 2_048, format = "line")]
    description: Option<String>,
}
