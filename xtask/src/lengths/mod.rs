//! `cargo xtask lengths`: how long files and functions are; fails when they outgrow the house's bounds.

mod functions;
mod measure;
mod tests_apart;
mod token;
mod tree;
mod verdict;

use crate::fault::{Fault, Outcome};
use crate::machine;
use crate::say;

/// Folders of the workspace that hold our code.
const FOLDERS: [&str; 3] = ["crates", "xtask", "bench"];

/// Prints the tail and fails on every bound that does not hold.
pub fn run() -> Outcome {
    let root = machine::workspace();
    let mut files = Vec::new();
    for folder in FOLDERS {
        files.extend(tree::sources(&root.join(folder))?);
    }
    let measured = measure::all(&files, &root);
    for line in verdict::report(&measured) {
        say::line(&line);
    }
    let faults = verdict::faults(&measured);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Fault::found("too long: split by verb, not by number", &faults))
    }
}
