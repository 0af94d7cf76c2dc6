//! Mail: what Herald writes to people, and the queue that hands it to the mail server.
//!
//! A request never waits for the mail server: it takes a place in a bounded queue before it begins, and leaves the
//! letter there when its transaction is committed.

mod config;
mod letter;
mod outbox;
mod words;

pub use config::{Fault, MailConfig};
pub use letter::Letter;
pub(crate) use letter::reaches;
pub use outbox::{Full, Outbox, Post, Slot};
pub(crate) use words::{address_changed, invitation, password_reset};
