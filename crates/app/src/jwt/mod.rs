//! Signed tokens: the keys, and the ring that signs and verifies with them.
//!
//! A key is bound to one purpose and one algorithm; a token's header chooses among the keys by `kid` and has
//! no other say. What the claims mean (`exp`, `nbf`, `iss`, `aud`, `jti`) is judged by the caller, with
//! Herald's own clock.

mod key;
mod kind;
mod provider;
mod public;
mod ring;
#[cfg(test)]
mod tests;

pub use key::{KeyError, SigningKey};
pub use kind::{Algorithm, Purpose};
pub use provider::install_provider;
pub use ring::{KeyRing, MAX_TOKEN_BYTES, Rejected, RingError, SignError, Verified};
