//! The program as a person or a script runs it.

#![expect(clippy::unwrap_used, reason = "a panic in a test is a failed test")]

use std::process::{Command, Output};

fn herald(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_herald")).args(arguments).output().unwrap()
}

#[test]
fn a_wrong_flag_is_a_usage_error_that_says_what_would_be_right() {
    let output = herald(&["--confg", "x", "settings-reference"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("'--confg'") && said.contains("'--config'"), "{said}");
    assert_eq!(herald(&[]).status.code(), Some(2), "no command at all");
}

#[test]
fn a_slip_of_the_pen_is_led_to_the_nearest_command() {
    for (typed, tip) in [
        ("servee", "tip: some similar subcommands exist: 'serve', 'user'\n"),
        ("tokn", "tip: a similar subcommand exists: 'token'\n"),
        ("setings-reference", "unrecognized subcommand"),
    ] {
        let output = herald(&[typed]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(tip) && !said.contains("'settings-reference'"), "{said}");
    }
}

#[test]
fn the_reference_is_markdown_of_every_setting() {
    let output = herald(&["settings-reference"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("# Settings\n") && text.contains("`HERALD_PASSWORDS__MEMORY_KIB`"), "{text}");
}

#[test]
fn a_full_disk_under_stdout_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let command =
        Command::new(env!("CARGO_BIN_EXE_herald")).arg("settings-reference").stdout(full).output().unwrap();
    assert_eq!(command.status.code(), Some(1));
    let said = String::from_utf8(command.stderr).unwrap();
    assert!(said.starts_with("herald: cannot write to standard output: "), "{said}");
}
