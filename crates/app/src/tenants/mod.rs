//! Tenants: which one a caller means, and what becomes of them.

mod quota;
mod reach;

use domain::TenantId;
use domain::tenant::Tenant;

pub(crate) use quota::room_for_user;
pub(crate) use reach::find;
pub use reach::{meant, reach};

/// A tenant as a caller names it.
#[derive(Clone, Debug)]
pub enum TenantName {
    Id(TenantId),
    Key(String),
}

impl TenantName {
    /// A UUID, else a key.
    pub fn parse(text: &str) -> Self {
        TenantId::parse(text).map_or_else(|| Self::Key(text.to_owned()), Self::Id)
    }

    pub(crate) fn is(&self, tenant: &Tenant) -> bool {
        match self {
            Self::Id(id) => *id == tenant.id,
            Self::Key(key) => *key == tenant.key,
        }
    }
}
