//! `cargo xtask test`: everything the tests need, then all of them.

use crate::fault::Outcome;
use crate::machine;
use crate::needs;

/// Where the tests find PostgreSQL's programs (`postgres`, `initdb`, `pg_ctl`).
pub const POSTGRES_BIN: &str = "HERALD_TEST_PG_BIN";

/// Where the tests find a Python with the packages of `xtask/python/requirements.txt`.
pub const PYTHON: &str = "HERALD_TEST_PYTHON";

/// Runs `cargo test` with the arguments, for the whole workspace unless they name a package.
pub fn run(arguments: &[&str]) -> Outcome {
    needs::c_compiler::ensure()?;
    let postgres = needs::postgres::ensure()?;
    needs::curl::ensure()?;
    needs::chromium::ensure()?;
    let python = needs::python::ensure()?;
    let mut line = machine::cargo();
    machine::succeed(line.args(test_line(arguments)).env(POSTGRES_BIN, postgres).env(PYTHON, python))
}

fn test_line<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let for_cargo = arguments.iter().take_while(|word| **word != "--");
    let names_package =
        for_cargo.into_iter().any(|word| word.starts_with("-p") || word.starts_with("--package"));
    let mut line = vec!["test", "--locked"];
    if !names_package {
        line.push("--workspace");
    }
    line.extend(arguments);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_workspace_unless_a_package_is_named() {
        assert_eq!(test_line(&[]), ["test", "--locked", "--workspace"]);
        assert_eq!(test_line(&["lock"]), ["test", "--locked", "--workspace", "lock"]);
        assert_eq!(test_line(&["-p", "xtask"]), ["test", "--locked", "-p", "xtask"]);
        assert_eq!(test_line(&["--package=xtask"]), ["test", "--locked", "--package=xtask"]);
        assert_eq!(test_line(&["--", "-p"]), ["test", "--locked", "--workspace", "--", "-p"]);
    }
}
