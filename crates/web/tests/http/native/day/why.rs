//! An auditor's question: why could she, who gave it to her, when, and from where.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::{Engine, Server, on_both_engines, seconds};

use super::{ask, company, hire, invite, sign_in, text};

on_both_engines!(from_what_she_did_to_who_let_her, every_write_that_a_permission_allowed_says_so);

async fn from_what_she_did_to_who_let_her(engine: Engine) {
    let server = Server::on(engine).await;
    let ada = company(&server).await;
    let id = hire(&server, &ada, ("eva", "guest")).await;
    server.advance(seconds(1));
    let line = format!("PATCH /v1/tenants/acme/members/{id}");
    ask(&server, &ada, &line, json!({"roles": ["admin"], "expires_at": "2027-01-01T00:00:00Z"}))
        .await
        .expect(200);
    server.advance(seconds(1));
    let eva = sign_in(&server, "eva@acme.example").await;
    ask(&server, &eva, "PATCH /v1/tenants/acme", json!({"name": "Evil"})).await.expect(200);
    let read = async |query: &str| {
        ask(&server, &ada, &format!("GET /v1/audit?{query}"), Value::Null).await.expect(200).json()["items"]
            .clone()
    };
    let did = read("action=tenant.changed").await[0].clone();
    assert_eq!(did["actor"], json!({"kind": "user", "id": id, "email": "eva@acme.example"}));
    assert_eq!(did["reason"], "tenants:write: role admin (*); name \"Acme\" -> \"Evil\"");
    let gave = read(&format!("target={id}&action=member.changed")).await[0].clone();
    assert_eq!(gave["actor"]["email"], "ada@acme.example");
    assert_eq!(gave["target"]["email"], "eva@acme.example");
    let what = "users:write: role admin (*); roles guest -> admin; end none -> 2027-01-01T00:00:00.000Z";
    assert_eq!(gave["reason"], what);
    assert_eq!((&gave["ip"], &gave["at"]), (&json!("192.0.2.7"), &json!("2026-11-24T08:00:01.000Z")));
    let question = json!({"permission": "tenants:write", "user": "eva@acme.example"});
    let why = ask(&server, &ada, "POST /v1/decisions", question).await.expect(200).json();
    assert_eq!(why["allowed"], true, "{why}");
    let can = "GET /v1/decisions/who-can?permission=tenants%3Awrite";
    let can = ask(&server, &ada, can, Value::Null).await.expect(200).json();
    let can: Vec<String> =
        can["items"].as_array().unwrap().iter().map(|row| text(&row["user"], "email")).collect();
    assert_eq!(can, ["ada@acme.example", "eva@acme.example"]);
    ask(&server, &ada, &format!("DELETE /v1/users/{id}"), Value::Null).await.expect(204);
    let did = read("action=tenant.changed").await[0].clone();
    assert_eq!(did["actor"]["email"], "eva@acme.example", "though she is deleted");
    let gone = read("action=user.deleted").await[0].clone();
    assert_eq!(gone["reason"], "users:write: role admin (*); eva@acme.example");
}

/// Everything that the own API audits of an administrator's acts, by action; oneself is asked for nothing.
async fn every_write_that_a_permission_allowed_says_so(engine: Engine) {
    let server = Server::on(engine).await;
    let ada = company(&server).await;
    let id = hire(&server, &ada, ("max", "guest")).await;
    sign_in(&server, "max@acme.example").await;
    invite(&server, &ada, ("new@acme.example", "guest")).await;
    let open = ask(&server, &ada, "GET /v1/tenants/acme/invitations", Value::Null).await.json();
    let open = text(&open["items"][0], "id");
    let key = ask(&server, &ada, "POST /v1/me/tokens", json!({"name": "k"})).await.expect(201).json();
    let (user, member) = (format!("/v1/users/{id}"), format!("/v1/tenants/acme/members/{id}"));
    let password = json!({"password": "another password of max"});
    let rows = json!({"items": [{"url": "/a", "method": "GET", "collection": 1, "access": ["PUBLIC"]}]});
    for (line, body) in [
        (format!("PATCH {user}"), json!({"first_name": "Max"})),
        (format!("PATCH {user}"), json!({"default_tenant": null})),
        (format!("POST {user}/sessions/end"), json!({})),
        (format!("POST {user}/lock"), json!({})),
        (format!("POST {user}/unlock"), json!({})),
        (format!("POST {user}/password"), password),
        (format!("POST {user}/password-reset"), json!({})),
        (format!("PATCH {member}"), json!({"roles": ["member"]})),
        (format!("DELETE {member}"), json!({})),
        (format!("DELETE /v1/tenants/acme/invitations/{open}"), json!({})),
        (format!("DELETE /v1/me/tokens/{}", text(&key, "id")), json!({})),
        ("PUT /v1/endpoints".to_owned(), rows),
    ] {
        let answer = ask(&server, &ada, &line, body).await;
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status.is_success(), "{line}: {} {said}", answer.status);
    }
    let told = ask(&server, &ada, "GET /v1/audit?limit=200", Value::Null).await.expect(200).json();
    let mut by_action: BTreeMap<String, String> = BTreeMap::new();
    for event in told["items"].as_array().unwrap() {
        if event["actor"]["email"] == "ada@acme.example" && event["action"] != "session.opened" {
            by_action.insert(text(event, "action"), text(event, "reason"));
        }
    }
    let silent: Vec<_> = by_action.iter().filter(|(_, why)| !why.contains(": role admin (*)")).collect();
    assert!(silent.is_empty(), "{silent:?}");
    let actions: Vec<&str> = by_action.keys().map(String::as_str).collect();
    let expected = [
        "endpoints.written",
        "invitation.created",
        "invitation.withdrawn",
        "member.changed",
        "member.removed",
        "password_reset.created",
        "session.ended",
        "token.minted",
        "token.revoked",
        "user.changed",
        "user.created",
        "user.locked",
        "user.password_set",
        "user.profile_changed",
        "user.unlocked",
    ];
    assert_eq!(actions, expected);
}
