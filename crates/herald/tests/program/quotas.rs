//! The one user or token too many, whoever asks for it: processes of the command line and callers of a server at once.

use std::thread;

use postgres_on_demand::database;

use super::http::{ask, ask_at};
use super::program::{Home, Ran, Server};

const OTTO: &str = "Ot5n8BvC2xZ6lK9jH3gF7dS1aP4oI0uY6tR2eW5q";
/// Contoso may have five of each, and has two users and one token.
const USERS_LEFT: usize = 3;
const TOKENS_LEFT: usize = 4;

/// A server with the demo's world, and what its commands have in common.
struct Place<'p> {
    home: Home,
    store: &'p [&'p str],
}

impl Place<'_> {
    fn serve(&self) -> Server {
        self.home.write("demo.toml", include_str!("../../../../demo.toml"));
        self.home.start(&[&["serve", "--world", "demo.toml"], self.store].concat())
    }

    fn mint(&self) -> Ran {
        let mint = ["token", "mint", "--tenant", "contoso", "--owner", "otto.vance@contoso.example"];
        self.home.run(&[&mint[..], self.store].concat())
    }

    fn add(&self, email: &str) -> Ran {
        let add = ["user", "add", email, "--tenant", "contoso", "--role", "guest", "--password-stdin"];
        self.home.run_with(&[&add[..], self.store].concat(), "one user too many", &[])
    }
}

/// By Aegis; whether there was room.
fn sign(url: &str) -> bool {
    let headers = [("authorization", &*format!("Bearer {OTTO}"))];
    let answer = ask_at(url, "POST /api/tokens/local", &headers, r#"{"role":"view"}"#);
    let told = (answer.status, answer.body["message"].as_str());
    assert!(told == (200, None) || told == (403, Some("quota exceeded: api_tokens")), "{told:?}");
    answer.status == 200
}

/// By `/v1`; the same.
fn create(url: &str, email: &str) -> bool {
    let headers = [("authorization", &*format!("Bearer {OTTO}")), ("content-type", "application/json")];
    let body = serde_json::json!({"email": email, "tenant": "contoso", "roles": ["guest"]}).to_string();
    let answer = ask_at(url, "POST /v1/users", &headers, &body);
    let told = (answer.status, answer.body["code"].as_str());
    assert!(told == (201, None) || told == (403, Some("quota_exceeded")), "{told:?}");
    answer.status == 201
}

/// Whether there was room for what a command was to make.
fn made(ran: &Ran, of: &str) -> bool {
    let said = format!(
        "herald: the tenant's quota of {of} is reached; raise it in a world file and `herald apply` it\n"
    );
    match ran.code {
        Some(0) => true,
        Some(1) if ran.err == said && ran.out.is_empty() => false,
        _ => panic!("{ran:?}"),
    }
}

fn ten_at_once(store: &[&str]) {
    let place = Place { home: Home::new(), store };
    let server = place.serve();
    let count = |tries: Vec<bool>| tries.into_iter().filter(|made| *made).count();
    let tokens = thread::scope(|all| {
        let tries: Vec<_> = (0..10)
            .map(|at| {
                let (place, url) = (&place, &server.url);
                all.spawn(move || if at % 2 == 0 { sign(url) } else { made(&place.mint(), "API tokens") })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(count(tokens), TOKENS_LEFT);
    let users = thread::scope(|all| {
        let tries: Vec<_> =
            (0..10)
                .map(|at| {
                    let (place, url, email) = (&place, &server.url, format!("u{at}@contoso.example"));
                    all.spawn(move || {
                        if at % 2 == 0 { create(url, &email) } else { made(&place.add(&email), "users") }
                    })
                })
                .collect();
        tries.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(count(users), USERS_LEFT);
    // Both are full now, and it is not that they are full for one of the ways alone.
    assert!(!sign(&server.url) && !made(&place.mint(), "API tokens"));
    assert!(
        !create(&server.url, "late@contoso.example") && !made(&place.add("later@contoso.example"), "users")
    );
    let used = ask(&server, "GET /account/me", &[("x-api-key", OTTO)], "").body["quotas"].clone();
    let full = serde_json::json!({"limit": 5, "used": 5});
    assert_eq!((&used["users"], &used["api_tokens"]), (&full, &full));
}

#[test]
fn ten_at_once_on_sqlite() {
    ten_at_once(&[]);
}

#[test]
fn ten_at_once_on_postgresql() {
    let database = database("quotas");
    ten_at_once(&["--database-url", database.url()]);
}

/// Whoever is locked out of everything gets in again, however full the tenants are; so does who has no quota.
#[test]
fn an_operator_has_no_quota() {
    let place = Place { home: Home::new(), store: &[] };
    let _server = place.serve();
    for at in 0..USERS_LEFT {
        assert!(made(&place.add(&format!("u{at}@contoso.example")), "users"));
    }
    assert!(!made(&place.add("full@contoso.example"), "users"));
    let add = ["user", "add", "second@herald.example", "--operator", "--password-stdin"];
    assert!(made(&place.home.run_with(&add, "another lamp at the pier", &[]), "users"));
    let elsewhere = ["user", "add", "full@contoso.example", "--tenant", "northwind", "--role", "guest"];
    let elsewhere = [&elsewhere[..], &["--password-stdin"]].concat();
    assert!(made(&place.home.run_with(&elsewhere, "room enough over there", &[]), "users"));
}
