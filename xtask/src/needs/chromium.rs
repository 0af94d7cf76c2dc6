//! Chromium, in which the tests open the pages that Herald serves to people.

use crate::fault::{Fault, Outcome};
use crate::machine;

use super::debian;

/// What it is called here and there; `crates/herald/tests/clients/browser.py` looks for the same.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Finds Chromium, or installs it where we may.
pub fn ensure() -> Outcome {
    if is_there() {
        return Ok(());
    }
    if debian::may_install() {
        debian::install(&["chromium"])?;
    }
    if is_there() { Ok(()) } else { Err(missing()) }
}

fn is_there() -> bool {
    NAMES.iter().any(|name| machine::answer(*name, &["--version"]).is_some())
}

fn missing() -> Fault {
    Fault::Failed(format!(
        "the tests open Herald's pages in a browser, for which they need one of {}\n\
         install it (Debian: `sudo apt-get install chromium`)",
        NAMES.join(", ")
    ))
}
