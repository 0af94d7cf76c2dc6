//! Each route asks for its permission, and for that one: whoever has all the others is refused, and it alone is enough.

use axum::http::Method;
use domain::permission::CATALOGUE;
use testkit::{Engine, Server, demo};

use super::forms::is_refusal;
use super::names::Names;
use super::rows::{Row, rows};
use super::{ask, kept};
use crate::held::{Kind, address, hire};

/// Makes a role of northwind with these permissions, which may give the built-in ones; and somebody who has it.
async fn holder(server: &Server, name: &str, permissions: &[&str]) -> String {
    let assigns = r#"["admin", "member", "developer", "guest", "threat_engineer", "threat_viewer"]"#;
    let role = format!(
        "[[role]]\nkey = \"{name}\"\ntenant = \"northwind\"\npermissions = {permissions:?}\nassigns = {assigns}\nlevel = 0\n"
    );
    server.apply(&role).await;
    hire(server, name, demo::NORTHWIND, name).await
}

fn all_but(permission: &str) -> Vec<&'static str> {
    let keys = CATALOGUE.iter().map(|(key, _)| key.as_str());
    keys.chain(["devices:read", "devices:write"]).filter(|key| *key != permission).collect()
}

/// Who has everything but that. No role has what is the operators'.
fn without(permission: &str) -> String {
    let (resource, verb) = permission.split_once(':').unwrap();
    if resource == "installation" { "but-nothing".into() } else { format!("but-{resource}.{verb}") }
}

fn guarded() -> impl Iterator<Item = (Row, &'static str)> {
    rows().into_iter().filter_map(|row| row.asks.map(|asks| (row, asks)))
}

#[tokio::test]
async fn everything_but_what_is_asked_for_is_not_enough() {
    let server = Server::on(Engine::Sqlite).await;
    let names = Names::theirs(&server, false).await;
    holder(&server, "but-nothing", &all_but("")).await;
    for (permission, _) in CATALOGUE {
        holder(&server, &without(permission.as_str()), &all_but(permission.as_str())).await;
    }
    for (row, asks) in guarded() {
        let session = Kind::Session.of(&server, &address(&without(asks)), 0).await;
        let asked = format!("{} {} without {asks}", row.method, row.path);
        let before = kept::rows(&server).await;
        let answer = ask(&server, &row, (&names, row.body), Some(&session)).await;
        kept::unchanged(&before, &kept::rows(&server).await, &asked);
        assert_eq!(answer.status.as_u16(), row.lacks, "{asked}: {}", answer.text());
        is_refusal(row.face(), &answer, &asked);
    }
}

/// Whether somebody with these permissions alone is let through; what was answered.
async fn gets_through(server: &Server, row: &Row, permissions: &[&str]) -> (bool, String) {
    let names = Names::theirs(server, false).await;
    let name = permissions.join("-").replace(':', ".").replace('*', "all");
    let email = holder(server, &name, permissions).await;
    let session = Kind::Session.of(server, &email, 0).await;
    let answer = ask(server, row, (&names, row.body), Some(&session)).await;
    (!matches!(answer.status.as_u16(), 401 | 403), answer.text())
}

#[tokio::test]
async fn what_is_asked_for_is_enough() {
    let mut faults = Vec::new();
    // What reads changes nothing for those who come after.
    let reading = Server::on(Engine::Sqlite).await;
    for (row, asks) in guarded().filter(|(_, asks)| !asks.starts_with("installation:")) {
        let writing = if row.method == Method::GET { None } else { Some(Server::on(Engine::Sqlite).await) };
        let server = writing.as_ref().unwrap_or(&reading);
        let alone = gets_through(server, &row, &[asks]).await;
        let both = match row.also {
            Some(also) => Some(gets_through(server, &row, &[asks, also]).await),
            None => None,
        };
        if alone.0 == both.is_some() || both.as_ref().is_some_and(|(through, _)| !through) {
            faults.push(format!("{} {} with {asks}: {alone:?}, with more: {both:?}", row.method, row.path));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
