//! Herald's chores: `cargo xtask <task>`. Without a task it lists them.

mod ci;
mod deny;
mod fault;
mod generated;
mod layers;
mod lengths;
mod machine;
mod needs;
mod say;
mod test;

use std::process::ExitCode;

use fault::{Fault, Outcome};

const USAGE: &str = "usage: cargo xtask <task>

  ci                    every check below, the quick ones first; stops at the first that fails
  test [ARGS]           finds or installs what the tests need, then runs cargo test --workspace ARGS
  gen [--check]         writes the generated files; with --check only says whether they are fresh
  layers                the arrow rule: who may name whom
  lengths               file and function lengths; prints the tail
  deny [--advisories]   licences, banned crates and sources of everything Herald is built on";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            say::error(&fault.to_string());
            ExitCode::from(fault.exit_code())
        }
    }
}

fn run(words: &[&str]) -> Outcome {
    match words {
        [] | ["help" | "-h" | "--help"] => {
            say::line(USAGE);
            Ok(())
        }
        ["ci"] => ci::run(),
        ["test", arguments @ ..] => test::run(arguments),
        ["gen"] => generated::write(),
        ["gen", "--check"] => generated::check(),
        ["layers"] => layers::run(),
        ["lengths"] => lengths::run(),
        ["deny"] => deny::run(deny::Advisories::Skip),
        ["deny", "--advisories"] => deny::run(deny::Advisories::Check),
        other => Err(Fault::Usage(format!("there is no task `{}`\n\n{USAGE}", other.join(" ")))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_task_is_a_usage_error() {
        for words in [&["lint"][..], &["gen", "--chekc"], &["layers", "extra"]] {
            let fault = run(words).unwrap_err();
            assert_eq!(fault.exit_code(), 2, "{words:?}");
            assert!(fault.to_string().contains(words[0]));
        }
    }
}
