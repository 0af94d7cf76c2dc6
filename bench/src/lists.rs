//! Pages of the members of a large tenant, and searches among a million, by a prefix and by a pattern: one call after the
//! other, on both engines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::report::{Outcome, quantile, say};
use crate::rows::Rows;
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
    let mut held = true;
    for rows in [Rows::sqlite()?, Rows::postgres()?] {
        say(&format!("on {}:", rows.engine()));
        held &= on(&rows)?;
    }
    if held { Ok(()) } else { Err("a list took longer than its goal".to_owned()) }
}

fn on(rows: &Rows) -> Result<bool, String> {
    Server::start_on(rows, WORLD)?.kill()?;
    people(rows, USERS, &[("million", USERS), ("large", MEMBERS)])?;
    let server = Server::start_on(rows, WORLD)?;
    let operator = server.sign_in_to(EMAIL, PASSWORD, None)?;
    let member = server.sign_in_to(EMAIL, PASSWORD, Some("million"))?;
    let page = |_: usize, next: &str| format!("/v1/tenants/large/members?limit=200{next}");
    let users = |n: usize, _: &str| format!("/v1/users?limit=200&search=p0{:04}", n * 499 % 9_900);
    let pattern = |n: usize, _: &str| format!("/api/users/p0{:04}*", n * 499 % 9_900);
    let thousand = |n: usize, _: &str| format!("/api/users/p0{:03}*", n * 49 % 900);
    let domain = |_: usize, _: &str| "/api/users/*@people.example".to_owned();
    let inner = |n: usize, _: &str| format!("/api/users/*{:04}@*", n * 499 % 9_900);
    let held = [
        time(&server, ("200 of 100,000 members", CALLS), &operator, (&page, Some(PAGE)))?,
        walk(&server, &operator)?,
        time(&server, ("/v1/users?search= in a million", CALLS), &operator, (&users, Some(SEARCH)))?,
        time(&server, ("Aegis, prefix of 100 in a million", CALLS), &member, (&pattern, Some(SEARCH)))?,
        time(&server, ("Aegis, prefix of 1,000 in a million", CALLS), &member, (&thousand, Some(SEARCH)))?,
        time(&server, ("Aegis, *@domain of a million", CALLS / 10), &member, (&domain, None))?,
        time(&server, ("Aegis, *x*, all of a million looked at", CALLS / 10), &member, (&inner, None))?,
    ];
    Ok(held.iter().all(|held| *held))
}

/// All members page by page, while others leave and join again: everybody else is met once.
fn walk(server: &Server, token: &str) -> Result<bool, String> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let moving = scope.spawn(|| come_and_go(server, token, &over));
        let walked = pages(server, token);
        over.store(true, Ordering::Release);
        let moved = moving.join().map_err(|_| "the mover panicked")??;
        let (met, mut took) = walked?;
        let whole: Duration = took.iter().sum();
        let mut stayed = met.iter().filter(|(email, _)| !moved.contains(*email));
        let once = stayed.all(|(_, times)| *times == 1);
        let missed = (MEMBERS as usize + 1).saturating_sub(met.len());
        if !once || missed > moved.len() {
            return Err(format!("the walk met {} members, and somebody twice or not at all", met.len()));
        }
        let (median, late) = (quantile(&mut took, 0.5), quantile(&mut took, 0.99));
        say(&format!(
            "{:40} {:4} pages  median {median:.2?}   p99 {late:.2?}   whole {whole:.2?}, {} left and came back",
            "all 100,000 while members come and go",
            took.len(),
            moved.len()
        ));
        Ok(median <= PAGE)
    })
}

/// How often each address was met, and how long each page took.
type Walked = (BTreeMap<String, u32>, Vec<Duration>);

fn pages(server: &Server, token: &str) -> Result<Walked, String> {
    let mut client = server.client()?;
    let (mut met, mut took, mut next) = (BTreeMap::new(), Vec::new(), String::new());
    loop {
        let begun = now();
        let answer =
            client.send("GET", &format!("/v1/tenants/large/members?limit=200{next}"), token, None)?;
        took.push(now() - begun);
        let items = answer.body.get("items").and_then(|items| items.as_array()).ok_or("no list")?;
        for item in items {
            let email = item.pointer("/user/email").and_then(|email| email.as_str()).unwrap_or_default();
            *met.entry(email.to_owned()).or_default() += 1;
        }
        let Some(cursor) = answer.body.get("next").and_then(|next| next.as_str()) else { break };
        next = format!("&after={cursor}");
    }
    Ok((met, took))
}

/// Who left and came back.
fn come_and_go(server: &Server, token: &str, over: &AtomicBool) -> Result<BTreeSet<String>, String> {
    let mut client = server.client()?;
    let mut moved = BTreeSet::new();
    for n in 0..MEMBERS {
        if over.load(Ordering::Acquire) {
            break;
        }
        let email = format!("p{:07}@people.example", n * 7_919 % MEMBERS + 1);
        let answer = client.send("GET", &format!("/v1/tenants/large/members?search={email}"), token, None)?;
        let id = answer.body.pointer("/items/0/user/id").and_then(|id| id.as_str()).ok_or("nobody there")?;
        let path = "/v1/tenants/large/members";
        let gone = client.send("DELETE", &format!("{path}/{id}"), token, None)?;
        let back = client.send("POST", path, token, Some(&json!({"email": email})))?;
        if (gone.status, back.status) != (204, 201) {
            return Err(format!("leaving answered {}, joining {}", gone.status, back.status));
        }
        moved.insert(email);
    }
    Ok(moved)
}

/// The path of the n-th call.
type Path<'p> = &'p dyn Fn(usize, &str) -> String;

/// Median and p99 of the calls, each with the `next` of the one before at hand; whether the median is within the goal.
fn time(
    server: &Server,
    (what, calls): (&str, usize),
    token: &str,
    (path, goal): (Path<'_>, Option<Duration>),
) -> Result<bool, String> {
    let mut client = server.client()?;
    let mut took = Vec::new();
    let (mut rows, mut next) = (0, String::new());
    for n in 0..calls {
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
    let wanted = goal.map_or("none".to_owned(), |goal| format!("{goal:.0?}"));
    say(&format!("{what:40} {rows:4} rows   median {median:.2?}   p99 {late:.2?}   goal {wanted}"));
    Ok(goal.is_none_or(|goal| median <= goal))
}
