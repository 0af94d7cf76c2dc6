//! `cargo xtask gen`: files in the repository that Herald itself prints. One row a file.

use std::path::Path;

use crate::fault::{Fault, Outcome};
use crate::machine;
use crate::say;

/// A file, and the arguments that make `herald` print it on stdout.
struct Generated {
    file: &'static str,
    arguments: &'static [&'static str],
}

const FILES: [Generated; 2] = [
    Generated { file: "docs/reference/settings.md", arguments: &["settings-reference"] },
    Generated { file: "docs/reference/openapi.json", arguments: &["openapi"] },
];

/// How many differing lines `--check` shows of a stale file.
const SHOWN: usize = 6;

/// Writes every generated file that is not fresh.
pub fn write() -> Outcome {
    for row in &FILES {
        let path = machine::workspace().join(row.file);
        let text = print(row)?;
        if on_disk(&path)? == text {
            say::line(&format!("{}: fresh", row.file));
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))?;
        }
        std::fs::write(&path, text).map_err(|error| cannot("write", &path, &error))?;
        say::line(&format!("{}: written", row.file));
    }
    Ok(())
}

/// Fails when a generated file is not what Herald prints now; shows where each stale one differs first.
pub fn check() -> Outcome {
    let mut stale = Vec::new();
    for row in &FILES {
        let committed = on_disk(&machine::workspace().join(row.file))?;
        if let Some(difference) = first_difference(&committed, &print(row)?) {
            stale.push(format!("{}:{difference}", row.file));
        }
    }
    if stale.is_empty() {
        say::line(&format!("{} generated files are fresh", FILES.len()));
        return Ok(());
    }
    Err(Fault::found("generated files are stale: run `cargo xtask gen` and commit what it wrote", &stale))
}

fn print(row: &Generated) -> Outcome<String> {
    let mut command = machine::cargo();
    command.args(["run", "--quiet", "--locked", "--package", "herald", "--"]).args(row.arguments);
    let printed = machine::capture(machine::without_settings(&mut command))?;
    if printed.trim().is_empty() {
        return Err(Fault::Failed(format!("`herald {}` printed nothing", row.arguments.join(" "))));
    }
    Ok(if printed.ends_with('\n') { printed } else { printed + "\n" })
}

/// A file's text; a file that is not there yet is empty.
fn on_disk(path: &Path) -> Outcome<String> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|error| cannot("read", path, &error)),
    }
}

fn cannot(verb: &str, path: &Path, error: &std::io::Error) -> Fault {
    Fault::Failed(format!("cannot {verb} {}: {error}", path.display()))
}

/// Line number and the first lines from where the texts part: `-` committed, `+` printed now. `None` when equal.
fn first_difference(committed: &str, printed: &str) -> Option<String> {
    if committed == printed {
        return None;
    }
    let same = committed.lines().zip(printed.lines()).take_while(|(one, other)| one == other).count();
    let gone = committed.lines().skip(same).take(SHOWN).map(|line| format!("\n    - {line}"));
    let new = printed.lines().skip(same).take(SHOWN).map(|line| format!("\n    + {line}"));
    Some(format!("{}:{}", same + 1, gone.chain(new).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_do_not_differ() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    }

    #[test]
    fn shows_where_texts_part() {
        let shown = first_difference("a\nold\nc\n", "a\nnew\nc\n").unwrap();
        assert_eq!(shown, "2:\n    - old\n    - c\n    + new\n    + c");
    }

    #[test]
    fn a_missing_or_cut_file_and_a_missing_newline_differ() {
        assert!(first_difference("", "a\n").unwrap().contains("+ a"));
        assert!(first_difference("a\nb\n", "a\n").unwrap().contains("- b"));
        assert!(first_difference("a", "a\n").is_some());
    }
}
