//! A user in a tenant.

use std::sync::Arc;

use crate::ids::UserId;
use crate::role::Role;
use crate::tenant::{Site, Tenant};
use crate::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub user: UserId,
    pub tenant: Arc<Tenant>,
    pub active: bool,
    pub expires_at: Option<Timestamp>,
    /// Strongest first.
    pub roles: Vec<Arc<Role>>,
    /// By name.
    pub sites: Vec<Site>,
}

impl Membership {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.active && self.expires_at.is_none_or(|end| now < end)
    }

    /// The strongest role.
    pub fn highest_role(&self) -> Option<&Role> {
        self.roles.first().map(Arc::as_ref)
    }
}
