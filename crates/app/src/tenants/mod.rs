//! Tenants: which one a caller means, and what becomes of them.

pub mod change;
pub mod create;
pub mod delete;
pub mod list;
mod quota;
mod reach;
mod settings;
pub mod show;

use domain::TenantId;
use domain::tenant::Tenant;

pub(crate) use quota::room_for_user;
pub(crate) use reach::find;
pub use reach::{meant, reach};
pub use settings::Settings;

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
