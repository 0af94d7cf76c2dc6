//! The document against the server that it describes: schemathesis reads the one and calls the other, with all its checks.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::{Home, Server};
use super::{http, python};

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
    judge(&home, &server, &given().join("schemathesis.toml"), &[]);
    server.stop();
}

#[test]
fn what_is_served_to_operators_is_what_the_document_says() {
    let home = Home::new();
    let server = demo(&home);
    let session = http::session(&server, "root@herald.example", "lamp at the end of the pier");
    let settings = std::fs::read_to_string(given().join("schemathesis.toml")).unwrap();
    assert!(settings.contains(MIRA));
    home.write("operator.toml", &settings.replace(MIRA, &session));
    judge(&home, &server, &home.path("operator.toml"), OPERATORS);
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

/// Her published key.
const MIRA: &str = "Zk3p0QvT8mB1yLx7Hc5sWd2Rf9uJa4Ne6Gi0Ko1P";

fn given() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// Thousands of calls come from one address.
fn demo(home: &Home) -> Server {
    let settings = "[limits]\nsign_in_per_ip = 0\n[dialects.akto]\nstigg_signing_secret = \"of this test\"\n";
    home.write("herald.toml", settings);
    home.start(&["demo"])
}

fn judge(home: &Home, server: &Server, settings: &Path, which: &[&str]) {
    let mut line = Command::new(python::interpreter().with_file_name("schemathesis"));
    line.env("SCHEMATHESIS_HOOKS", given().join("hooks.py"));
    line.env("HERALD_TEST_REACHED", home.path("reached"));
    line.arg("--config-file").arg(settings);
    line.args(["run", &format!("{}/openapi.json", server.url)]).args(which);
    line.args(["--checks", "all", "--max-examples", "10", "--continue-on-failure", "--no-shrink"]);
    line.args(["--generation-database", "none", "--warnings", "off", "--seed", "1"]);
    let ran = line.current_dir(home.path(".")).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("Tested: "), "{said}");
}
