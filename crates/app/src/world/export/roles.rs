use domain::permission::{CATALOGUE, Pattern};
use store::ReadTx;
use store::world::{permission, role};

use super::text::Table;
use super::{ExportError, Out};

pub(super) async fn permissions(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    for row in permission::declared(tx).await? {
        let mut table = Table::new();
        table.str("key", &row.key).opt("description", Some(&row.description));
        out.row("permission", &table)?;
        out.permissions.push(row.key);
    }
    Ok(())
}

/// Custom ones: those of the installation first, then by tenant.
pub(super) async fn roles(tx: &mut ReadTx<'_>, out: &mut Out) -> Result<(), ExportError> {
    let mut all = role::custom(tx).await?;
    let tenant = |row: &role::Role| row.tenant_id.and_then(|id| out.tenant_keys.get(&id).cloned());
    all.sort_by_cached_key(|row| (tenant(row), row.key.clone()));
    out.role_keys.extend(all.iter().map(|row| (row.id, row.key.clone())));
    for row in &all {
        write(out, row, &all)?;
    }
    Ok(())
}

fn write(out: &mut Out, row: &role::Role, all: &[role::Role]) -> Result<(), ExportError> {
    let mut table = Table::new();
    let tenant = row.tenant_id.and_then(|id| out.tenant_keys.get(&id));
    table.str("key", &row.key).opt("tenant", tenant.map(String::as_str));
    if row.name != row.key {
        table.opt("name", Some(&row.name));
    }
    table.opt("description", Some(&row.description)).opt("base", row.base.as_deref());
    let patterns: Vec<&String> = row.patterns.iter().filter(|pattern| stands(out, pattern)).collect();
    table.some("permissions", &patterns);
    if let Some(assigns) = &row.assigns {
        let near = |other: &role::Role| other.tenant_id.is_none() || other.tenant_id == row.tenant_id;
        let there = |key: &&String| {
            domain::Builtin::from_key(key).is_some()
                || all.iter().any(|other| near(other) && other.key == **key)
        };
        table.list("assigns", &assigns.iter().filter(there).collect::<Vec<_>>());
    }
    table.int("level", row.level);
    table.flag("default", row.is_default, false).flag("first_user", row.first_user, false);
    table.ints("collections", &row.collections);
    table.flag("default_invite", row.default_invite, false).some("features", &row.features);
    out.row("role", &table)
}

/// A permission that was deleted may still be named; nobody can be asked for it.
fn stands(out: &Out, pattern: &str) -> bool {
    let wild = Pattern::parse(pattern).is_some_and(|pattern| pattern.is_wild());
    wild || CATALOGUE.iter().any(|(key, _)| key.as_str() == pattern)
        || out.permissions.iter().any(|key| key == pattern)
}
