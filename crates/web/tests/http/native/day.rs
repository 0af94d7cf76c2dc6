//! A day in the life of an installation: a company comes, people join and leave, things are lost, and somebody asks why.

mod at_once;
mod ends;
mod why;

use serde_json::{Value, json};
use testkit::{Actor, Engine, Server, on_both_engines};

use super::tenants::{ask, refusal};

on_both_engines!(a_company_of_thirty_is_set_up_by_its_own_administrator, last_ones_stay_and_quotas_hold);

const PASSWORD: &str = "a password of the first day";

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

async fn sign_in(server: &Server, email: &str) -> Actor {
    let body = json!({"email": email, "password": PASSWORD});
    let signed = server.post("/v1/sign-in").json(&body).send().await.expect(200).json();
    Actor {
        email: email.to_owned(),
        token: text(&signed, "access_token"),
        session_id: text(&signed, "session_id"),
    }
}

/// Acme and its subsidiary, made by the operator; ada administers both, and signed in to acme.
async fn company(server: &Server) -> Actor {
    let root = server.root().await;
    for (key, name) in [("acme", "Acme"), ("acme-lab", "Acme Lab")] {
        let body = json!({"key": key, "name": name, "quotas": {"users": 40}});
        ask(server, &root, "POST /v1/tenants", body).await.expect(201);
    }
    let ada =
        json!({"email": "ada@acme.example", "password": PASSWORD, "tenant": "acme", "roles": ["admin"]});
    ask(server, &root, "POST /v1/users", ada).await.expect(201);
    let also = json!({"email": "ada@acme.example", "roles": ["admin"]});
    ask(server, &root, "POST /v1/tenants/acme-lab/members", also).await.expect(201);
    sign_in(server, "ada@acme.example").await
}

/// Makes a member of acme who can sign in; the id.
async fn hire(server: &Server, by: &Actor, (name, role): (&str, &str)) -> String {
    let body = json!({"email": format!("{name}@acme.example"), "password": PASSWORD, "tenant": "acme", "roles": [role]});
    text(&ask(server, by, "POST /v1/users", body).await.expect(201).json(), "id")
}

/// Invites, and gives the token of the link.
async fn invite(server: &Server, by: &Actor, (email, role): (&str, &str)) -> String {
    let body = json!({"email": email, "roles": [role]});
    let made = ask(server, by, "POST /v1/tenants/acme/invitations", body).await.expect(201).json();
    text(&made, "link").split_once("#token=").unwrap().1.to_owned()
}

async fn accept(server: &Server, token: &str) -> testkit::Answer {
    let body = json!({"token": token, "password": PASSWORD});
    server.post("/v1/invitations/accept").json(&body).send().await
}

async fn a_company_of_thirty_is_set_up_by_its_own_administrator(engine: Engine) {
    let server = Server::on(engine).await;
    let ada = company(&server).await;
    for site in ["lis", "osl"] {
        let body = json!({"key": site, "name": site});
        ask(&server, &ada, "POST /v1/tenants/acme/sites", body).await.expect(201);
    }
    let role = json!({"key": "clerk", "name": "Clerk", "base": "member", "permissions": ["audit:read"]});
    ask(&server, &ada, "POST /v1/roles", role).await.expect(201);
    for n in 0..15 {
        hire(&server, &ada, (&format!("made{n:02}"), "clerk")).await;
        let email = format!("invited{n:02}@acme.example");
        let token = invite(&server, &ada, (&email, "member")).await;
        accept(&server, &token).await.expect(200);
    }
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let line = format!("GET /v1/tenants/acme/members?limit=7{after}");
        let page = ask(&server, &ada, &line, Value::Null).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| text(&item["user"], "email")));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen.len(), 31);
    assert!(seen.is_sorted());
    let made = sign_in(&server, "made03@acme.example").await;
    ask(&server, &made, "GET /v1/audit?limit=1", Value::Null).await.expect(200);
    let invited = sign_in(&server, "invited03@acme.example").await;
    let audit = ask(&server, &invited, "GET /v1/audit", Value::Null).await;
    assert_eq!(refusal(&audit).0, 403, "the custom role grants it, and the member's does not");
}

async fn last_ones_stay_and_quotas_hold(engine: Engine) {
    let server = Server::on(engine).await;
    let ada = company(&server).await;
    let root = server.root().await;
    let her = format!("/v1/tenants/acme/members/{}", server.user_id(&ada.email).await);
    for (method, body) in
        [("PATCH", json!({"roles": ["guest"]})), ("PATCH", json!({"active": false})), ("DELETE", Value::Null)]
    {
        let answer = ask(&server, &ada, &format!("{method} {her}"), body).await;
        assert_eq!(refusal(&answer), (409, "last_administrator".to_owned()), "{method}");
    }
    let full = json!({"quotas": {"users": 3}});
    ask(&server, &root, "PATCH /v1/tenants/acme", full).await.expect(200);
    hire(&server, &ada, ("bob", "member")).await;
    let waiting = invite(&server, &ada, ("eve@acme.example", "member")).await;
    hire(&server, &ada, ("cat", "member")).await;
    let body = json!({"email": "dan@acme.example", "tenant": "acme", "roles": ["member"]});
    let refused = ask(&server, &ada, "POST /v1/users", body).await;
    assert_eq!(refusal(&refused), (403, "quota_exceeded".to_owned()));
    let body = json!({"email": "dan@acme.example", "roles": ["member"]});
    let refused = ask(&server, &ada, "POST /v1/tenants/acme/invitations", body).await;
    assert_eq!(refusal(&refused), (403, "quota_exceeded".to_owned()));
    assert!(!accept(&server, &waiting).await.status.is_success(), "no room for who was invited before");
    let cat = server.user_id("cat@acme.example").await;
    ask(&server, &ada, &format!("DELETE /v1/tenants/acme/members/{cat}"), Value::Null).await.expect(204);
    accept(&server, &waiting).await.expect(200);
}
