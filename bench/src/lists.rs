//! A page of the members of a large tenant, and searches by a prefix among a million: one call after the other.

use std::time::Duration;

use crate::report::{Outcome, quantile, say};
use crate::seed::people;
use crate::server::{EMAIL, PASSWORD, Server, now};

/// A million in one tenant, a hundred thousand in another; one who administers both runs the installation, too.
const WORLD: &str = r#"
[[tenant]]
key = "million"
name = "Million"
[[tenant]]
key = "large"
name = "Large"
[[user]]
email = "ada@bench.example"
password = "a password for the bench"
operator = true
default_tenant = "million"
[[user.membership]]
tenant = "million"
roles = ["admin"]
[[user.membership]]
tenant = "large"
roles = ["admin"]
"#;
const USERS: u32 = 1_000_000;
const MEMBERS: u32 = 100_000;
const CALLS: usize = 200;
const PAGE: Duration = Duration::from_millis(10);
const SEARCH: Duration = Duration::from_millis(20);

pub fn run() -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let data = folder.path().join("data");
    Server::start_with(&data, WORLD)?.kill()?;
    people(&data, USERS, &[("million", USERS), ("large", MEMBERS)])?;
    let server = Server::start_with(&data, WORLD)?;
    let operator = server.sign_in_to(EMAIL, PASSWORD, None)?;
    let member = server.sign_in_to(EMAIL, PASSWORD, Some("million"))?;
    let page = |_: usize, next: &str| format!("/v1/tenants/large/members?limit=200{next}");
    let users = |n: usize, _: &str| format!("/v1/users?limit=200&search=p0{:04}", n * 499 % 9_900);
    let pattern = |n: usize, _: &str| format!("/api/users/p0{:04}*", n * 499 % 9_900);
    let thousand = |n: usize, _: &str| format!("/api/users/p0{:03}*", n * 49 % 900);
    let held = [
        time(&server, "200 of 100,000 members", &operator, (&page, PAGE))?,
        time(&server, "/v1/users?search= in a million", &operator, (&users, SEARCH))?,
        time(&server, "Aegis, prefix of 100 in a million", &member, (&pattern, SEARCH))?,
        time(&server, "Aegis, prefix of 1,000 in a million", &member, (&thousand, SEARCH))?,
    ];
    if held.iter().all(|held| *held) { Ok(()) } else { Err("a list took longer than its goal".to_owned()) }
}

/// The path of the n-th call.
type Path<'p> = &'p dyn Fn(usize, &str) -> String;

/// Median and p99 of the calls, each with the `next` of the one before at hand; whether the median is within the goal.
fn time(
    server: &Server,
    what: &str,
    token: &str,
    (path, goal): (Path<'_>, Duration),
) -> Result<bool, String> {
    let mut client = server.client()?;
    let mut took = Vec::new();
    let (mut rows, mut next) = (0, String::new());
    for n in 0..CALLS {
        let path = path(n, &next);
        let begun = now();
        let answer = client.send("GET", &path, token, None)?;
        took.push(now() - begun);
        let items = answer.body.get("items").unwrap_or(&answer.body).as_array().map_or(0, Vec::len);
        if answer.status != 200 || items == 0 {
            return Err(format!("{path} answered {} with {items} rows", answer.status));
        }
        rows = rows.max(items);
        let cursor = answer.body.get("next").and_then(|next| next.as_str());
        next = cursor.map(|cursor| format!("&after={cursor}")).unwrap_or_default();
    }
    let (median, late) = (quantile(&mut took, 0.5), quantile(&mut took, 0.99));
    say(&format!("{what:36} {rows:4} rows   median {median:.2?}   p99 {late:.2?}   goal {goal:.0?}"));
    Ok(median <= goal)
}
