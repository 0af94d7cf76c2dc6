//! `cargo xtask deny`: cargo-deny over `deny.toml`, in one pinned release.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, Outcome};
use crate::machine;
use crate::say;

/// The release that `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// Whether to look for published vulnerabilities too, which needs the advisory database from the network.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Advisories {
    /// Licences, bans and sources only: gives the same answer every day, without a network.
    Skip,
    /// Everything.
    Check,
}

/// Checks everything in `Cargo.lock`, for every platform.
pub fn run(advisories: Advisories) -> Outcome {
    let tool = ensure()?;
    // Licences are read from the crates' sources, those for other platforms included.
    machine::succeed(machine::cargo().args(["fetch", "--quiet", "--locked"]))?;
    let mut command = Command::new(tool);
    command.current_dir(machine::workspace());
    if advisories == Advisories::Skip {
        command.arg("--offline");
    }
    command.args(["--locked", "check", "licenses", "bans", "sources"]);
    if advisories == Advisories::Check {
        command.arg("advisories");
    }
    machine::succeed(&mut command)
}

/// The program: one on the path if it is the pinned release, else our own, built once into the target folder.
fn ensure() -> Outcome<PathBuf> {
    let own = machine::target_folder()?.join("tools");
    let program = own.join("bin").join("cargo-deny");
    for candidate in [PathBuf::from("cargo-deny"), program.clone()] {
        if is_pinned(&candidate) {
            return Ok(candidate);
        }
    }
    install(&own)?;
    Ok(program)
}

fn is_pinned(program: &Path) -> bool {
    machine::answer(program, &["--version"])
        .is_some_and(|said| said.split_whitespace().last() == Some(VERSION))
}

fn install(root: &Path) -> Outcome {
    say::line(&format!("building cargo-deny {VERSION} once, into {}", root.display()));
    let scratch = root.join("build");
    let line = ["install", "--quiet", "--locked", "--force", "cargo-deny", "--version", VERSION];
    machine::succeed(
        machine::cargo()
            .args(line)
            .arg("--root")
            .arg(root)
            .arg("--target-dir")
            .arg(&scratch)
            // It runs for a second a day: minutes of optimising would never pay.
            .env("CARGO_PROFILE_RELEASE_LTO", "false")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    )?;
    std::fs::remove_dir_all(&scratch)
        .map_err(|error| Fault::Failed(format!("cannot remove {}: {error}", scratch.display())))
}
