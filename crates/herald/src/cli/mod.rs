//! The command line.

mod arguments;

use std::process::ExitCode;

use clap::Parser;

use crate::failed::Failed;
use crate::{say, settings};
use arguments::{Arguments, Command};

pub use arguments::{Common, Listen};

/// Runs the command that the arguments of this process name.
///
/// Exits 0 when it did what was asked, 2 when the command line is wrong, else 1 with a sentence on stderr.
pub fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            say::failure(&failed);
            failed.exit_code()
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failed> {
    match arguments.command {
        Command::SettingsReference => say::line(settings::markdown().trim_end()),
    }
}
