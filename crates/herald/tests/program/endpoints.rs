//! `herald endpoints import`.

use std::fmt::Write as _;
use std::process::Command;

use super::http::{Answer, ask};
use super::program::{Home, Ran, Server};
use super::python;

/// Mira's published key.
const KEY: &str = "Zk3p0QvT8mB1yLx7Hc5sWd2Rf9uJa4Ne6Gi0Ko1P";

fn import(home: &Home, file: &str) -> Ran {
    home.run(&[
        "endpoints",
        "import",
        file,
        "--tenant",
        "northwind",
        "--collection",
        "7",
        "--data",
        "herald-demo",
    ])
}

fn listed(server: &Server, query: &str) -> Answer {
    ask(server, &format!("GET /v1/endpoints?{query}"), &[("x-api-key", KEY)], "")
}

#[test]
fn a_log_beside_a_running_server() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let mut log = String::new();
    for (client, request) in [
        ("10.0.0.1", "GET /a?token=hidden HTTP/1.1"),
        ("203.0.113.7", "GET /a HTTP/1.1"),
        ("198.51.100.4", "POST /b HTTP/1.1"),
        ("198.51.100.4", "-"),
        ("10.0.0.9", "GET /a HTTP/1.1"),
    ] {
        writeln!(log, "{client} - - [22/Nov/2026:10:00:00 +0000] \"{request}\" 200 5 \"-\" \"curl/8\"")
            .unwrap();
    }
    log.push_str("nonsense");
    home.write("access.log", &log);
    let ran = import(&home, "access.log");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.out, "4 read, 2 refused: 2 endpoints created, 0 changed\n");
    assert!(ran.err.contains("access.log:4: ") && ran.err.contains("access.log:6: "), "{ran:?}");
    let body = listed(&server, "collection=7").body;
    assert_eq!(body["items"][0]["access"], serde_json::json!(["PARTNER", "PRIVATE"]));
    assert_eq!(body["items"][1]["access"], serde_json::json!(["PUBLIC"]));
    assert!(!body.to_string().contains("hidden"));
    let again = import(&home, "access.log");
    assert_eq!(again.out, "4 read, 2 refused: 0 endpoints created, 0 changed\n");
}

#[test]
fn a_document_and_what_is_neither() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let document = r#"{"openapi":"3.1.0","servers":[{"url":"https://a.example/v9"}],
        "paths":{"/x/{id}":{"get":{},"put":{}},"y":{"get":{}}}}"#;
    home.write("api.json", document);
    let ran = import(&home, "api.json");
    assert_eq!(ran.out, "2 read, 1 refused: 2 endpoints created, 0 changed\n", "{ran:?}");
    assert!(ran.err.contains("\"y\""), "{ran:?}");
    let body = listed(&server, "search=%2Fv9").body;
    assert_eq!(body["items"][0]["url"], "/v9/x/{id}");
    assert_eq!(body["items"][0]["access"], serde_json::json!([]));
    home.write("other.json", "{}");
    home.write("other.log", "x\ny\n");
    for (file, said) in
        [("other.json", "OpenAPI 3"), ("other.log", "combined format"), ("missing.log", "cannot be read")]
    {
        let ran = import(&home, file);
        assert!(ran.code == Some(1) && ran.err.contains(said), "{file}: {ran:?}");
    }
    let nowhere = ["endpoints", "import", "api.json", "--tenant", "nowhere", "--data", "herald-demo"];
    let nowhere = home.run(&nowhere);
    assert!(nowhere.code == Some(1) && nowhere.err.contains("no tenant nowhere"), "{nowhere:?}");
}

/// By its name, by its content, and at fault.
#[test]
fn a_document_in_yaml() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let document = "# by hand\nopenapi: 3.0.3\nservers: [{url: /v8}]\nx-one: &one {get: {}}\n\
        paths:\n  /y: {post: {}}\n  /z: *one\n  y: {get: {}}\n";
    for (file, told) in [("api.yaml", "2 endpoints created"), ("api", "0 endpoints created")] {
        home.write(file, document);
        let ran = import(&home, file);
        assert!(
            ran.code == Some(0) && ran.out.starts_with("2 read, 1 refused: ") && ran.out.contains(told),
            "{ran:?}"
        );
        assert_eq!(ran.err, format!("herald: {file}: paths.\"y\": must begin with /\n"));
    }
    assert_eq!(listed(&server, "collection=7").body["items"][1]["url"], "/v8/z");
    home.write("bad.yml", "openapi: 3.0.3\npaths:\n  /x: [\n");
    home.write("deep", &format!("openapi: 3.0.3\nx: {}", "[".repeat(100_000)));
    home.write("old.yaml", "swagger: '2.0'\n");
    for (file, said) in [
        ("bad.yml", "bad.yml:3 is no YAML; name an OpenAPI 3 document"),
        ("deep", "deep:2 is nested too deep; "),
        ("old.yaml", "old.yaml is no OpenAPI 3 document; "),
    ] {
        let ran = import(&home, file);
        assert!(ran.code == Some(1) && ran.out.is_empty() && ran.err.contains(said), "{file}: {ran:?}");
    }
}

/// Whatever stands in a log, lines that are none are named, and the rest is kept; nobody at a terminal, no bar.
#[test]
fn a_hostile_log() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let tail = "200 5 \"-\" \"curl\\x22/8\"";
    let at = "- - [22/Nov/2026:10:00:00 +0000]";
    let long = "x".repeat(70_000);
    let mut written: Vec<u8> = Vec::new();
    for line in [
        format!(r#"10.0.0.1 {at} "GET /one\x22\x5C HTTP/1.1" {tail}"#).into_bytes(),
        format!(r#"2001:db8::1 {at} "GET /two HTTP/2.0" {tail}"#).into_bytes(),
        format!(r#"10.0.0.1 - a] \"GET /evil [x] {at} "GET /three HTTP/1.1" {tail}"#).into_bytes(),
        format!("10.0.0.1 {at} \"GET /{long} HTTP/1.1\" {tail}").into_bytes(),
        b"\xff\xfe\x00\x01".to_vec(),
        [b"10.0.0.1 - - [x] \"GET /\xff HTTP/1.1\" 200".as_slice(), b"\r"].concat(),
        format!(r#"10.0.0.1 {at} "\x16\x03\x01\x02" 400 0"#).into_bytes(),
        Vec::new(),
        format!(r#"10.0.0.1 {at} "GET /four" {tail}"#).into_bytes(),
    ] {
        written.extend(line);
        written.push(b'\n');
    }
    written.extend(format!(r#"10.0.0.1 {at} "GET /five HTTP/1.1"#).into_bytes());
    std::fs::write(home.path("access.log"), &written).unwrap();
    let ran = import(&home, "access.log");
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (Some(0), "4 read, 5 refused: 4 endpoints created, 0 changed\n")
    );
    let named: Vec<&str> = ran.err.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(named, ["access.log:4:", "access.log:5:", "access.log:6:", "access.log:7:", "access.log:10:"]);
    assert!(!ran.err.contains('\x1b') && !ran.err.contains('%'), "{ran:?}");
    let urls = listed(&server, "collection=7").body["items"].clone();
    let urls: Vec<&str> = urls.as_array().unwrap().iter().map(|item| item["url"].as_str().unwrap()).collect();
    assert_eq!(urls, ["/four", "/one\"\\", "/three", "/two"]);
}

#[test]
fn what_is_no_log_at_all() {
    let home = Home::new();
    let _server = home.start(&["demo"]);
    home.write("empty.log", "");
    home.write("blank.log", "\n\n \r\n");
    for file in ["empty.log", "blank.log"] {
        let ran = import(&home, file);
        let expected = (Some(0), "0 read, 0 refused: 0 endpoints created, 0 changed\n", "");
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), expected, "{file}");
    }
    std::fs::create_dir(home.path("folder.log")).unwrap();
    std::fs::write(home.path("access.log.1.gz"), b"\x1f\x8b\x08\0\0\0").unwrap();
    let binary: Vec<u8> =
        (0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    std::fs::write(home.path("binary"), binary).unwrap();
    for (file, said) in [
        ("folder.log", "folder.log is a folder; "),
        ("access.log.1.gz", "is packed; unpack it first"),
        ("binary", "nothing in binary could be read; "),
        ("binary", " more could not be read"),
    ] {
        let ran = import(&home, file);
        assert!(ran.code == Some(1) && ran.out.is_empty() && ran.err.contains(said), "{file}: {said}");
        assert!(ran.err.lines().count() <= 102, "{file}");
    }
}

/// What somebody sees in the end of what came to his terminal, line by line.
fn seen(raw: &str) -> Vec<String> {
    let (mut lines, mut column) = (vec![Vec::new()], 0);
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let line: &mut Vec<char> = lines.last_mut().unwrap();
        if let Some(after) = rest.strip_prefix("\x1b[K") {
            line.truncate(column);
            rest = after;
            continue;
        }
        match c {
            '\r' => column = 0,
            '\n' => {
                lines.push(Vec::new());
                column = 0;
            }
            c => {
                if column == line.len() {
                    line.push(c);
                } else {
                    line[column] = c;
                }
                column += 1;
            }
        }
        rest = &rest[c.len_utf8()..];
    }
    assert_eq!(column, 0, "the cursor is left in a line: {raw:?}");
    lines.into_iter().map(|line| line.into_iter().collect()).collect()
}

#[test]
fn a_bar_is_drawn_on_a_terminal_and_taken_away() {
    let home = Home::new();
    home.start(&["demo"]).stop();
    let mut log = String::new();
    for n in 0..12_000 {
        let request = if n == 11_000 { "\\x16" } else { "GET /a HTTP/1.1" };
        writeln!(log, "10.0.0.1 - - [22/Nov/2026:10:00:00 +0000] \"{request}\" 200 5 \"-\" \"curl/8\"")
            .unwrap();
    }
    home.write("access.log", &log);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/terminal.py");
    let command =
        [env!("CARGO_BIN_EXE_herald"), "endpoints", "import", "access.log", "--tenant", "northwind"];
    let ran = Command::new(python::interpreter())
        .arg(script)
        .args(command)
        .args(["--data", "herald-demo"])
        .current_dir(home.path("."))
        .env_clear()
        .env("TERM", "xterm")
        .output()
        .unwrap();
    let raw = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{raw} {}", String::from_utf8_lossy(&ran.stderr));
    let drawn: Vec<&str> = raw.split("\r\x1b[K").filter(|piece| piece.contains(" %")).collect();
    assert!(drawn.len() > 2 && drawn[0].contains("#-"), "{raw:?}");
    assert!(drawn.last().unwrap().contains("] 100 % access.log"), "{raw:?}");
    let seen = seen(&raw);
    assert!(
        seen.len() == 2 && seen[0].starts_with("herald: access.log:11001: ") && seen[1].is_empty(),
        "{seen:?}"
    );
    let piped = import(&home, "access.log");
    assert_eq!(piped.err.lines().collect::<Vec<_>>(), [&seen[0]], "and none where nobody watches");
}
