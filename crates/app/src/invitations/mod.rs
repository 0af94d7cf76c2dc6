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

/// What an invitation lives unless somebody says otherwise.
pub const LIVES: Duration = Duration::from_hours(7 * 24);
/// At most.
pub const LONGEST: Duration = Duration::from_hours(30 * 24);
/// At least.
pub const SHORTEST: Duration = Duration::from_mins(1);
