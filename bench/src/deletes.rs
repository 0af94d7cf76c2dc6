//! Deleting what a hundred thousand rows hang on, while somebody else writes: how long others wait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::report::{Outcome, quantile, say};
use crate::rows::Rows;
use crate::seed::people;
use crate::server::{EMAIL, PASSWORD, Server, now, wait};

const WORLD: &str = r#"
[[tenant]]
key = "small"
name = "Small"
[[tenant]]
key = "large"
name = "Large"
[[client]]
id = "busy"
secret = "a secret for the bench that is long enough"
grants = ["password", "refresh_token"]
scopes = ["read"]
[[user]]
email = "ada@bench.example"
password = "a password for the bench"
operator = true
default_tenant = "small"
[[user.membership]]
tenant = "small"
roles = ["admin"]
"#;
const ROWS: u32 = 100_000;
/// What another writer may have to wait.
const GOAL: Duration = Duration::from_secs(1);

/// What hangs on either: rows are counted in the store, since no API shows them any more.
const LEFT: &str = "SELECT (SELECT COUNT(*) FROM sessions WHERE client_id IS NOT NULL) \
    + (SELECT COUNT(*) FROM access_tokens) + (SELECT COUNT(*) FROM tokens) + (SELECT COUNT(*) FROM endpoints) \
    + (SELECT COUNT(*) FROM memberships WHERE user_id IN (SELECT id FROM users WHERE number > 1000000))";
/// How much of it is the client's.
const OF_CLIENT: i64 = 2 * ROWS as i64;
/// Until the sweep is through; it begins within a minute.
const PATIENCE: Duration = Duration::from_mins(15);

pub fn run() -> Outcome {
    let mut late = Vec::new();
    for rows in [Rows::sqlite()?, Rows::postgres()?] {
        Server::start_on(&rows, WORLD)?.kill()?;
        people(&rows, ROWS, &[("large", ROWS)])?;
        rows.run(&credentials(&rows))?;
        let server = Server::start_on(&rows, WORLD)?;
        let operator = server.sign_in_to(EMAIL, PASSWORD, None)?;
        let client = rows.text("SELECT id FROM clients WHERE client_id = 'busy'")?;
        let all = rows.number(LEFT)?;
        for (what, path, left) in [
            (
                "a client with 100,000 sessions and access tokens",
                format!("/v1/clients/{client}"),
                all - OF_CLIENT,
            ),
            ("a tenant with 100,000 members, keys and endpoints", "/v1/tenants/large".to_owned(), 0),
        ] {
            let Deleted { answer, swept, mut waits } = delete((&server, &rows), &operator, &path, left)?;
            let worst = quantile(&mut waits, 1.0);
            let engine = rows.engine();
            say(&format!(
                "{engine:10} {what}: answered in {answer:.1?}, swept after {swept:.0?}; {} other writes meanwhile, \
                 median {:.1?}, at worst {worst:.0?} (goal: {GOAL:.0?})",
                waits.len(),
                quantile(&mut waits, 0.5)
            ));
            if worst.max(answer) > GOAL {
                late.push(format!("{what} on {engine}"));
            }
        }
    }
    if late.is_empty() { Ok(()) } else { Err(format!("took too long: {}", late.join(", "))) }
}

/// A session, an access token and a key of everybody, and as many endpoints.
fn credentials(rows: &Rows) -> String {
    let (id, digest) = (rows.some_id(), rows.some_digest());
    let from = "FROM users u, tenants t WHERE t.key = 'large' AND u.number > 1000000";
    let client = "(SELECT id FROM clients WHERE client_id = 'busy')";
    let end = 4_000_000_000_000_000_i64;
    format!(
        "INSERT INTO sessions (id, number, user_id, tenant_id, client_id, opening, created_at, last_used_at, \
         expires_at, absolute_until, user_agent, ip, place, mfa) \
         SELECT {id}, u.number, u.id, t.id, {client}, 'oauth', 1, 1, {end}, {end}, '', '', '', FALSE {from}; \
         INSERT INTO access_tokens (id, kind, session_id, client_id, user_id, tenant_id, scope, created_at, expires_at) \
         SELECT {id}, 'oauth', s.id, s.client_id, s.user_id, s.tenant_id, '', 1, {end} FROM sessions s \
         WHERE s.client_id IS NOT NULL; \
         INSERT INTO tokens (id, number, tenant_id, owner_id, kind, name, digest, provider, created_at, origin) \
         SELECT {id}, u.number, t.id, u.id, 'api_key', 'k', {digest}, 'local', 1, '' {from}; \
         INSERT INTO endpoints (id, tenant_id, url, collection, method, access, origin, created_at) \
         SELECT {id}, t.id, '/' || u.email, 1, 'GET', 1, '', 1 {from}"
    )
}

struct Deleted {
    /// Of the request itself.
    answer: Duration,
    /// From the request to the last row.
    swept: Duration,
    /// Of each write of another client meanwhile.
    waits: Vec<Duration>,
}

/// Returns when no more than `left` rows are left of what is counted.
fn delete((server, rows): (&Server, &Rows), token: &str, path: &str, left: i64) -> Result<Deleted, String> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| write(server, token, &over));
        // The first write finds everything as it will be.
        wait(Duration::from_millis(200));
        let begun = now();
        let sent = server.client().and_then(|mut client| client.send("DELETE", path, token, None));
        let answer = now() - begun;
        let through =
            if matches!(&sent, Ok(sent) if sent.status == 204) { until(rows, left) } else { Ok(()) };
        let swept = now() - begun;
        over.store(true, Ordering::Release);
        let waits = writing.join().map_err(|_| "the writer panicked")??;
        through?;
        let status = sent?.status;
        if status == 204 {
            Ok(Deleted { answer, swept, waits })
        } else {
            Err(format!("{path} answered {status}"))
        }
    })
}

fn until(rows: &Rows, left: i64) -> Result<(), String> {
    let begun = now();
    while rows.number(LEFT)? > left {
        if now() - begun > PATIENCE {
            return Err(format!("{} rows are not swept", rows.number(LEFT)? - left));
        }
        // Counting costs, too.
        wait(Duration::from_secs(2));
    }
    Ok(())
}

fn write(server: &Server, token: &str, over: &AtomicBool) -> Result<Vec<Duration>, String> {
    let mut client = server.client()?;
    let mut waits = Vec::new();
    while !over.load(Ordering::Acquire) {
        let begun = now();
        let body = json!({"name": format!("Ada {}", waits.len())});
        let answer = client.send("PATCH", "/v1/me", token, Some(&body))?;
        waits.push(now() - begun);
        if answer.status != 200 {
            return Err(format!("/v1/me answered {}", answer.status));
        }
        wait(Duration::from_millis(5));
    }
    Ok(waits)
}
