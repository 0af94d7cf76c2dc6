//! `herald endpoints import`.

use std::fmt::Write as _;

use super::http::{Answer, ask};
use super::program::{Home, Ran, Server};

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
    let body = listed(&server, "prefix=%2Fv9").body;
    assert_eq!(body["items"][0]["url"], "/v9/x/{id}");
    assert_eq!(body["items"][0]["access"], serde_json::json!([]));
    home.write("api.yaml", "openapi: 3.1.0\n");
    home.write("other.json", "{}");
    home.write("other.log", "x\ny\n");
    for (file, said) in [
        ("api.yaml", "JSON"),
        ("other.json", "OpenAPI 3"),
        ("other.log", "combined format"),
        ("missing.log", "cannot be read"),
    ] {
        let ran = import(&home, file);
        assert!(ran.code == Some(1) && ran.err.contains(said), "{file}: {ran:?}");
    }
    let nowhere = ["endpoints", "import", "api.json", "--tenant", "nowhere", "--data", "herald-demo"];
    let nowhere = home.run(&nowhere);
    assert!(nowhere.code == Some(1) && nowhere.err.contains("no tenant nowhere"), "{nowhere:?}");
}
