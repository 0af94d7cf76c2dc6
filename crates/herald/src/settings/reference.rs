//! The settings as text: for `--help` and for the reference in the documentation.

use std::fmt::Write;

use super::environment::variable;
use super::row::About;
use super::table::about;

/// The section of `--help` about settings.
pub fn help() -> String {
    let mut text = String::from(
        "Settings, each from its flag, its environment variable, the file (--config) or its default, in this order:\n",
    );
    for About { key, takes, default, has_file, help } in about() {
        let default = default.replace('`', "");
        let takes = takes.replace('`', "");
        let also =
            if has_file { format!("; or {key}_file, the name of a file with it") } else { String::new() };
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {key}  [{}]\n      {help}\n", variable(key));
        let _ = writeln!(text, "      Takes {takes}{also}. Default: {default}.");
    }
    text
}

/// What stands above the table of the reference.
const INTRODUCTION: &str = "\
# Settings

<!-- Written by `cargo xtask gen` from the table in crates/herald/src/settings/table.rs; do not edit. -->

A setting comes from its flag (`--listen`, `--data`, `--database-url`), its environment variable, the settings file
(`--config FILE`; `herald.toml` when it is there) or its default; the first of these that gives it wins. The file is
TOML: `sessions.idle` is the key `idle` of the table `[sessions]`. Lists are arrays in the file and separated by
commas in the environment. The name of a file or folder starts from the folder in which Herald is started.

A secret can also stand in a file of its own, which its key + `_file` (variable + `_FILE`) names.

A key or a variable beginning with `HERALD_` that is not a setting is an error, and so is a wrong value, even where a
stronger one hides it. In Kubernetes, a service named `herald` puts such variables into every pod beside it:
set `enableServiceLinks: false`.
";

/// The reference in Markdown.
pub fn markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    for About { key, takes, default, has_file, help } in about() {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n## `{key}`\n\n{help}\n\n- default: {default}\n- takes {takes}\n");
        let _ = writeln!(text, "- environment: `{}`", variable(key));
        if has_file {
            let file = format!("{key}_file");
            let _ = writeln!(text, "- from a file: `{file}`, `{}`", variable(&file));
        }
    }
    text
}
