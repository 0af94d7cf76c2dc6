//! API keys and signed tokens: minting, listing, revoking; `issue`, `survey` and `withdraw` are the operator's.

pub mod issue;
pub mod list;
pub mod mint;
pub mod reveal;
pub mod revoke;
mod secret;
pub mod survey;
pub mod withdraw;

use domain::Role;
use domain::decision::Authority;

pub use secret::{generate as generate_key, is_well_formed};

/// Whether everything that `role` permits is permitted to the presented credential too.
fn within(authority: &Authority, role: &Role) -> bool {
    role.patterns.iter().all(|pattern| authority.covers(pattern))
}
