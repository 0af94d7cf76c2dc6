//! The document against the server that it describes: schemathesis reads the one and calls the other, with all its checks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::{Home, Server};
use super::{http, python};

/// What ends the session that asks: the dialects' own tests call it.
const ENDS: &[&str] =
    &["--exclude-path-regex", "^(/auth/logout|/v1/sign-out|/identity/resources/auth/v1/logout)$"];

/// Operations, of those that are called, that must come to a success at least once: an answer that only refuses proves
/// little.
const REACHED: usize = 80;

/// What an operator alone may do, but what ends the session that asks.
const OPERATORS: &[&str] = &[
    "--include-path-regex",
    "^/v1/(clients|tenants|permissions|roles|users|audit)",
    "--exclude-path-regex",
    "/(password|sessions/end|sessions/[^/]+)$",
];

#[test]
fn what_is_served_is_what_the_document_says() {
    let home = Home::new();
    let server = demo(&home);
    let (email, password) = super::demo::MIRA;
    let session = http::session(&server, email, password);
    judge(&home, &server, &session, ENDS);
    assert_eq!(http::me(&server, &session).status, 200, "some call ended the session that asked");
    assert!(reached(&home).len() >= REACHED, "{:?}", reached(&home));
    server.stop();
}

#[test]
fn what_is_served_to_operators_is_what_the_document_says() {
    let home = Home::new();
    let server = demo(&home);
    let session = http::session(&server, "root@herald.example", "lamp at the end of the pier");
    judge(&home, &server, &session, OPERATORS);
    assert_eq!(http::me(&server, &session).status, 200, "some call ended the session that asked");
    server.stop();
}

#[test]
fn every_example_is_what_its_schema_says() {
    let home = Home::new();
    let server = demo(&home);
    let mut line = Command::new(python::interpreter());
    let ran =
        line.arg(given().join("examples.py")).arg(format!("{}/openapi.json", server.url)).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.ends_with(" examples are what their schemas say\n"), "{said}");
    server.stop();
}

/// The operations that were answered with a success.
fn reached(home: &Home) -> BTreeSet<String> {
    std::fs::read_to_string(home.path("reached")).unwrap().lines().map(str::to_owned).collect()
}

fn given() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// Thousands of calls come from one address.
fn demo(home: &Home) -> Server {
    let settings = "[limits]\nsign_in_per_ip = 0\n[dialects.akto]\nstigg_signing_secret = \"of this test\"\n";
    home.write("herald.toml", settings);
    home.start(&["demo"])
}

fn judge(home: &Home, server: &Server, session: &str, which: &[&str]) {
    let settings = std::fs::read_to_string(given().join("schemathesis.toml")).unwrap();
    assert!(settings.contains("SESSION"));
    home.write("schemathesis.toml", &settings.replace("SESSION", session));
    let mut line = Command::new(python::interpreter().with_file_name("schemathesis"));
    line.env("SCHEMATHESIS_HOOKS", given().join("hooks.py"));
    line.env("HERALD_TEST_REACHED", home.path("reached"));
    line.env("HERALD_TEST_URL", &server.url).env("HERALD_TEST_SESSION", session);
    line.arg("--config-file").arg(home.path("schemathesis.toml"));
    line.args(["run", &format!("{}/openapi.json", server.url)]).args(which);
    line.args(["--checks", "all", "--max-examples", "10", "--continue-on-failure", "--no-shrink"]);
    line.args(["--generation-database", "none", "--warnings", "off", "--seed", "1"]);
    let ran = line.current_dir(home.path(".")).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("Tested: "), "{said}");
}
