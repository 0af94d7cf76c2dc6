//! Invitations into a tenant: made by a member who may, used once by the person of the address.

pub mod accept;
pub mod create;
mod enter;
mod first;
mod join;
mod judge;
pub mod list;
pub mod withdraw;

use std::time::Duration;

use crate::failure::{Failure, Kind};

/// What an invitation lives unless somebody says otherwise.
pub const LIVES: Duration = Duration::from_hours(7 * 24);
/// At most.
pub const LONGEST: Duration = Duration::from_hours(30 * 24);
/// At least.
pub const SHORTEST: Duration = Duration::from_mins(1);

/// For whoever takes away what open invitations give: nobody should learn of it by a link that does not work.
///
/// # Errors
/// `Conflict` with code `in_use` and how many there are.
pub(crate) fn not_invited(open: usize, what: &str) -> Result<(), Failure> {
    let invitations = match open {
        0 => return Ok(()),
        1 => "An open invitation names".to_owned(),
        many => format!("{many} open invitations name"),
    };
    let text = format!("{invitations} this {what}; withdraw what is open, or wait until it is used or over.");
    Err(Failure::new(Kind::Conflict, "in_use", text))
}
