//! The document against the server that it describes: schemathesis reads the one and calls the other, with all its checks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::{Home, Server};
use super::{http, python};

/// What ends the session that asks: the dialects' own tests call it.
const ENDS: &[&str] =
    &["--exclude-path-regex", "^(/auth/logout|/v1/sign-out|/identity/resources/auth/v1/logout)$"];

/// What an operator alone may do: his call must come to a success.
const OPERATORS_ALONE: &[&str] = &[
    "DELETE /v1/clients/{id}",
    "DELETE /v1/permissions/{key}",
    "DELETE /v1/tenants/{tenant}",
    "GET /v1/clients",
    "GET /v1/clients/{id}",
    "PATCH /v1/clients/{id}",
    "POST /v1/clients",
    "POST /v1/clients/{id}/secret",
    "POST /v1/permissions",
    "POST /v1/tenants",
    // Of a user whom the tenant does not have; in the example, of one of northwind in contoso.
    "POST /v1/tenants/{tenant}/members",
];

/// What else need not come to a success, of all in the document. An answer that only refuses proves little, so what is not
/// here must.
const UNREACHED: &[&str] = &[
    // Not called: they end the session that asks.
    "GET /auth/logout",
    "POST /identity/resources/auth/v1/logout",
    "POST /v1/sign-out",
    // The others of hers are ended at once by `DELETE /v1/me/sessions`, which may come first.
    "DELETE /v1/me/sessions/{id}",
    // It asks for the password that she has; changed, nothing after it could sign her in.
    "POST /v1/me/password",
    // It asks by a query for a permission that is there; an example has a path and a body.
    "GET /v1/decisions/who-can",
    // Whoever calls has read it to begin with.
    "GET /openapi.json",
];

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

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
    assert_eq!(missed(&home, &server), [""; 0]);
    server.stop();
}

#[test]
fn what_is_served_to_operators_is_what_the_document_says() {
    let home = Home::new();
    let server = demo(&home);
    let session = http::session(&server, "root@herald.example", "lamp at the end of the pier");
    judge(&home, &server, &session, OPERATORS);
    assert_eq!(http::me(&server, &session).status, 200, "some call ended the session that asked");
    let reached = reached(&home);
    let missed: Vec<_> = OPERATORS_ALONE.iter().filter(|operation| !reached.contains(**operation)).collect();
    assert!(missed.is_empty(), "{missed:?}");
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

/// The operations of the document that were not answered with a success, and should have been.
fn missed(home: &Home, server: &Server) -> Vec<String> {
    let document = http::ask(server, "GET /openapi.json", &[], "").body;
    let mut missed = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys().filter(|key| METHODS.contains(&key.as_str()));
        missed.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let known = missed.clone();
    let reached = reached(home);
    missed.retain(|operation| !reached.contains(operation));
    for name in UNREACHED.iter().chain(OPERATORS_ALONE) {
        assert!(known.contains(*name), "there is no {name}");
        missed.remove(*name);
    }
    missed.into_iter().collect()
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
