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

pub fn run() -> Outcome {
    let mut late = Vec::new();
    for rows in [Rows::sqlite()?, Rows::postgres()?] {
        Server::start_on(&rows, WORLD)?.kill()?;
        people(&rows, ROWS, &[("large", ROWS)])?;
        rows.run(&credentials(&rows))?;
        let server = Server::start_on(&rows, WORLD)?;
        let operator = server.sign_in_to(EMAIL, PASSWORD, None)?;
        let client = rows.text("SELECT id FROM clients WHERE client_id = 'busy'")?;
        for (what, path) in [
            ("a client with 100,000 sessions and access tokens", format!("/v1/clients/{client}")),
            ("a tenant with 100,000 members, keys and endpoints", "/v1/tenants/large".to_owned()),
        ] {
            let (took, mut waits) = delete(&server, &operator, &path)?;
            let worst = quantile(&mut waits, 1.0);
            let engine = rows.engine();
            say(&format!(
                "{engine:10} {what}: {took:.1?}; {} other writes meanwhile, median {:.1?}, at worst {worst:.0?} (goal: {GOAL:.0?})",
                waits.len(),
                quantile(&mut waits, 0.5)
            ));
            if worst > GOAL {
                late.push(format!("{what} on {engine}"));
            }
        }
    }
    if late.is_empty() { Ok(()) } else { Err(format!("kept others waiting: {}", late.join(", "))) }
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

/// How long it took, and each write of another client meanwhile.
fn delete(server: &Server, token: &str, path: &str) -> Result<(Duration, Vec<Duration>), String> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| write(server, token, &over));
        // The first write finds everything as it will be.
        wait(Duration::from_millis(200));
        let begun = now();
        let answer = server.client().and_then(|mut client| client.send("DELETE", path, token, None));
        let took = now() - begun;
        over.store(true, Ordering::Release);
        let waits = writing.join().map_err(|_| "the writer panicked")??;
        let status = answer?.status;
        if status == 204 { Ok((took, waits)) } else { Err(format!("{path} answered {status}")) }
    })
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
