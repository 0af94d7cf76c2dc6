//! The world: what an installation shall hold, said in one TOML file.
//!
//! [`read`] judges a whole file and gives either a [`World`] or every fault in it, each with its line. It writes
//! nothing and asks nobody but the [`Known`] it is given.

pub mod faults;
pub mod file;
pub mod known;
mod read;

pub use faults::{Fault, Place};
pub use file::World;
pub use known::{Asked, Known, Name};
pub use read::read;

#[cfg(test)]
mod tests;

/// A file with more bytes is refused unread: whoever opens it checks its size first.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// What a password of the file must keep to: `passwords.min_length` and `passwords.max_bytes` of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordLimits {
    /// In characters.
    pub min_length: usize,
    /// In bytes of UTF-8.
    pub max_bytes: usize,
}
