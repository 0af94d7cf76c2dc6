//! The command line.

mod arguments;

use std::process::ExitCode;

use clap::Parser;

use crate::failed::Failed;
use crate::{commands, say, settings};
use arguments::{Arguments, Command};

pub use arguments::{Common, Listen};

/// Runs the command that the arguments of this process name.
///
/// Exits 0 when it did what was asked, 2 when the command line is wrong, else 1 with a sentence on stderr.
pub fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            say::failure(&failed);
            failed.exit_code()
        }
    }
}

fn run(Arguments { common, command }: Arguments) -> Result<(), Failed> {
    match command {
        Command::Serve { listen, world } => commands::serve::run(common.settings(Some(listen), None)?, world),
        Command::Demo { listen, fresh } => {
            commands::demo::run(common.settings(Some(listen), Some(commands::demo::FOLDER))?, fresh)
        }
        Command::Apply(apply) => apply.run(&common.settings(None, None)?),
        Command::User(user) => user.run(&common.settings(None, None)?),
        Command::Token(token) => token.run(&common.settings(None, None)?),
        Command::Check => commands::check::run(common),
        Command::Openapi => commands::openapi::run(),
        Command::SettingsReference => say::line(settings::markdown().trim_end()),
    }
}
