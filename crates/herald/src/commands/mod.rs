//! The commands, one file each: arguments, use case, what it says.

pub mod apply;
pub mod backup;
pub mod check;
pub mod demo;
pub mod endpoints;
pub mod export;
pub mod openapi;
pub mod restore;
pub mod serve;
pub mod token;
pub mod user;

use domain::EmailAddress;

use crate::failed::Failed;

/// Rows that a list asks for at once.
const PAGE: i64 = 500;

/// An e-mail address from the command line.
fn address(raw: &str) -> Result<EmailAddress, Failed> {
    EmailAddress::parse(raw).map_err(|why| {
        Failed::because(format!("{raw:?} is no e-mail address: {why}; write it as ada@example.org"))
    })
}

/// The failure when nobody has the address.
fn nobody(email: &EmailAddress) -> Failed {
    Failed::because(format!(
        "there is nobody with the address {}; `herald user list` shows all",
        email.as_str()
    ))
}

/// What a table shows where there is nothing.
fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}
