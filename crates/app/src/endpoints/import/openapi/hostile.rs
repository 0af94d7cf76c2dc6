//! Documents that are not what they say, or that mean no good.

use std::sync::mpsc::channel;
use std::time::Duration;

use super::*;

/// No text may take longer than this; each takes far less.
const BOUND: Duration = Duration::from_secs(20);

fn read_in_time(text: &[u8]) -> Result<Read, Unread> {
    let (sender, receiver) = channel();
    let text = text.to_vec();
    std::thread::spawn(move || drop(sender.send(read(&text, Written::Yaml, 1))));
    receiver.recv_timeout(BOUND).unwrap()
}

fn unread(text: impl AsRef<[u8]>) -> (Option<u64>, &'static str) {
    let refused = read_in_time(text.as_ref()).map(|read| read.operations.len()).unwrap_err();
    (refused.line, refused.what)
}

/// One piece for each number.
fn each(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().concat()
}

const HEAD: &str = "openapi: 3.0.0\n";

#[test]
fn a_fault_is_told_with_its_line() {
    for (text, line, what) in [
        ("paths: {/x: {get: {}}}\n", None, "is no OpenAPI 3 document"),
        ("swagger: '2.0'\n", None, "is no OpenAPI 3 document"),
        ("- openapi\n", None, "is no OpenAPI 3 document"),
        ("openapi\n", None, "is no OpenAPI 3 document"),
        ("openapi: 3.0.0\npaths:\n  /x: [\n", Some(3), "is no YAML"),
        ("openapi: 3.0.0\ninfo: @x\n", Some(2), "is no YAML"),
        ("openapi: 3.0.0\npaths:\n  /x: {}\n  /x: {}\n", Some(4), "has a key twice"),
        ("openapi: 3.0.0\npaths: *none\n", Some(2), "has an alias of nothing"),
        ("openapi: 3.0.0\n---\nopenapi: 3.0.0\n", Some(2), "begins a second document"),
    ] {
        assert_eq!(unread(text), (line, what), "{text:?}");
    }
    assert_eq!(unread(b"openapi: 3.0.0\ninfo: \xff\n"), (Some(2), "is no UTF-8"));
    assert_eq!(unread(b"\xff\xfeo\0p\0").1, "is no UTF-8");
    assert!(read(b"", Written::Yaml, 1).is_err());
    assert_eq!(read(b"{\n\"openapi\": }", Written::Json, 1).unwrap_err().line, Some(2));
}

/// What an alias stands for is kept once, so these cost what they are long.
#[test]
fn laughs_multiply_nothing() {
    let mut text = format!("{HEAD}a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    let more = |n: usize| format!("a{}: &a{0} [{}]\n", n + 1, vec![format!("*a{n}"); 10].join(", "));
    text.push_str(&each(199, more));
    text.push_str("paths: {/x: *a199, /y: {get: *a150}}\n");
    let said = read(text.as_bytes(), Written::Yaml, 1).unwrap();
    assert_eq!((said.operations.len(), said.faults), (1, vec![("/x".to_owned(), "must be an object")]));
    let itself = format!("{HEAD}paths: &p {{/x: &x {{get: *x, put: *p}}, /y: *p}}\n");
    assert_eq!(read(itself.as_bytes(), Written::Yaml, 1).unwrap().operations.len(), 2);
    let long = each(100_000, |n| format!("- &b{n} [*b{}]\n", n.max(1) - 1));
    let long = format!("{HEAD}x:\n- &b0 x\n{long}");
    assert_eq!(read(long.as_bytes(), Written::Yaml, 1).unwrap().operations.len(), 0);
}

#[test]
fn what_aliases_stand_for_is_bounded() {
    const MUCH: &str = "has too much behind its aliases";
    let keys = each(20_000, |n| format!("  k{n}: x\n"));
    let named =
        |value: &str| format!("{HEAD}a: &a\n{keys}paths:\n{}", each(60, |n| format!("  /x{n}: {value}\n")));
    assert_eq!(unread(named("*a")).1, MUCH);
    assert_eq!(unread(named("{<<: *a}")).1, MUCH);
    let lists = format!("{HEAD}a: &a\n{keys}b: &b [{}]\nc: &c {{<<: *b}}\n", "*a, ".repeat(40));
    assert_eq!(unread(lists).1, MUCH);
    assert_eq!(unread(format!("{HEAD}a: &a [x]\nb: [{}]\n", "*a, ".repeat(1_000_001))).1, MUCH);
}

#[test]
fn depth_is_bounded_in_both_styles() {
    let blocks = |levels| each(levels, |level| format!("{}k:\n", " ".repeat(level)));
    for text in [
        format!("{HEAD}x: {}", "[".repeat(1_000_000)),
        format!("{HEAD}x: {}", "{a: ".repeat(500_000)),
        format!("{HEAD}x: {}{}", "[".repeat(201), "]".repeat(201)),
        format!("{HEAD}x:\n{}", "- ".repeat(200_000)),
        format!("{HEAD}x:\n{}", "? ".repeat(200_000)),
        format!("{HEAD}{}", blocks(2_000)),
    ] {
        assert_eq!(unread(&text).1, "is nested too deep");
    }
    let fits = format!(
        "{HEAD}x: {}{}\n{}paths: {{/x: {{get: {{}}}}}}",
        "[".repeat(150),
        "]".repeat(150),
        blocks(150)
    );
    assert_eq!(read(fits.as_bytes(), Written::Yaml, 1).unwrap().operations.len(), 1);
}

/// What makes a careless reader look at everything again and again.
#[test]
fn no_text_takes_long() {
    let keys = each(40_000, |n| format!("  k{n}: v\n"));
    for text in [
        format!("{HEAD}x: {}\n", "a".repeat(1_000_000)),
        format!("{HEAD}x: \"{}\"\n", "\\n".repeat(100_000)),
        format!("{HEAD}x: |\n{}", "  line\n".repeat(100_000)),
        format!("{HEAD}{}", "#\n".repeat(300_000)),
        format!("{HEAD}x:\n{keys}"),
        format!("{HEAD}? {}\n", "a ".repeat(500_000)),
        format!("{HEAD}x: {}\n", "! ".repeat(100_000)),
        format!("{HEAD}x: {}\n", "&a ".repeat(100_000)),
        format!("{HEAD}paths:\n  \"/{}\": {{get: {{}}}}\n", "p".repeat(2_000)),
    ] {
        drop(read_in_time(text.as_bytes()));
    }
}

/// Variables whose defaults name two others each.
#[test]
fn defaults_of_variables_multiply_nothing() {
    let variables = each(40, |n| format!("\"v{n}\":{{\"default\":\"{{v{}}}{{v{}}}\"}},", n + 1, n + 1));
    let document = |url: &str| {
        let servers =
            format!("[{{\"url\":\"{url}\",\"variables\":{{{}}}}}]", variables.trim_end_matches(','));
        format!("{{\"openapi\":\"3.1.0\",\"servers\":{servers},\"paths\":{{\"/x\":{{\"get\":{{}}}}}}}}")
    };
    let read = read_in_time(document("/{v0}").as_bytes()).unwrap();
    assert_eq!(read.operations.first().unwrap().key.url, "/{v1}{v1}/x");
    let long = read_in_time(document(&format!("/{}", "{v0}".repeat(100_000))).as_bytes()).unwrap();
    assert_eq!((long.operations.len(), long.faults.len()), (0, 1), "too long");
}
