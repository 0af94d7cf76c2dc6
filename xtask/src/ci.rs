//! `cargo xtask ci`: every check, the quick ones first.

use crate::fault::{Fault, Outcome};
use crate::{deny, generated, layers, lengths, machine, needs, say, test};

type Step = (&'static str, fn() -> Outcome);

const STEPS: [Step; 7] = [
    ("fmt", format),
    ("layers", layers::run),
    ("lengths", lengths::run),
    ("deny", || deny::run(deny::Advisories::Skip)),
    ("clippy", clippy),
    ("gen --check", generated::check),
    ("test", || test::run(&[])),
];

/// Runs the steps in order and stops at the first that fails.
pub fn run() -> Outcome {
    needs::linters::ensure()?;
    in_order(&STEPS)
}

fn in_order(steps: &[Step]) -> Outcome {
    let start = machine::now();
    for (name, step) in steps {
        say::line(&format!("ci: {name} …"));
        let begun = machine::now();
        let outcome = step();
        let took = begun.elapsed().as_secs_f64();
        outcome.map_err(|fault| Fault::Failed(format!("ci: {name} failed after {took:.1} s\n{fault}")))?;
        say::line(&format!("ci: {name} passed in {took:.1} s"));
    }
    say::line(&format!("ci: all {} steps passed in {:.1} s", steps.len(), start.elapsed().as_secs_f64()));
    Ok(())
}

fn format() -> Outcome {
    machine::succeed(machine::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Outcome {
    let line = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    machine::succeed(machine::cargo().args(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn stops_at_the_first_step_that_fails_and_names_it() {
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        fn passes_twice() -> Outcome {
            let before = RUNS.fetch_add(1, Ordering::SeqCst);
            if before < 2 { Ok(()) } else { Err(Fault::Failed("a reason".to_owned())) }
        }
        let steps: [Step; 4] =
            [("one", passes_twice), ("two", passes_twice), ("three", passes_twice), ("four", passes_twice)];
        let fault = in_order(&steps).unwrap_err().to_string();
        assert!(fault.contains("three failed") && fault.contains("a reason"), "{fault}");
        assert_eq!(RUNS.load(Ordering::SeqCst), 3);
    }
}
