//! Roles and sites of a tenant, as a caller names them.

use domain::tenant::Site;
use domain::{Role, RoleId, SiteId, TenantId};
use store::{ReadTx, StoreError, tenants};

use super::MOST;
use crate::failure::Failure;

/// The roles of these keys or ids, each once. Of a role of the tenant and one of the installation with the same key it
/// is the tenant's.
///
/// # Errors
/// `Invalid` names `roles`: for one that may not be held in the tenant, or too many.
pub(crate) fn roles(visible: &[Role], names: &[String]) -> Result<Vec<Role>, Failure> {
    bounded("roles", names)?;
    let mut found: Vec<Role> = Vec::new();
    for name in names {
        let id = RoleId::parse(name);
        let fits = visible.iter().filter(|role| Some(role.id) == id || role.key == *name);
        let Some(role) = fits.min_by_key(|role| role.tenant.is_none()) else {
            return Err(Failure::invalid_field("roles", "names a role that this tenant does not have"));
        };
        if !found.iter().any(|other| other.id == role.id) {
            found.push(role.clone());
        }
    }
    Ok(found)
}

/// The role of this key; of one of the tenant and one of the installation, the tenant's.
pub(crate) fn by_key(visible: Vec<Role>, key: &str) -> Option<Role> {
    visible.into_iter().filter(|role| role.key == key).min_by_key(|role| role.tenant.is_none())
}

/// The roles of who is given none: all that are a default (frontegg.md §2). Those of the tenant go before those of the
/// installation.
pub(crate) fn default_roles(mut visible: Vec<Role>) -> Vec<Role> {
    visible.retain(|role| role.is_default);
    if visible.iter().any(|role| role.tenant.is_some()) {
        visible.retain(|role| role.tenant.is_some());
    }
    visible
}

/// The sites of these keys or ids, each once.
///
/// # Errors
/// `Invalid` names `sites`: for one that is not the tenant's, or too many.
pub(crate) async fn sites(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    names: &[String],
) -> Result<Vec<SiteId>, Failure> {
    bounded("sites", names)?;
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let all: Result<Vec<Site>, StoreError> = tenants::sites(tx, tenant).await;
    let all = all?;
    let mut found = Vec::new();
    for name in names {
        let id = SiteId::parse(name);
        let Some(site) = all.iter().find(|site| Some(site.id) == id || site.key == *name) else {
            return Err(Failure::invalid_field("sites", "names a site that this tenant does not have"));
        };
        if !found.contains(&site.id) {
            found.push(site.id);
        }
    }
    Ok(found)
}

fn bounded(field: &'static str, names: &[String]) -> Result<(), Failure> {
    if names.len() > MOST {
        return Err(Failure::invalid_field(field, format!("must name at most {MOST}")));
    }
    Ok(())
}
