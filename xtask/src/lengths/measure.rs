//! From files to numbers: source lines and functions, tests apart.

use std::path::Path;

use super::functions::{self, Function};
use super::tests_apart;
use super::token::scan;
use super::tree::Source;

/// A source file, measured.
pub struct Measured {
    /// Path in the workspace.
    pub path: String,
    /// Its lines, those of tests not counted.
    pub lines: usize,
    /// Its functions, tests apart.
    pub functions: Vec<Function>,
}

/// Measures every file that is not a test as a whole. `root` is cut off the paths.
pub fn all(files: &[Source], root: &Path) -> Vec<Measured> {
    let mut measured = Vec::new();
    let mut homes_of_tests = Vec::new();
    for file in files {
        let short = file.path.strip_prefix(root).unwrap_or(&file.path);
        if tests_apart::is_in_test_folder(short) {
            continue;
        }
        let total = file.text.lines().count();
        let tokens = scan(&file.text);
        let apart = tests_apart::split(&tokens, total);
        homes_of_tests.extend(apart.test_modules.iter().flat_map(|module| tests_apart::homes(short, module)));
        let lines = total.saturating_sub(apart.test_lines);
        if lines > 0 {
            let path = short.to_path_buf();
            measured.push((path, lines, functions::find(&apart.source)));
        }
    }
    let source =
        measured.into_iter().filter(|(path, ..)| !homes_of_tests.iter().any(|home| path.starts_with(home)));
    source
        .map(|(path, lines, functions)| Measured { path: path.display().to_string(), lines, functions })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(files: &[(&str, &str)]) -> Vec<(String, usize, usize)> {
        let source = |(path, text): &(&str, &str)| Source {
            path: Path::new("/w").join(path),
            text: (*text).to_owned(),
        };
        let files: Vec<Source> = files.iter().map(source).collect();
        let measured = all(&files, Path::new("/w")).into_iter();
        measured.map(|file| (file.path, file.lines, file.functions.len())).collect()
    }

    #[test]
    fn tests_of_every_sort_are_not_measured() {
        let measured = measure(&[
            ("crates/a/src/lib.rs", "mod b;\n#[cfg(test)]\nmod fixtures;\n"),
            ("crates/a/src/fixtures.rs", "fn long() {}\n"),
            ("crates/a/src/fixtures/deep.rs", "fn long() {}\n"),
            ("crates/a/src/b.rs", "fn b() {}\n#[cfg(test)]\nmod tests {\n  fn t() {}\n}\n"),
            ("crates/a/src/b/fixtures.rs", "fn source() {}\n"),
            ("crates/a/tests/all.rs", "fn t() {}\n"),
        ]);
        let expected = [
            ("crates/a/src/lib.rs", 1, 0),
            ("crates/a/src/b.rs", 1, 1),
            ("crates/a/src/b/fixtures.rs", 1, 1),
        ];
        assert_eq!(measured, expected.map(|(path, lines, functions)| (path.to_owned(), lines, functions)));
    }
}
