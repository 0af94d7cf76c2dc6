//! From the domain to `/v1/roles`, and back.

use app::catalogue::Declared;
use app::roles::Given;
use domain::{Builtin, Pattern, Role, TenantId, permission};
use serde_json::Value;

use super::super::fields::Fields;
use super::wire;

pub fn role(role: Role) -> wire::Role {
    let texts = |patterns: &[Pattern]| patterns.iter().map(|p| p.as_str().to_owned()).collect::<Vec<_>>();
    let based = role.base.map(Builtin::patterns).unwrap_or_default();
    let own: Vec<Pattern> = role.patterns.iter().filter(|p| !based.contains(p)).cloned().collect();
    wire::Role {
        id: role.id.uuid(),
        key: role.key,
        name: role.name,
        description: role.description,
        tenant: role.tenant.map(TenantId::uuid),
        base: role.base.map(Builtin::key),
        builtin: role.builtin,
        level: role.level,
        permissions: texts(&own),
        permits: texts(&role.patterns),
        assigns: role.assigns,
        default: role.is_default,
        first_user: role.first_user,
        default_invite: role.default_invite,
        collections: role.collections,
        features: role.features,
        created_at: role.created_at.rfc3339_millis(),
        updated_at: role.updated_at.rfc3339_millis(),
    }
}

/// What a body gives of a role, but key and tenant.
pub fn given(fields: &mut Fields) -> Given {
    fields.refuse(&["id", "builtin", "permits"], "is not given: it follows from the role");
    let texts = |value: &Value| {
        value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    };
    Given {
        name: fields.optional_text("name"),
        description: fields.optional_text("description"),
        base: fields.clearable_text("base"),
        permissions: fields.optional_texts("permissions"),
        assigns: fields.clearable_value("assigns", texts, "must be a list of strings, or null"),
        level: fields.clearable_value("level", Value::as_i64, "must be a whole number, or null"),
        is_default: fields.optional_bool("default"),
        first_user: fields.optional_bool("first_user"),
        default_invite: fields.optional_bool("default_invite"),
        collections: fields.optional_numbers("collections"),
        features: fields.optional_texts("features"),
    }
}

pub fn permission(declared: Declared) -> wire::Permission {
    wire::Permission {
        id: declared.id.uuid(),
        builtin: permission::CATALOGUE.iter().any(|(key, _)| *key == declared.permission),
        key: declared.permission.as_str().to_owned(),
        description: declared.description,
        created_at: declared.created_at.rfc3339_millis(),
    }
}
