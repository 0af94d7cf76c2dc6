//! `herald demo`, as somebody sees it who has just built it.

use std::process::Command;

use super::http::sign_in;
use super::program::{Home, Server};

pub const MIRA: (&str, &str) = ("mira.holt@northwind.example", "correct horse battery staple");

fn pasted(line: &str) -> serde_json::Value {
    let output = Command::new("sh").args(["-c", line]).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn tries(server: &Server) -> Vec<&String> {
    server.said.iter().filter(|line| line.starts_with("curl ")).collect()
}

#[test]
fn its_three_lines_work_as_printed() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let tries = tries(&server);
    assert_eq!(tries.len(), 3, "{:?}", server.said);
    assert!(tries.iter().all(|line| line.contains(&server.url)), "the address is the bound one: {tries:?}");
    let (who, akto, token) = (pasted(tries[0]), pasted(tries[1]), pasted(tries[2]));
    assert!(who.to_string().contains(MIRA.0), "{who}");
    assert_eq!(akto["user"]["login"], MIRA.0, "{akto}");
    assert_eq!(token["token_type"], "bearer", "{token}");
    server.stop();
}

#[test]
fn it_prints_everybody_and_every_key() {
    let home = Home::new();
    let server = home.start(&["demo"]);
    let said = server.said.join("\n");
    let mut secrets = 0;
    for line in include_str!("../../../../demo.toml").lines() {
        let Some((key, value)) = line.split_once(" = ") else { continue };
        if ["email", "password", "secret", "totp_secret"].contains(&key) {
            assert!(said.contains(value.trim_matches('"')), "{line} is not printed: {said}");
            secrets += 1;
        }
    }
    assert!(secrets > 15);
}

#[test]
fn it_is_kept_until_fresh() {
    let home = Home::new();
    home.start(&["demo"]).stop();
    assert!(home.path("herald-demo/herald.db").exists());
    let set = home.run_with(
        &["user", "password", MIRA.0, "--password-stdin", "--data", "herald-demo"],
        "another horse altogether\n",
        &[],
    );
    assert_eq!(set.code, Some(0), "{}", set.err);
    let again = home.start(&["demo"]);
    assert_eq!(sign_in(&again, MIRA.0, MIRA.1).status, 401);
    assert_eq!(sign_in(&again, MIRA.0, "another horse altogether").status, 200);
    again.stop();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = home.run(&["demo", "--fresh", "--listen", &address]);
    assert!(ran.code == Some(1) && ran.err.contains("the port is in use"), "{ran:?}");
    assert!(home.path("herald-demo/herald.db").exists(), "nothing is thrown away for a start that cannot be");
    let fresh = home.start(&["demo", "--fresh"]);
    assert_eq!(sign_in(&fresh, MIRA.0, MIRA.1).status, 200);
}

#[test]
fn what_is_published_stays_out_of_real_stores() {
    let home = Home::new();
    home.start(&["serve", "--data", "real"]).stop();
    let ran = home.run(&["demo", "--data", "real", "--fresh"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("real is no demo folder"), "{}", ran.err);
    let users = home.run(&["user", "list", "--data", "real"]);
    assert_eq!(users.out, "admin@localhost\t-\toperator\n");
    let ran = home.run(&["demo", "--database-url", "postgres://h@127.0.0.1:1/h"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("take `database_url` away"), "{}", ran.err);
}
