//! The machine around us: environment, clock, programs. Everything in xtask that asks it goes through here.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use cargo_metadata::MetadataCommand;

use crate::fault::{Fault, Outcome};

/// An environment variable, `None` when it is unset or empty.
#[expect(
    clippy::disallowed_methods,
    reason = "chores are steered by the environment; this is the only place that reads it"
)]
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Names of the variables that start with `prefix`.
#[expect(clippy::disallowed_methods, reason = "see `variable`")]
fn variables_starting_with(prefix: &str) -> Vec<OsString> {
    std::env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| name.to_string_lossy().starts_with(prefix))
        .collect()
}

/// Now, for telling how long a step took.
#[expect(
    clippy::disallowed_methods,
    reason = "a chore tells people how long it took; nothing is decided by it"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// The folder of the workspace.
///
/// Asked at run time, not compiled in: checkouts may share a target folder.
pub fn workspace() -> PathBuf {
    let own = variable("CARGO_MANIFEST_DIR").map(PathBuf::from);
    own.and_then(|folder| folder.parent().map(PathBuf::from)).unwrap_or_else(|| PathBuf::from("."))
}

/// Where cargo builds: `CARGO_TARGET_DIR` and cargo's configuration count.
pub fn target_folder() -> Outcome<PathBuf> {
    let metadata = MetadataCommand::new()
        .current_dir(workspace())
        .no_deps()
        .exec()
        .map_err(|error| Fault::Failed(format!("cannot ask cargo for the target folder: {error}")))?;
    Ok(metadata.target_directory.into_std_path_buf())
}

/// cargo, in the workspace, as if a person had called it.
///
/// `cargo run` tells its child which package it runs. Passed on, those variables would make build scripts that
/// look at them run again, and everything above them with it.
pub fn cargo() -> Command {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".into()));
    for name in
        variables_starting_with("CARGO_PKG_").into_iter().chain(variables_starting_with("CARGO_MANIFEST_"))
    {
        command.env_remove(name);
    }
    command.env_remove("CARGO_BIN_NAME").env_remove("CARGO_CRATE_NAME").env_remove("CARGO_PRIMARY_PACKAGE");
    command.current_dir(workspace()).stdin(Stdio::null());
    command
}

/// Takes every Herald setting out of the command's environment, so that it sees defaults only.
pub fn without_settings(command: &mut Command) -> &mut Command {
    for name in variables_starting_with("HERALD_") {
        command.env_remove(name);
    }
    command
}

/// Runs to the end with our stdout and stderr; another exit code than 0 is a fault.
pub fn succeed(command: &mut Command) -> Outcome {
    let status = command.stdin(Stdio::null()).status().map_err(|error| cannot_run(command, &error))?;
    if status.success() { Ok(()) } else { Err(ended_with(command, status)) }
}

/// Runs to the end and gives back its stdout; stderr is ours.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cannot_run(command, &error))?;
    if !output.status.success() {
        return Err(ended_with(command, output.status));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Fault::Failed(format!("`{}` printed no UTF-8", shown(command))))
}

/// What a program says on stdout when asked; `None` when it is not there or refuses.
pub fn answer(program: impl Into<PathBuf>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program.into()).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn cannot_run(command: &Command, error: &std::io::Error) -> Fault {
    Fault::Failed(format!("cannot run `{}`: {error}", shown(command)))
}

fn ended_with(command: &Command, status: std::process::ExitStatus) -> Fault {
    Fault::Failed(format!("`{}` failed: {status}", shown(command)))
}

fn shown(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    command.get_args().fold(name, |line, argument| format!("{line} {}", argument.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_or_is_missing_is_a_fault_with_its_name() {
        let failed = succeed(Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
        assert!(failed.contains("sh -c exit 3") && failed.contains('3'), "{failed}");
        let missing = succeed(&mut Command::new("/nowhere/no-such-program")).unwrap_err().to_string();
        assert!(missing.contains("cannot run `no-such-program`"), "{missing}");
        assert!(answer("/nowhere/no-such-program", &[]).is_none());
    }

    #[test]
    fn captures_stdout() {
        assert_eq!(capture(Command::new("sh").args(["-c", "echo one; echo two"])).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn cargo_does_not_learn_which_package_called_it() {
        let command = cargo();
        let removed: Vec<_> =
            command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        assert!(removed.iter().any(|name| *name == "CARGO_MANIFEST_DIR"), "{removed:?}");
        assert!(removed.iter().any(|name| *name == "CARGO_PKG_NAME"), "{removed:?}");
    }
}
