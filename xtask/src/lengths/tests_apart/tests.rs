//! What counts as a test, and what must not hide behind looking like one.

use super::super::functions;
use super::super::token::scan;
use super::*;

/// Names of the functions left, lines of tests, modules declared.
fn apart(text: &str) -> (Vec<String>, usize, Vec<String>) {
    let tokens = scan(text);
    let apart = split(&tokens, text.lines().count());
    let names = functions::find(&apart.source).into_iter().map(|one| one.name).collect();
    (names, apart.test_lines, apart.test_modules.into_iter().map(str::to_owned).collect())
}

#[test]
fn a_test_module_is_taken_out_and_what_follows_is_kept() {
    let text = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn t() { \"}\"; }\n}\n\nfn b() {}\n";
    assert_eq!(apart(text), (vec!["a".to_owned(), "b".to_owned()], 4, vec![]));
}

#[test]
fn attributes_between_belong_to_the_item() {
    let text = "#[cfg(test)]\n#[path = \"x.rs\"]\npub(crate) mod tests {\n fn t() {}\n}\nfn b() {}\n";
    assert_eq!(apart(text), (vec!["b".to_owned()], 5, vec![]));
}

#[test]
fn a_declared_module_is_reported() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests;\n#[cfg(all(test, unix))] mod more;\n";
    let expected = vec!["tests".to_owned(), "more".to_owned()];
    assert_eq!(apart(text), (vec!["a".to_owned()], 3, expected));
}

#[test]
fn only_what_never_runs_outside_of_tests_is_a_test() {
    for attribute in
        ["cfg(not(test))", "cfg(any(test, unix))", "cfg(all(not(test), unix))", "cfg(feature = \"test\")"]
    {
        let text = format!("#[{attribute}]\nfn a() {{}}\n");
        assert_eq!(apart(&text), (vec!["a".to_owned()], 0, vec![]), "{attribute}");
    }
}

#[test]
fn fields_and_last_statements_behind_cfg_test_do_not_swallow_what_follows() {
    let text = "struct S {\n  #[cfg(test)]\n  seen: Map<A, B>,\n  kept: u8,\n}\nfn a() {\n  #[cfg(test)]\n  seen()\n}\nfn b() {}";
    assert_eq!(apart(text), (vec!["a".to_owned(), "b".to_owned()], 4, vec![]));
}

#[test]
fn a_comparison_in_a_test_hides_nothing_behind_it() {
    let text = "#[cfg(test)]\nmod tests {\n fn t() { assert!(1 < 2); }\n}\n#[cfg(test)]\nconst C: bool = 1 < 2;\nfn b() {}\n";
    assert_eq!(apart(text), (vec!["b".to_owned()], 6, vec![]));
    let generic = "#[cfg(test)]\nfn t<A, B>(a: A) -> Map<A, B> where A: Into<B>, {\n}\nfn b() {}\n";
    assert_eq!(apart(generic), (vec!["b".to_owned()], 3, vec![]));
}

#[test]
fn a_file_behind_cfg_test_is_a_test_whole() {
    assert_eq!(apart("//! Docs.\n#![cfg(test)]\nfn a() {}\n"), (vec![], 3, vec![]));
}

#[test]
fn folders_of_tests() {
    assert!(is_in_test_folder(Path::new("crates/web/tests/v1/me.rs")));
    assert!(is_in_test_folder(Path::new("crates/store/src/conformance/users.rs")));
    assert!(!is_in_test_folder(Path::new("crates/store/src/tests.rs")));
    assert!(!is_in_test_folder(Path::new("crates/app/src/contests/run.rs")));
}

#[test]
fn modules_live_beside_mod_rs_and_below_other_files() {
    let beside = ["src/users/tests.rs", "src/users/tests"].map(PathBuf::from);
    assert_eq!(homes(Path::new("src/users/mod.rs"), "tests"), beside);
    assert_eq!(homes(Path::new("src/users.rs"), "tests"), beside);
    assert_eq!(homes(Path::new("src/lib.rs"), "tests"), ["src/tests.rs", "src/tests"].map(PathBuf::from));
}
