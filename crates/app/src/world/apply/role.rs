use domain::{Builtin, RoleId, TenantId};
use store::world::role::{self, Role};
use store::{ReadTx, StoreError, Value, WriteTx};

use super::draft::Draft;
use super::error::Stop;
use super::given::{ORIGIN, over, some};
use super::shelf::Shelf;
use super::step::{Step, What};
use crate::world::file;

#[derive(Default)]
pub(super) struct Found {
    row: Option<Role>,
    /// A tenant's role whose key the installation's would take; the reader judges the other way round.
    shadowed: bool,
}

pub(super) async fn find(
    tx: &mut ReadTx<'_>,
    shelf: &mut Shelf,
    row: &file::Role,
) -> Result<Found, StoreError> {
    shelf.fetch_role(tx, row.tenant.as_deref(), &row.key).await?;
    let tenant = row.tenant.as_deref().map(|key| shelf.tenant(key));
    let here = match tenant {
        None => shelf.role(None, &row.key),
        Some(Some(tenant)) => shelf.role(Some(tenant.id), &row.key),
        Some(None) => None,
    };
    let here = here.cloned();
    let shadowed = row.tenant.is_none() && here.is_none() && beside(tx, false, &row.key).await?;
    Ok(Found { row: here, shadowed })
}

pub(super) fn compare(d: &mut Draft<'_>, row: &file::Role, found: &Found) -> Result<(), Stop> {
    if found.shadowed {
        d.fault(&row.place, format!("{:?} is a role of a tenant already; choose another key", row.key));
    }
    let tenant = row.tenant.as_ref().map(|key| d.tenant(key)).transpose()?;
    let before = found.row.as_ref();
    let mut after = before.cloned().unwrap_or_else(|| made(d, tenant, row));
    set(&mut after, row);
    d.name_role(tenant, &row.key, after.id);
    if before.is_some_and(|before| before.base != after.base) {
        d.out.judge.roles.insert(after.id);
    }
    let id = after.id.uuid();
    let name =
        row.tenant.as_ref().map_or_else(|| row.key.clone(), |tenant| format!("{} of {tenant}", row.key));
    d.put(What::new("role", name).on(id).of(tenant).cached(id), before, &after, Vec::new());
    Ok(())
}

/// Whether a role that may be held in the same place has the key: a key means one role wherever it is named.
async fn beside(tx: &mut ReadTx<'_>, of_tenant: bool, key: &str) -> Result<bool, StoreError> {
    let other =
        if of_tenant { role::by_key(tx, None, key).await? } else { role::of_any_tenant(tx, key).await? };
    Ok(other.is_some())
}

/// The same of a role that the transaction has made, where no unique index says so. Comes behind the turn of those who
/// make roles.
pub(super) async fn is_shadowed(tx: &mut WriteTx<'_>, step: &Step) -> Result<bool, StoreError> {
    let (Some(Value::Text(key)), Some(tenant)) = (step.get("key"), step.get("tenant_id")) else {
        return Ok(false);
    };
    beside(tx, *tenant != Value::Null, key).await
}

fn set(after: &mut Role, row: &file::Role) {
    if let Some(name) = &row.name {
        after.name.clone_from(if name.is_empty() { &row.key } else { name });
    }
    over(&mut after.description, row.description.as_ref());
    some(&mut after.base, row.base.map(|base| base.key().to_owned()).as_ref());
    some(&mut after.level, row.level.as_ref());
    let patterns = row.permissions.as_ref().map(|all| all.iter().map(ToString::to_string).collect());
    over(&mut after.patterns, patterns.as_ref());
    some(&mut after.assigns, row.assigns.as_ref());
    over(&mut after.is_default, row.is_default.as_ref());
    over(&mut after.first_user, row.first_user.as_ref());
    over(&mut after.default_invite, row.default_invite.as_ref());
    over(&mut after.collections, row.collections.as_ref());
    over(&mut after.features, row.features.as_ref());
}

fn made(d: &Draft<'_>, tenant: Option<TenantId>, row: &file::Role) -> Role {
    let id = RoleId::from_uuid(d.ctx.new_id());
    Role { origin: ORIGIN.to_owned(), ..Role::blank(id, tenant, row.key.clone(), d.now) }
}

/// Which roles of the installation new members get, where the file could change it.
#[derive(Default)]
pub(super) struct Defaults {
    guest: Option<Role>,
    /// Custom ones that stand in the store and not in the file.
    others: Vec<RoleId>,
    /// What the file, over the store, says of its own.
    named: Vec<(bool, Option<bool>)>,
}

/// `all`: roles that the file does not name may go.
pub(super) async fn find_defaults(
    tx: &mut ReadTx<'_>,
    rows: &[file::Role],
    all: bool,
) -> Result<Defaults, StoreError> {
    let common: Vec<&file::Role> = rows.iter().filter(|row| row.tenant.is_none()).collect();
    if common.is_empty() && !all {
        return Ok(Defaults::default());
    }
    let stored = role::defaults(tx).await?;
    let named = |row: &&file::Role| (stored.iter().any(|role| role.key == row.key), row.is_default);
    let beside = |role: &&Role| !common.iter().any(|row| row.key == role.key);
    Ok(Defaults {
        guest: role::by_id(tx, Builtin::Guest.id()).await?,
        others: stored.iter().filter(beside).map(|role| role.id).collect(),
        named: common.iter().map(named).collect(),
    })
}

/// The guest role is the default as long as no other is (frontegg.md §2).
pub(super) fn compare_defaults(d: &mut Draft<'_>, found: &Defaults) {
    let Some(guest) = &found.guest else { return };
    let stays = |id: &RoleId| !d.removes("roles", id.uuid());
    let other =
        found.others.iter().any(stays) || found.named.iter().any(|(stored, given)| given.unwrap_or(*stored));
    if guest.is_default == other {
        let after = Role { is_default: !other, ..guest.clone() };
        let id = guest.id.uuid();
        d.put(What::new("role", &guest.key).on(id).cached(id), Some(guest), &after, Vec::new());
    }
}
