//! The world: what an installation shall hold, said in one TOML file.
//!
//! [`read`] judges a whole file and gives either a [`World`] or every fault in it, each with its line. It writes
//! nothing and asks nobody but the [`Known`] it is given. [`apply`] brings the store to it.

mod apply;
pub mod faults;
pub mod file;
pub mod known;
pub mod plan;
mod read;

pub use apply::{ApplyError, apply};
pub use faults::{Fault, Place};
pub use file::World;
pub use known::{Anything, Asked, Known, Name, Who};
pub use plan::Plan;
pub use read::read;

use crate::config;
use crate::passwords::MAX_PASSWORD_BYTES;

#[cfg(test)]
mod tests;

/// The built-in demo world. Its passwords and keys are published.
pub const DEMO: &str = include_str!("../../../../demo.toml");

/// A file with more bytes is refused unread: whoever opens it checks its size first.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// What a password of the file must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordLimits {
    /// In characters.
    pub min_length: usize,
    /// In bytes of UTF-8.
    pub max_bytes: usize,
}

/// `passwords.min_length` and `passwords.max_bytes` of the settings. What they allow and the pool cannot hash is a
/// fault with its line as well.
impl From<config::PasswordLimits> for PasswordLimits {
    fn from(limits: config::PasswordLimits) -> Self {
        Self { min_length: limits.min_length, max_bytes: limits.max_bytes.min(MAX_PASSWORD_BYTES) }
    }
}
