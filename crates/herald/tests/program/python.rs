//! The Python that `cargo xtask test` has filled with programs of other houses.

use std::path::{Path, PathBuf};

/// The one that `HERALD_TEST_PYTHON` names, else the one that an earlier `cargo xtask test` made.
#[expect(clippy::disallowed_methods, reason = "the settings are the server's; this one is the test run's")]
pub fn interpreter() -> PathBuf {
    let named = std::env::var_os("HERALD_TEST_PYTHON").filter(|value| !value.is_empty());
    let found = named.map(PathBuf::from).or_else(made).filter(|file| file.is_file());
    found.unwrap_or_else(|| {
        panic!("this test needs the Python packages of xtask/python/requirements.txt: run `cargo xtask test` once")
    })
}

/// Beside the folder of the program.
fn made() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_BIN_EXE_herald")).parent()?.parent()?;
    Some(target.join("tools").join("venv").join("bin").join("python"))
}
