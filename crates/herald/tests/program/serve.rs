//! `herald serve`: first start, signals.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use super::http::{answer, ask, connect, me, request, session, sign_in};
use super::program::{Home, database, within};

/// The password in the one line before the ready line.
fn password(said: &[String]) -> String {
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("admin@localhost"), "{said:?}");
    said[0].rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn the_first_operator_is_made_once() {
    let home = Home::new();
    let server = home.start(&["serve"]);
    let password = password(&server.said);
    assert!(password.len() >= 20, "{password}");
    let token = session(&server, "admin@localhost", &password);
    assert_eq!(me(&server, &token).body["operator"], true);
    let log = server.stop();
    assert!(!log.contains(&password), "{log}");
    let again = home.start(&["serve"]);
    assert_eq!(again.said, Vec::<String>::new());
    assert_eq!(me(&again, &token).status, 200, "a session outlives a restart");
}

#[test]
fn a_world_comes_before_the_first_operator() {
    let home = Home::new();
    home.write("w.toml", include_str!("../../../../demo.toml"));
    let server = home.start(&["serve", "--world", "w.toml"]);
    assert_eq!(server.said, Vec::<String>::new());
    assert_eq!(sign_in(&server, super::demo::MIRA.0, super::demo::MIRA.1).status, 200);
    assert_eq!(home.run(&["user", "list"]).out.lines().count(), 7);
    let log = server.stop();
    assert!(log.contains("world: + user mira.holt@northwind.example"), "{log}");
}

#[test]
fn what_is_under_way_at_sigterm_is_answered() {
    let home = Home::new();
    let server = home.start(&["serve"]);
    let password = password(&server.said);
    let body = serde_json::json!({ "email": "admin@localhost", "password": password }).to_string();
    let whole = request("POST /v1/sign-in", &[("content-type", "application/json")], &body);
    let (begun, rest) = whole.split_at(whole.len() - 5);
    let mut stream = connect(&server);
    stream.write_all(begun.as_bytes()).unwrap();
    // Answered, so the connection opened before it is accepted too.
    assert_eq!(sign_in(&server, "admin@localhost", "wrong").status, 401);
    server.terminate();
    let address = server.url.trim_start_matches("http://").to_owned();
    let closed = within(Duration::from_secs(5), || TcpStream::connect(&address).is_err().then_some(()));
    assert!(closed.is_some(), "it accepts no more");
    stream.write_all(rest.as_bytes()).unwrap();
    assert_eq!(answer(stream).status, 200);
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
}

/// The start waits for a world that nobody writes.
#[test]
fn sigterm_before_it_is_ready_is_an_end_in_good_order() {
    let home = Home::new();
    let pipe = home.path("w.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let server = home.spawn(&["serve", "--world", "w.toml"]);
    // Opens once the other end is.
    let writer = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    server.terminate();
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{status} {log}");
    drop(writer);
}

#[test]
fn the_last_uses_are_written_at_the_end() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let key = "Zk3p0QvT8mB1yLx7Hc5sWd2Rf9uJa4Ne6Gi0Ko1P";
    assert_eq!(ask(&server, "POST /api/me", &[("x-api-key", key)], "").status, 200);
    // At once, so that no tick of the job comes first.
    server.stop();
    let used: i64 = database(&home.path("herald-demo"))
        .query_row("SELECT COUNT(*) FROM tokens WHERE last_used_at IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(used, 1);
}
