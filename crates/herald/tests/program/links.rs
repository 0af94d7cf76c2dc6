//! The pages that links lead to, in a real browser, against the running program.

use std::process::Command;

use serde_json::json;

use super::demo::MIRA;
use super::http::{Answer, ask, me, session, sign_in};
use super::program::{Home, Server};
use super::python;

const LENA: &str = "lena.brandt@northwind.example";
const RAGU: &str = "ragu.iyer@northwind.example";

fn post(server: &Server, path: &str, token: &str, body: &serde_json::Value) -> Answer {
    let headers = [("authorization", &*format!("Bearer {token}")), ("content-type", "application/json")];
    let answer = ask(server, &format!("POST {path}"), &headers, &body.to_string());
    assert!((200..300).contains(&answer.status), "{path}: {}", answer.body);
    answer
}

#[test]
fn both_pages_do_what_they_say_in_a_browser() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let mira = session(&server, MIRA.0, MIRA.1);
    let invited = json!({ "email": LENA, "roles": ["guest"] });
    let invited = post(&server, "/v1/tenants/northwind/invitations", &mira, &invited).body;
    let found = ask(
        &server,
        &format!("GET /v1/users?search={RAGU}"),
        &[("authorization", &format!("Bearer {mira}"))],
        "",
    );
    let ragu = found.body["items"][0]["id"].as_str().unwrap().to_owned();
    let reset = post(&server, &format!("/v1/users/{ragu}/password-reset"), &mira, &json!({})).body;
    let link = |of: &serde_json::Value| of["link"].as_str().unwrap().to_owned();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/links.py");
    let mut command = Command::new(python::interpreter());
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    let ran = command.args([script, &server.url, &link(&invited), &link(&reset)]).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let lena = me(&server, &session(&server, LENA, "a lantern for every boat")).body;
    assert_eq!((&lena["user"]["name"], &lena["user"]["email"]), (&json!("Lena Brandt"), &json!(LENA)));
    assert_eq!(sign_in(&server, RAGU, "three boats, one pier").status, 200);
    let log = server.stop();
    assert!(!log.contains("hi_") && !log.contains("lantern"), "{log}");
}
