//! Long lists are walked while people join, leave and get other addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use serde_json::{Value, json};
use testkit::{Engine, Installation, demo, on_both_engines};

use super::{call, get, served};

on_both_engines! {
    who_stays_is_met_once,
}

/// Members at the beginning: forty pages.
const CROWD: u64 = 8_000;
/// Of each kind that happen between two pages at least.
const BETWEEN: u64 = 4;
/// Of each kind at most, should a walk not end.
const CHANGES: u64 = 4_000;

/// What is changed while others read, and how often it was.
struct Crowd {
    router: Router,
    token: String,
    changes: AtomicU64,
    walked: AtomicBool,
}

impl Crowd {
    /// With every tenth who may leave, and every tenth who may be renamed; the ids of those are in their addresses'
    /// order.
    async fn gathered(it: &Installation) -> Self {
        it.apply("[[tenant]]\nkey = \"crowd\"\nname = \"Crowd\"\n").await;
        let some_id = match it.engine() {
            Engine::Sqlite => "randomblob(16)",
            Engine::Postgres => "gen_random_uuid()",
        };
        it.sql(&format!(
            "INSERT INTO users (id, number, email, name, kind, verified, active, locked, is_operator, super_user, \
             invisible, mfa_bypass, metadata, vendor_metadata, provider, origin, created_at, updated_at) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {CROWD}) \
             SELECT {some_id}, 1000000 + i, 'p' || substr(CAST(10000000 + i AS TEXT), 2) || '@crowd.example', \
             'Somebody', 'USER', TRUE, TRUE, FALSE, FALSE, FALSE, FALSE, FALSE, '{{}}', '{{}}', 'local', '', i, i \
             FROM n; \
             INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at) \
             SELECT u.id, t.id, u.email, TRUE, '', 0 FROM users u, tenants t \
             WHERE t.key = 'crowd' AND u.number > 1000000; \
             INSERT INTO membership_roles (user_id, tenant_id, role_id) SELECT u.id, t.id, r.id \
             FROM users u, tenants t, roles r WHERE t.key = 'crowd' AND u.number > 1000000 \
             AND r.key = 'developer' AND r.tenant_id IS NULL"
        ))
        .await;
        let router = served(it, |config| config.sign_in_per_ip = 0);
        let token = it.sign_in(demo::ROOT).await.token;
        Self { router, token, changes: AtomicU64::new(0), walked: AtomicBool::new(false) }
    }

    /// Ids of those whose number ends in `digit`, in the order of their addresses.
    async fn ending_in(it: &Installation, digit: u64) -> Vec<String> {
        let sql =
            format!("SELECT id FROM users WHERE number > 1000000 AND number % 10 = {digit} ORDER BY number");
        it.sql(&sql).await.into_iter().map(|row| row[0].clone().unwrap()).collect()
    }

    /// Until both walks are over: somebody joins, somebody leaves, somebody gets another address, all over the alphabet.
    async fn changes(&self, leaving: Vec<String>, renamed: Vec<String>) {
        // From both ends and the middle, so that it happens before and behind every reader.
        let spread = |n: usize, of: usize| (n * 619) % of;
        for n in 0..usize::try_from(CHANGES).unwrap().min(leaving.len()) {
            if self.walked.load(Ordering::Acquire) {
                return;
            }
            let letter = char::from(b'a' + u8::try_from(n % 26).unwrap());
            let email = format!("{letter}{n}@joins.example");
            let body = json!({"email": email, "tenant": "crowd"});
            self.call("POST /v1/users", &body, 201).await;
            let gone = &leaving[spread(n, leaving.len())];
            self.call(&format!("DELETE /v1/users/{gone}"), &Value::Null, 204).await;
            let email = format!("{}{n}@renamed.example", if n % 2 == 0 { "a" } else { "z" });
            let other = &renamed[spread(n, renamed.len())];
            self.call(&format!("PATCH /v1/users/{other}"), &json!({"email": email}), 200).await;
            self.changes.fetch_add(1, Ordering::AcqRel);
        }
    }

    async fn call(&self, line: &str, body: &Value, status: u16) {
        let answer = call(&self.router, line, &self.token, body).await;
        assert_eq!(answer.status.as_u16(), status, "{line}: {}", answer.text);
    }

    /// All pages: addresses as met, and how often each id was.
    async fn walk(&self, path: &str) -> (Vec<String>, BTreeMap<String, u32>) {
        let (mut met, mut ids, mut next) = (Vec::new(), BTreeMap::<String, u32>::new(), String::new());
        for page in 0.. {
            assert!(page <= 2 * CROWD / 200, "it does not end");
            let answer = get(&self.router, &format!("{path}?limit=200{next}"), &self.token).await.json();
            for item in answer["items"].as_array().unwrap() {
                let user = item.get("user").unwrap_or(item);
                met.push(user["email"].as_str().unwrap().to_owned());
                *ids.entry(user["id"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            let Some(cursor) = answer["next"].as_str() else { break };
            next = format!("&after={cursor}");
            while self.changes.load(Ordering::Acquire) < page * BETWEEN {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        (met, ids)
    }
}

async fn who_stays_is_met_once(engine: Engine) {
    let it = Installation::on(engine).await;
    let crowd = Crowd::gathered(&it).await;
    let (leaving, renamed) = (Crowd::ending_in(&it, 3).await, Crowd::ending_in(&it, 7).await);
    let moved: BTreeSet<String> = leaving.iter().chain(&renamed).cloned().collect();
    let changing = crowd.changes(leaving, renamed);
    let walking = async {
        let walks = tokio::join!(crowd.walk("/v1/tenants/crowd/members"), crowd.walk("/v1/users"));
        crowd.walked.store(true, Ordering::Release);
        walks
    };
    let walks = tokio::time::timeout(Duration::from_mins(2), async { tokio::join!(changing, walking) });
    let ((), (members, users)) = walks.await.expect("it ends");
    assert!(crowd.changes.load(Ordering::Acquire) >= 100, "they did come and go");
    for (met, ids) in [members, users] {
        assert!(met.is_sorted_by(|a, b| a < b), "no address twice");
        let stayed = it.sql("SELECT id FROM users WHERE number > 1000000 AND number <= 2000000").await;
        let stayed = stayed.into_iter().map(|row| row[0].clone().unwrap()).filter(|id| !moved.contains(id));
        let mut counted = 0;
        for id in stayed {
            assert_eq!(ids.get(&id), Some(&1), "{id}");
            counted += 1;
        }
        assert_eq!(counted, CROWD * 8 / 10);
    }
}
