//! The command line.

mod arguments;

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser};

use crate::failed::Failed;
use crate::{commands, say, settings};
use arguments::{Arguments, Command};

pub use arguments::{Common, Listen};

/// Runs the command that the arguments of this process name.
///
/// Exits 0 when it did what was asked, 2 when the command line is wrong, else 1 with a sentence on stderr.
pub fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| led_right(error).exit());
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            say::failure(&failed);
            failed.exit_code()
        }
    }
}

/// Names the nearest command first, and none that `--help` hides; the parser does neither.
fn led_right(mut error: clap::Error) -> clap::Error {
    if let Some(ContextValue::Strings(mut names)) = error.remove(ContextKind::SuggestedSubcommand) {
        let all = Arguments::command();
        names.retain(|name| !all.find_subcommand(name).is_some_and(clap::Command::is_hide_set));
        // The nearest stands last.
        names.reverse();
        if !names.is_empty() {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(names));
        }
    }
    error
}

fn run(Arguments { common, command }: Arguments) -> Result<(), Failed> {
    match command {
        Command::Serve { listen, world } => commands::serve::run(common.settings(Some(listen), None)?, world),
        Command::Demo { listen, fresh } => {
            commands::demo::run(common.settings(Some(listen), Some(commands::demo::FOLDER))?, fresh)
        }
        Command::Apply(apply) => apply.run(&common.settings(None, None)?),
        Command::Export(export) => export.run(&common.settings(None, None)?),
        Command::User(user) => user.run(&common.settings(None, None)?),
        Command::Token(token) => token.run(&common.settings(None, None)?),
        Command::Endpoints(endpoints) => endpoints.run(&common.settings(None, None)?),
        Command::Check => commands::check::run(common),
        Command::Backup(backup) => backup.run(&common.settings(None, None)?),
        Command::Restore(restore) => restore.run(&common.settings(None, None)?),
        Command::Openapi => commands::openapi::run(),
        Command::SettingsReference => say::line(settings::markdown().trim_end()),
    }
}
