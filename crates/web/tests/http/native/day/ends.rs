//! A leaver, a stolen laptop, a leaked key, and invitations of somebody who no longer may invite.

use serde_json::{Value, json};
use testkit::{Engine, Server, on_both_engines, seconds};

use super::{accept, ask, company, hire, invite, sign_in, text};

on_both_engines!(
    a_leaver_is_out_at_once_and_stays_elsewhere,
    a_stolen_laptop_is_shut_from_both_sides,
    a_leaked_key_is_found_and_dead_everywhere,
    invitations_of_a_demoted_administrator_do_not_count,
);

/// Each dialect's "who am I": what a credential meets there.
const DOORS: [&str; 6] = [
    "GET /v1/me",
    "POST /api/me",
    "GET /account/me",
    "GET /api/v2/users/loggedIn/detail",
    "GET /identity/resources/users/v3/me",
    "GET /auth/me",
];

async fn doors(server: &Server, credential: &str) -> Vec<u16> {
    let mut all = Vec::new();
    for line in DOORS {
        let (method, path) = line.split_once(' ').unwrap();
        let request = server.request(method.parse().unwrap(), path);
        let request =
            if path == "/api/me" { request.api_key(credential) } else { request.bearer(credential) };
        all.push(request.send().await.status.as_u16());
    }
    all
}

fn shut(all: &[u16]) -> bool {
    all.iter().all(|status| [401, 403].contains(status))
}

async fn a_leaver_is_out_at_once_and_stays_elsewhere(engine: Engine) {
    let server = Server::on(engine).await;
    let ada = company(&server).await;
    let id = hire(&server, &ada, ("lea", "member")).await;
    let root = server.root().await;
    let also = json!({"user": id, "roles": ["guest"]});
    ask(&server, &root, "POST /v1/tenants/acme-lab/members", also).await.expect(201);
    let lea = sign_in(&server, "lea@acme.example").await;
    let body = json!({"email": lea.email, "password": super::PASSWORD, "tenant": "acme-lab"});
    let lab = text(&server.post("/v1/sign-in").json(&body).send().await.expect(200).json(), "access_token");
    let key = ask(&server, &lea, "POST /v1/me/tokens", json!({"name": "ci"})).await.expect(201).json();
    let key = text(&key, "token");
    assert_eq!(doors(&server, &lea.token).await, [200; 6]);
    let end = json!({"expires_at": "2026-01-01T00:00:00Z"});
    ask(&server, &ada, &format!("PATCH /v1/tenants/acme/members/{id}"), end).await.expect(200);
    for credential in [&lea.token, &key] {
        let all = doors(&server, credential).await;
        assert!(shut(&all), "{all:?}");
    }
    assert_eq!(doors(&server, &lab).await, [200; 6], "elsewhere she stays");
    let again = sign_in(&server, &lea.email).await;
    let me = ask(&server, &again, "GET /v1/me", Value::Null).await.expect(200).json();
    assert_eq!(me["tenant"]["key"], "acme-lab", "{me}");
}

async fn a_stolen_laptop_is_shut_from_both_sides(engine: Engine) {
    let server = Server::on(engine).await;
    let ada = company(&server).await;
    let id = hire(&server, &ada, ("tom", "member")).await;
    let (laptop, phone) =
        (sign_in(&server, "tom@acme.example").await, sign_in(&server, "tom@acme.example").await);
    let mine = ask(&server, &phone, "GET /v1/me/sessions", Value::Null).await.expect(200).json();
    assert_eq!(mine["items"].as_array().unwrap().len(), 2);
    ask(&server, &phone, "DELETE /v1/me/sessions", Value::Null).await;
    assert!(shut(&doors(&server, &laptop.token).await));
    assert_eq!(doors(&server, &phone.token).await, [200; 6]);
    let seen = ask(&server, &ada, &format!("GET /v1/users/{id}/sessions"), Value::Null).await.expect(200);
    assert_eq!(seen.json()["items"][0]["id"], phone.session_id);
    let ended = ask(&server, &ada, &format!("POST /v1/users/{id}/sessions/end"), Value::Null).await;
    assert!(ended.status.is_success(), "{}", ended.status);
    assert!(shut(&doors(&server, &phone.token).await));
    let line = "GET /v1/audit?action=session.ended";
    let told = ask(&server, &ada, line, Value::Null).await.expect(200).json();
    assert_eq!(told["items"][0]["reason"], "sessions:admin: role admin (*); all");
    assert_eq!(told["items"][0]["target"], json!({"kind": "user", "id": id, "email": "tom@acme.example"}));
    assert_eq!(told["items"][1]["reason"], "all others, by their owner");
}

async fn a_leaked_key_is_found_and_dead_everywhere(engine: Engine) {
    let server = Server::on(engine).await;
    let ada = company(&server).await;
    hire(&server, &ada, ("kim", "member")).await;
    let kim = sign_in(&server, "kim@acme.example").await;
    let key = ask(&server, &kim, "POST /v1/me/tokens", json!({"name": "deploy bot"})).await.expect(201);
    let key = text(&key.json(), "token");
    ask(&server, &kim, "POST /v1/me/tokens", json!({"name": "other"})).await.expect(201);
    assert_eq!(doors(&server, &key).await[..3], [200; 3]);
    // Somebody else has it, an hour later: he makes himself another, and is refused what kim may not do.
    server.advance(seconds(3600));
    let thief = |line: &str| {
        let (method, path) = line.split_once(' ').unwrap();
        let request = server.request(method.parse().unwrap(), path).bearer(&key);
        request.ip(std::net::Ipv4Addr::new(203, 0, 113, 66)).header("user-agent", "thief/1")
    };
    let body = json!({"name": "mine"});
    let made = text(&thief("POST /v1/me/tokens").json(&body).send().await.expect(201).json(), "id");
    thief("GET /v1/audit").send().await.expect(403);
    server.tick().await;
    let listed = ask(&server, &ada, "GET /v1/tenants/acme/tokens", Value::Null).await.expect(200).json();
    let rows = listed["items"].as_array().unwrap();
    let leaked = rows.iter().find(|row| row["name"] == "deploy bot").unwrap();
    assert_eq!(leaked["owner_email"], "kim@acme.example");
    assert_eq!(leaked["last_used_at"], "2026-11-24T09:00:00.000Z", "an hour after the day began");
    let other = rows.iter().find(|row| row["name"] == "other").unwrap();
    assert_eq!(other["last_used_at"], Value::Null, "nobody used that one");
    // What it did, and tried, and from where.
    let line = format!("GET /v1/audit?credential={}", text(leaked, "id"));
    let did = ask(&server, &ada, &line, Value::Null).await.expect(200).json()["items"].clone();
    let mut told: Vec<_> = did.as_array().unwrap().iter().map(|row| text(row, "action")).collect();
    told.sort_unstable();
    assert_eq!(told, ["access.refused", "token.minted"]);
    for row in did.as_array().unwrap() {
        assert_eq!((&row["ip"], &row["user_agent"]), (&json!("203.0.113.66"), &json!("thief/1")), "{row}");
        let minted = row["action"] == "token.minted";
        assert!(!minted || row["target"]["id"] == made.as_str(), "{row}");
    }
    ask(&server, &ada, &format!("DELETE /v1/tenants/acme/tokens/{made}"), Value::Null).await.expect(204);
    let line = format!("DELETE /v1/tenants/acme/tokens/{}", text(leaked, "id"));
    ask(&server, &ada, &line, Value::Null).await.expect(204);
    let all = doors(&server, &key).await;
    assert!(shut(&all), "{all:?}");
    assert_eq!(doors(&server, &kim.token).await, [200; 6]);
}

async fn invitations_of_a_demoted_administrator_do_not_count(engine: Engine) {
    let server = Server::on(engine).await;
    let ada = company(&server).await;
    let id = hire(&server, &ada, ("ben", "admin")).await;
    let ben = sign_in(&server, "ben@acme.example").await;
    let token = invite(&server, &ben, ("crony@acme.example", "admin")).await;
    let line = format!("PATCH /v1/tenants/acme/members/{id}");
    ask(&server, &ada, &line, json!({"roles": ["guest"]})).await.expect(200);
    assert_eq!(accept(&server, &token).await.expect(400).json()["code"], "invalid_token");
    ask(&server, &ada, &line, json!({"roles": ["admin"]})).await.expect(200);
    accept(&server, &token).await.expect(200);
}
