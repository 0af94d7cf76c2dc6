//! Many at once: one administrator always stays, an invitation is accepted once, a quota holds.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{Engine, Server, on_both_engines};
use tokio::task::JoinSet;

use super::{PASSWORD, accept, ask, company, hire, invite, sign_in};

on_both_engines!(
    two_administrators_demote_each_other_by_two_dialects,
    one_of_thirty_two_accepts,
    a_quota_holds_whoever_fills_it,
);

async fn administrators(server: &Server) -> Vec<Vec<Option<String>>> {
    server
        .sql(
            "SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id \
             JOIN membership_roles mr ON mr.user_id = m.user_id AND mr.tenant_id = m.tenant_id \
             JOIN roles r ON r.id = mr.role_id JOIN tenants t ON t.id = m.tenant_id \
             WHERE t.key = 'acme' AND r.key = 'admin' ORDER BY u.email",
        )
        .await
}

async fn two_administrators_demote_each_other_by_two_dialects(engine: Engine) {
    let server = Arc::new(Server::on(engine).await);
    let ada = company(&server).await;
    let bob = hire(&server, &ada, ("bob", "admin")).await;
    let root = server.root().await;
    let her = server.user_id(&ada.email).await.to_string();
    for round in 0..8 {
        let (one, other) = (sign_in(&server, &ada.email).await, sign_in(&server, "bob@acme.example").await);
        let (mut all, body) = (JoinSet::new(), json!({"roles": ["guest"]}));
        let (at, line) = (Arc::clone(&server), format!("PATCH /v1/tenants/acme/members/{bob}"));
        all.spawn(async move { ask(&at, &one, &line, body).await.status.as_u16() });
        let at = Arc::clone(&server);
        all.spawn(async move {
            let line = "PUT /api/users/ada@acme.example";
            ask(&at, &other, line, json!({"role": "view"})).await.status.as_u16()
        });
        let statuses = all.join_all().await;
        let left = administrators(&server).await;
        assert_eq!(left.len(), 1, "round {round}: {statuses:?} left {left:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        for id in [&bob, &her] {
            let line = format!("PATCH /v1/tenants/acme/members/{id}");
            ask(&server, &root, &line, json!({"roles": ["admin"]})).await.expect(200);
        }
    }
}

async fn one_of_thirty_two_accepts(engine: Engine) {
    let server = Arc::new(Server::on(engine).await);
    let ada = company(&server).await;
    let token = invite(&server, &ada, ("many@acme.example", "member")).await;
    let mut all = JoinSet::new();
    for _ in 0..32 {
        let (server, token) = (Arc::clone(&server), token.clone());
        all.spawn(async move { accept(&server, &token).await.status.as_u16() });
    }
    let mut statuses = all.join_all().await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], statuses[1]), (200, 400), "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| *status == 400), "{statuses:?}");
    let made = "SELECT COUNT(*) FROM users WHERE email = 'many@acme.example'";
    assert_eq!(server.sql(made).await, [[Some("1".to_owned())]]);
}

/// What users may be made by over HTTP: the own API, and invitations that wait.
async fn a_quota_holds_whoever_fills_it(engine: Engine) {
    let server = Arc::new(Server::on(engine).await);
    let ada = company(&server).await;
    let root = server.root().await;
    let mut waiting = Vec::new();
    for n in 0..8 {
        waiting.push(invite(&server, &ada, (&format!("i{n}@acme.example"), "member")).await);
    }
    ask(&server, &root, "PATCH /v1/tenants/acme", json!({"quotas": {"users": 6}})).await.expect(200);
    let mut all = JoinSet::new();
    for (n, token) in waiting.into_iter().enumerate() {
        let (at, by) = (Arc::clone(&server), ada.clone());
        all.spawn(async move {
            let body = json!({"email": format!("c{n}@acme.example"), "password": PASSWORD, "tenant": "acme",
                "roles": ["member"]});
            ask(&at, &by, "POST /v1/users", body).await.status.as_u16()
        });
        let at = Arc::clone(&server);
        all.spawn(async move { accept(&at, &token).await.status.as_u16() });
    }
    let statuses = all.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status < 300).count(), 5, "{statuses:?}");
    let members = ask(&server, &ada, "GET /v1/tenants/acme/members", Value::Null).await.expect(200).json();
    assert_eq!(members["items"].as_array().unwrap().len(), 6, "one was there");
}
