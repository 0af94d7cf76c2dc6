//! Installs a Debian package when we are root on a machine that has `apt-get`.

use std::process::Command;

use crate::fault::Outcome;
use crate::machine;
use crate::say;

/// True when `install` can work: root, and `apt-get` is there.
pub fn may_install() -> bool {
    machine::answer("id", &["-u"]).as_deref() == Some("0")
        && machine::answer("apt-get", &["--version"]).is_some()
}

/// Installs the packages without asking anything.
pub fn install(packages: &[&str]) -> Outcome {
    say::line(&format!("installing {}", packages.join(", ")));
    machine::succeed(apt().args(["update", "-qq"]))?;
    machine::succeed(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages))
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
