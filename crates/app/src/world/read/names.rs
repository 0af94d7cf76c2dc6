//! What the file declares, gathered before anything is judged, so that rows may refer forward.

use std::collections::{HashMap, HashSet};

use domain::{EmailAddress, UserId};
use toml::de::DeTable;
use uuid::Uuid;

use super::nearest::Patience;
use crate::world::Who;

#[derive(Default)]
pub(super) struct Names {
    pub(super) permissions: HashSet<String>,
    /// Tenants and their sites.
    pub(super) tenants: HashMap<String, HashSet<String>>,
    /// Roles of the installation.
    pub(super) common_roles: HashSet<String>,
    /// Tenants and their own roles.
    pub(super) tenant_roles: HashMap<String, HashSet<String>>,
    /// Users and the tenants they are members of.
    pub(super) users: HashMap<String, HashSet<String>>,
    /// Users whom the file names by id too.
    ids: HashMap<String, UserId>,
    pub(super) patience: Patience,
}

impl Names {
    /// Takes what has the right type and passes over the rest, which the reading itself will report.
    pub(super) fn of(root: &DeTable<'_>) -> Self {
        let mut names = Self::default();
        names.permissions.extend(rows(root, "permission").filter_map(|row| text(row, "key")));
        for row in rows(root, "tenant") {
            if let Some(key) = text(row, "key") {
                let sites = rows(row, "site").filter_map(|site| text(site, "key"));
                names.tenants.entry(key).or_default().extend(sites);
            }
        }
        for row in rows(root, "role") {
            match (text(row, "key"), text(row, "tenant")) {
                (Some(key), Some(tenant)) => {
                    names.tenant_roles.entry(tenant).or_default().insert(key);
                }
                (Some(key), None) => {
                    names.common_roles.insert(key);
                }
                (None, _) => {}
            }
        }
        for row in rows(root, "user") {
            let email = text(row, "email").and_then(|raw| EmailAddress::parse(&raw).ok());
            if let Some(email) = email {
                let tenants = rows(row, "membership").filter_map(|membership| text(membership, "tenant"));
                names.users.entry(email.as_str().to_owned()).or_default().extend(tenants);
                if let Some(id) = text(row, "id").and_then(|raw| Uuid::try_parse(&raw).ok()) {
                    names.ids.insert(email.as_str().to_owned(), UserId::from_uuid(id));
                }
            }
        }
        names
    }

    /// Who in the store has the address once the file is applied, as far as the file says.
    pub(super) fn who(&self, email: &EmailAddress) -> Who {
        self.ids
            .get(email.as_str())
            .map_or_else(|| Who::Address(email.as_str().to_owned()), |id| Who::Id(*id))
    }
}

fn rows<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> impl Iterator<Item = &'t DeTable<'i>> {
    let list = table.get(key).and_then(|value| value.get_ref().as_array());
    list.into_iter().flat_map(|list| list.iter()).filter_map(|row| row.get_ref().as_table())
}

fn text(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned)
}
