//! rustfmt and clippy, which a minimal toolchain comes without.

use std::process::Command;

use crate::fault::{Fault, Outcome};
use crate::machine;

/// Finds rustfmt and clippy, or adds them to the toolchain where rustup manages it.
pub fn ensure() -> Outcome {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if is_there(subcommand) {
            continue;
        }
        if machine::answer("rustup", &["--version"]).is_some() {
            machine::succeed(Command::new("rustup").args(["component", "add", component]))?;
        }
        if !is_there(subcommand) {
            return Err(Fault::Failed(format!(
                "`cargo {subcommand}` is not there\ninstall the toolchain's component {component}"
            )));
        }
    }
    Ok(())
}

fn is_there(subcommand: &str) -> bool {
    machine::cargo().args([subcommand, "--version"]).output().is_ok_and(|output| output.status.success())
}
