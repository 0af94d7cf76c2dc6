//! API keys and signed tokens: minting, listing, revoking; `issue`, `survey` and `withdraw` are the operator's.

pub mod issue;
pub mod list;
pub mod mint;
pub mod of_provider;
pub mod reveal;
pub mod revoke;
mod secret;
pub mod sign;
pub mod survey;
pub mod withdraw;

use domain::Role;
use domain::decision::Authority;

use crate::config::Config;

pub use secret::{generate as generate_key, is_well_formed};

/// Whether the installation knows the provider: `local` always, others by the setting `dialects.aegis.providers`.
pub fn is_provider(config: &Config, name: &str) -> bool {
    name == LOCAL || config.aegis_providers.iter().any(|known| known == name)
}

/// Herald itself.
const LOCAL: &str = "local";

/// Whether everything that `role` permits is permitted to the presented credential too.
fn within(authority: &Authority, role: &Role) -> bool {
    role.patterns.iter().all(|pattern| authority.covers(pattern))
}
