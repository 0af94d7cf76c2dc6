//! A C compiler: SQLite and AWS-LC are built from source.

use crate::fault::{Fault, Outcome};
use crate::machine;

use super::debian;

/// Finds a C compiler, or installs gcc where we may.
pub fn ensure() -> Outcome {
    if is_there() {
        return Ok(());
    }
    if debian::may_install() {
        debian::install(&["gcc", "libc6-dev"])?;
    }
    if is_there() { Ok(()) } else { Err(missing()) }
}

fn is_there() -> bool {
    let named = machine::variable("CC").map(|name| name.to_string_lossy().into_owned());
    // CC may hold a launcher and flags: `ccache gcc -m64`.
    let words: Vec<&str> = named.as_deref().unwrap_or("cc").split_whitespace().collect();
    match words.as_slice() {
        [program, flags @ ..] => machine::answer(program, &[flags, &["--version"]].concat()).is_some(),
        [] => false,
    }
}

fn missing() -> Fault {
    Fault::Failed(
        "there is no C compiler, and SQLite and AWS-LC are built from source\n\
         install one (Debian, Ubuntu: `sudo apt-get install gcc libc6-dev`), or name it in CC"
            .to_owned(),
    )
}
