//! Whole files in, worlds or faults out.

mod beside;
mod demo;
mod faults;
mod garbage;
mod secrets;

use super::{Fault, Known, PasswordLimits, World, read};

const LIMITS: PasswordLimits = PasswordLimits { min_length: 12, max_bytes: 1_024 };
const DEMO: &str = include_str!("../../../../../demo.toml");

fn world(text: &str) -> World {
    read(text, &LIMITS, &()).unwrap_or_else(|faults| panic!("{}", shown(&faults)))
}

/// The faults of a file, one a line.
fn faults(text: &str) -> String {
    faults_beside(text, &())
}

fn faults_beside(text: &str, known: &dyn Known) -> String {
    read(text, &LIMITS, known).map_or_else(|faults| shown(&faults), |_| String::new())
}

fn shown(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
