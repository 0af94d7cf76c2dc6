//! Changing one's own profile. Asks for oneself, interactively. Audits `user.profile_changed`.

use super::update;
use crate::Ctx;
use crate::authorize::person;
use crate::failure::Failure;
use crate::principal::Caller;

pub use super::profile::Change as Command;

/// What changes nothing is not written and not audited.
///
/// # Errors
/// `Invalid` names every field at fault.
pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<(), Failure> {
    let id = person(caller)?;
    let command = update::Command { profile: command, ..update::Command::default() };
    update::run(ctx, caller, id, command).await.map(drop)
}
