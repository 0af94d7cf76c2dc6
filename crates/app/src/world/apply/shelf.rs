//! Rows of the store by the names that a file calls them, each looked up once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::{Builtin, RoleId, SiteId, TenantId};
use store::world::{role, site, tenant, user};
use store::{ReadTx, StoreError};
use uuid::Uuid;

#[derive(Default)]
pub(super) struct Shelf {
    /// What the last apply left.
    pub(super) stamp: String,
    /// Keys of roles and sites that were met by their ids alone.
    pub(super) shown: HashMap<Uuid, String>,
    tenants: HashMap<String, Option<tenant::Tenant>>,
    sites: HashMap<(TenantId, String), Option<site::Site>>,
    roles: HashMap<(Option<TenantId>, String), Option<role::Role>>,
    users: HashMap<String, Option<user::User>>,
}

impl Shelf {
    pub(super) async fn fetch_tenant(
        &mut self,
        tx: &mut ReadTx<'_>,
        key: &str,
    ) -> Result<Option<TenantId>, StoreError> {
        if !self.tenants.contains_key(key) {
            let row = tenant::by_key(tx, key).await?;
            self.tenants.insert(key.to_owned(), row);
        }
        Ok(self.tenant(key).map(|row| row.id))
    }

    /// Where the tenant itself is not there, nor is the site.
    pub(super) async fn fetch_site(
        &mut self,
        tx: &mut ReadTx<'_>,
        tenant: &str,
        key: &str,
    ) -> Result<(), StoreError> {
        let Some(tenant) = self.fetch_tenant(tx, tenant).await? else { return Ok(()) };
        let name = (tenant, key.to_owned());
        if let Entry::Vacant(place) = self.sites.entry(name) {
            place.insert(site::by_key(tx, tenant, key).await?);
        }
        Ok(())
    }

    /// A role of exactly that tenant, or of the installation.
    pub(super) async fn fetch_role(
        &mut self,
        tx: &mut ReadTx<'_>,
        tenant: Option<&str>,
        key: &str,
    ) -> Result<(), StoreError> {
        let tenant = match tenant {
            None => None,
            Some(tenant) => match self.fetch_tenant(tx, tenant).await? {
                Some(id) => Some(id),
                None => return Ok(()),
            },
        };
        let name = (tenant, key.to_owned());
        if let Entry::Vacant(place) = self.roles.entry(name) {
            place.insert(role::by_key(tx, tenant, key).await?);
        }
        Ok(())
    }

    /// A role that members of the tenant may have; built-in ones are known without the store.
    pub(super) async fn fetch_roles(
        &mut self,
        tx: &mut ReadTx<'_>,
        tenant: &str,
        keys: &[String],
    ) -> Result<(), StoreError> {
        for key in keys.iter().filter(|key| Builtin::from_key(key).is_none()) {
            self.fetch_role(tx, None, key).await?;
            self.fetch_role(tx, Some(tenant), key).await?;
        }
        Ok(())
    }

    pub(super) async fn fetch_user(&mut self, tx: &mut ReadTx<'_>, email: &str) -> Result<(), StoreError> {
        if !self.users.contains_key(email) {
            let row = user::by_email(tx, email).await?;
            self.users.insert(email.to_owned(), row);
        }
        Ok(())
    }

    /// Whom the file names by id has the address that it gives, whatever address stands in the store.
    pub(super) fn rename_user(&mut self, email: &str, row: Option<user::User>) {
        self.users.insert(email.to_owned(), row);
    }

    /// Learns how a role is called that a row holds and the file may not name.
    pub(super) async fn show_role(&mut self, tx: &mut ReadTx<'_>, id: Uuid) -> Result<(), StoreError> {
        if !self.shown.contains_key(&id)
            && let Some(role) = role::by_id(tx, RoleId::from_uuid(id)).await?
        {
            self.shown.insert(id, role.key);
        }
        Ok(())
    }

    /// The same of a site.
    pub(super) async fn show_site(&mut self, tx: &mut ReadTx<'_>, id: Uuid) -> Result<(), StoreError> {
        if !self.shown.contains_key(&id)
            && let Some(site) = site::by_id(tx, SiteId::from_uuid(id)).await?
        {
            self.shown.insert(id, site.key);
        }
        Ok(())
    }

    pub(super) fn tenant(&self, key: &str) -> Option<&tenant::Tenant> {
        self.tenants.get(key)?.as_ref()
    }

    pub(super) fn site(&self, tenant: TenantId, key: &str) -> Option<&site::Site> {
        self.sites.get(&(tenant, key.to_owned()))?.as_ref()
    }

    pub(super) fn role(&self, tenant: Option<TenantId>, key: &str) -> Option<&role::Role> {
        self.roles.get(&(tenant, key.to_owned()))?.as_ref()
    }

    pub(super) fn user(&self, email: &str) -> Option<&user::User> {
        self.users.get(email)?.as_ref()
    }
}
