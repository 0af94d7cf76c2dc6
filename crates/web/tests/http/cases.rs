//! A numbered case of a contract without a test is a promise that nobody keeps.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A contract, how many cases it has, and the modules of tests that are named after them.
const CONTRACTS: [(&str, u32, &[&str]); 4] = [
    ("aegis", 28, &["web/tests/http/aegis/mod.rs"]),
    ("akto", 25, &["web/tests/http/akto/mod.rs"]),
    (
        "insights",
        25,
        &["web/tests/http/insights/mod.rs", "web/tests/http/oauth/mod.rs", "herald/tests/program/clients.rs"],
    ),
    ("testiny", 24, &["web/tests/http/testiny/mod.rs"]),
];

#[test]
fn every_case_of_a_contract_has_a_test_of_its_name() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (contract, count, modules) in CONTRACTS {
        let text = read(&crates.join(format!("../docs/contracts/{contract}.md")));
        assert_eq!(promised(&text), (1..=count).collect::<Vec<_>>(), "the cases of {contract}.md");
        let mut kept = BTreeSet::new();
        for module in modules {
            let cases = tested(&crates.join(module));
            assert!(!cases.is_empty(), "{module} has no test of a case");
            kept.extend(cases);
        }
        assert_eq!(kept, (1..=count).collect(), "the cases of {contract}.md that have a test");
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// The numbers of a contract's cases, as they stand there.
fn promised(contract: &str) -> Vec<u32> {
    let cases = contract.split_once("\n## Cases\n").unwrap().1;
    let cases = cases.split_once("\n## ").map_or(cases, |(cases, _)| cases);
    cases.lines().filter_map(|line| line.split_once(". ")?.0.parse().ok()).collect()
}

/// The cases of a module's tests, and of those below it. What no `mod` names is not compiled, and does not count.
fn tested(module: &Path) -> BTreeSet<u32> {
    let text = read(module);
    let mut cases: BTreeSet<u32> = named(&text).collect();
    for name in text.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")) {
        if let Some(name) = name.strip_suffix(';') {
            cases.extend(tested(&below(module, name)));
        }
    }
    cases
}

/// Where a module's `mod name;` is.
fn below(module: &Path, name: &str) -> PathBuf {
    let folder =
        if module.ends_with("mod.rs") { module.with_file_name("") } else { module.with_extension("") };
    let file = folder.join(format!("{name}.rs"));
    if file.exists() { file } else { folder.join(name).join("mod.rs") }
}

/// The numbers in the names of tests that run.
fn named(text: &str) -> impl Iterator<Item = u32> {
    let number = |name: &str| name.strip_prefix("case_")?.split('_').next()?.parse().ok();
    marked(text).into_iter().chain(on_engines(text)).filter_map(number)
}

/// Functions with a test's attribute: without one they are no tests, and an ignored one proves nothing.
fn marked(text: &str) -> Vec<&str> {
    let (mut runs, mut ignored) = (false, false);
    let names = text.lines().filter_map(|line| {
        if line.starts_with("#[") {
            runs |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            ignored |= line.starts_with("#[ignore");
            return None;
        }
        let is_test = std::mem::take(&mut runs) & !std::mem::take(&mut ignored);
        let name = line.trim_start_matches("async ").strip_prefix("fn ")?.split('(').next()?;
        is_test.then_some(name)
    });
    names.collect()
}

/// Functions that `on_both_engines!` makes tests of.
fn on_engines(text: &str) -> impl Iterator<Item = &str> {
    let lists = text.split("\ntestkit::on_both_engines!(").skip(1);
    lists.filter_map(|list| list.split(')').next()).flat_map(|list| list.split(',')).map(str::trim)
}

#[test]
fn what_does_not_run_is_no_test() {
    let text = "#[test]\nfn case_1_a() {}\n#[tokio::test]\nasync fn case_02_b() {}\nfn case_3_c() {}\n\
        #[test]\n#[ignore = \"slow\"]\nfn case_4_d() {}\n// fn case_5_e() {}\n\
        #[tokio::test]\n#[ignore]\nasync fn case_6_f() {}\n#[test]\nfn another() {}\nfn case_7_g() {}\n\
        #[test]\nfn case_18_h() {}\n";
    assert_eq!(named(text).collect::<Vec<_>>(), [1, 2, 18]);
    let text = "\ntestkit::on_both_engines!(case_8_a);\ntestkit::on_both_engines!(\n    case_9_b,\n    c,\n);\n\
        async fn case_8_a(engine: Engine) {}\nasync fn case_10_d(engine: Engine) {}\n";
    assert_eq!(named(text).collect::<Vec<_>>(), [8, 9]);
    assert_eq!(promised("1. no\n\n## Cases\n\n1. one\n2. two\n\n## More\n\n3. no\n"), [1, 2]);
}
