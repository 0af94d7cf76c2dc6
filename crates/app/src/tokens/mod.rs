//! API keys and signed tokens: minting, listing, revoking; `issue`, `survey` and `withdraw` are the operator's.

pub mod entrust;
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
use domain::decision::{Authority, Door};

use crate::config::Config;
use crate::failure::Failure;

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

/// Whether a token of the tenant's own may hold the role: only what its maker could give, and nothing that the presented
/// credential does not permit itself.
///
/// # Errors
/// `Forbidden`.
fn lets_hold(authority: &Authority, door: Door, role: &Role) -> Result<(), Failure> {
    if authority.operates(door) || authority.may_give(role, door) && within(authority, role) {
        return Ok(());
    }
    let text = format!("This credential may not give the role {}, or permits less than it.", role.key);
    Err(Failure { public: text.into(), ..Failure::forbidden() })
}
