//! The world: what an installation shall hold, said in one TOML file.
//!
//! [`read`] judges a whole file and gives either a [`World`] or every fault in it, each with its line. It writes
//! nothing and asks nobody but the [`Known`] it is given. [`apply`] brings the store to it.

mod apply;
mod export;
pub mod faults;
pub mod file;
pub mod known;
pub mod plan;
mod read;

pub use apply::{ApplyError, How, apply, apply_as};
pub use export::{ExportError, Exported, Secrets, Sink, export};
pub use faults::{Fault, Place};
pub use file::World;
pub use known::{Anything, Asked, Known, Name, Who};
pub use plan::Plan;
pub use read::read;

pub use crate::config::PasswordLimits;

#[cfg(test)]
mod tests;

/// The built-in demo world. Its passwords and keys are published.
pub const DEMO: &str = include_str!("../../../../demo.toml");

/// A file with more bytes is refused unread: whoever opens it checks its size first.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;
