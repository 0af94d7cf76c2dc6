//! `/v1/audit`.

use serde_json::{Value, json};
use testkit::{Server, demo, seconds};

use super::tenants::{ask, fault, refusal};

fn actions(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_auditor_learns_why_she_could() {
    let server = Server::start().await;
    let (mira, noor) = (server.mira().await, server.noor().await);
    server.advance(seconds(1));
    ask(&server, &mira, "PATCH /v1/tenants/northwind", json!({"name": "Nw"})).await.expect(200);
    server.advance(seconds(1));
    let refused = ask(&server, &noor, "DELETE /v1/tenants/northwind", Value::Null).await;
    let page = ask(&server, &mira, "GET /v1/audit", Value::Null).await.expect(200).json();
    assert_eq!(actions(&page), ["access.refused", "tenant.changed", "session.opened", "session.opened"]);
    let changed = &page["items"][1];
    assert_eq!(changed["reason"], "tenants:write: role admin (*); name \"Northwind Traders\" -> \"Nw\"");
    assert_eq!(
        changed["actor"],
        json!({"kind": "user", "id": server.user_id(demo::MIRA).await.to_string(), "email": demo::MIRA})
    );
    assert_eq!(changed["credential"], json!({"kind": "session", "id": mira.session_id}));
    assert_eq!((&changed["ip"], &changed["outcome"]), (&json!("192.0.2.7"), &json!("done")));
    let decision = refused.json()["decision"].clone();
    assert_eq!(page["items"][0]["target"], json!({"kind": "decision", "id": decision, "email": null}));
    let by_target = format!("GET /v1/audit?target={}", decision.as_str().unwrap());
    assert_eq!(actions(&ask(&server, &mira, &by_target, Value::Null).await.json()), ["access.refused"]);
    let by_decision = format!("GET /v1/audit?decision={}", decision.as_str().unwrap());
    let told = ask(&server, &mira, &by_decision, Value::Null).await.json();
    assert_eq!((actions(&told), &told["items"][0]["decision"]), (vec!["access.refused"], &decision));
    let done = format!("GET /v1/audit?decision={}", page["items"][1]["id"].as_str().unwrap());
    assert_eq!(actions(&ask(&server, &mira, &done, Value::Null).await.json()).len(), 0, "of what was done");
    assert_eq!(refusal(&ask(&server, &noor, "GET /v1/audit", Value::Null).await).0, 403);
}

/// Who tried to touch mira? Every refusal on her names her, by id and by address; one on somebody elsewhere names nobody.
#[tokio::test]
async fn a_refusal_names_whom_it_was_about() {
    let server = Server::start().await;
    let (mira, noor, otto) = (server.mira().await, server.noor().await, server.otto().await);
    let (her, his) = (server.user_id(demo::MIRA).await, server.user_id(demo::OTTO).await);
    let lines = |id: &str| {
        [
            format!("PATCH /v1/users/{id}"),
            format!("POST /v1/users/{id}/lock"),
            format!("DELETE /v1/users/{id}"),
            format!("GET /v1/users/{id}/sessions"),
            format!("POST /v1/users/{id}/password-reset"),
        ]
    };
    let members = |id: &str| {
        let seat = format!("/v1/tenants/northwind/members/{id}");
        [format!("PATCH {seat}"), format!("DELETE {seat}")]
    };
    let tried: Vec<String> = lines(&her.to_string()).into_iter().chain(members(&her.to_string())).collect();
    for line in &tried {
        ask(&server, &noor, line, json!({})).await.expect(403);
    }
    for user in [demo::MIRA.to_owned(), her.to_string()] {
        let question = json!({"permission": "users:read", "user": user});
        ask(&server, &noor, "POST /v1/decisions", question).await.expect(403);
    }
    // Of contoso, and of nowhere.
    let nobody = "01a20244-e800-7c11-9a3e-5d0f6b7a8c21";
    for line in [his.to_string(), nobody.to_owned()].iter().flat_map(|id| lines(id)) {
        ask(&server, &noor, &line, json!({})).await.expect(403);
    }
    let question = json!({"permission": "users:read", "user": demo::OTTO});
    ask(&server, &noor, "POST /v1/decisions", question).await.expect(403);
    let about = async |by: &testkit::Actor, id: &str| {
        let line = format!("GET /v1/audit?target={id}&outcome=refused&limit=200");
        ask(&server, by, &line, Value::Null).await.expect(200).json()["items"].clone()
    };
    let told = about(&mira, &her.to_string()).await;
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), tried.len() + 2, "{told:?}");
    let whom = json!({"kind": "user", "id": her.to_string(), "email": demo::MIRA});
    for event in told {
        assert_eq!((&event["target"], &event["actor"]["email"]), (&whom, &json!(demo::NOOR)));
        assert!(event["decision"].is_string(), "{event}");
    }
    for id in [&*his.to_string(), nobody] {
        assert_eq!(about(&mira, id).await, json!([]), "northwind's trail names none of them");
    }
    let everything = ask(&server, &mira, "GET /v1/audit?limit=200", Value::Null).await.json().to_string();
    assert!(!everything.contains(demo::OTTO));
    // She is a guest of contoso: what he tries there is in contoso's trail, and not in hers.
    ask(&server, &otto, &format!("POST /v1/users/{her}/lock"), json!({})).await.expect(403);
    let seen = about(&otto, &her.to_string()).await;
    assert_eq!((seen.as_array().unwrap().len(), &seen[0]["target"]["email"]), (1, &json!(demo::MIRA)));
    assert_eq!(about(&mira, &her.to_string()).await.as_array().unwrap().len(), told.len());
}

#[tokio::test]
async fn the_trail_is_filtered_and_walked() {
    let server = Server::start().await;
    let (mira, noor) = (server.mira().await, server.noor().await);
    for n in 0..5 {
        server.advance(seconds(1));
        let body = json!({"key": format!("s{n}"), "name": "S"});
        ask(&server, &mira, "POST /v1/tenants/northwind/sites", body).await.expect(201);
        ask(&server, &noor, "GET /v1/audit", Value::Null).await.expect(403);
    }
    let get = async |query: &str| {
        ask(&server, &mira, &format!("GET /v1/audit{query}"), Value::Null).await.expect(200).json()
    };
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = get(&format!("?limit=3{after}")).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|event| event["id"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let distinct: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!((seen.len(), distinct.len()), (12, 12));
    assert_eq!(get("?action=site.added&limit=2").await["items"].as_array().unwrap().len(), 2);
    assert_eq!(actions(&get("?action=site.added").await).len(), 5);
    assert_eq!(actions(&get("?outcome=refused").await).len(), 5);
    assert_eq!(actions(&get("?outcome=done").await).len(), 7);
    let her = server.user_id(demo::MIRA).await;
    assert_eq!(actions(&get(&format!("?actor={her}")).await).len(), 6);
    assert_eq!(
        actions(&get(&format!("?actor={her}&action=session.opened&outcome=done")).await),
        ["session.opened"]
    );
    assert_eq!(actions(&get(&format!("?actor={her}&outcome=refused")).await).len(), 0);
    let session = &mira.session_id;
    assert_eq!(actions(&get(&format!("?credential={session}&action=site.added")).await).len(), 5);
    assert_eq!(actions(&get(&format!("?credential={session}&outcome=refused")).await).len(), 0);
    let at = get("?action=site.added").await["items"][1]["at"].as_str().unwrap().to_owned();
    assert_eq!(actions(&get(&format!("?from={at}&action=site.added")).await).len(), 2);
    assert_eq!(actions(&get(&format!("?to={at}&action=site.added")).await).len(), 3);
    for (query, field) in [
        ("?actor=x", "actor"),
        ("?credential=x", "credential"),
        ("?target=x", "target"),
        ("?decision=x", "decision"),
        ("?outcome=maybe", "outcome"),
        ("?from=yesterday", "from"),
        ("?to=1", "to"),
        ("?after=x", "after"),
        ("?limit=201", "limit"),
        ("?action=", "action"),
    ] {
        let bad = ask(&server, &mira, &format!("GET /v1/audit{query}"), Value::Null).await;
        assert_eq!(fault(&bad), (400, field.to_owned()), "{query}");
    }
}

#[tokio::test]
async fn a_tenants_trail_is_its_own() {
    let server = Server::start().await;
    let (mira, otto, root) = (server.mira().await, server.otto().await, server.root().await);
    server.advance(seconds(1));
    ask(&server, &root, "PATCH /v1/tenants/northwind", json!({"quotas": {"users": 60}})).await.expect(200);
    let hers = ask(&server, &mira, "GET /v1/audit", Value::Null).await.expect(200).json();
    assert_eq!(actions(&hers), ["tenant.changed", "session.opened"]);
    assert_eq!(
        hers["items"][0]["reason"],
        "installation:write: operator; quotas +users 60, -api_tokens 100, -users 50"
    );
    let his = ask(&server, &otto, "GET /v1/audit", Value::Null).await.expect(200).json();
    assert_eq!(actions(&his), ["session.opened"]);
    assert_eq!(ask(&server, &otto, "GET /v1/audit?tenant=northwind", Value::Null).await.status, 404);
    let her = server.user_id(demo::MIRA).await;
    let none =
        ask(&server, &otto, &format!("GET /v1/audit?actor={her}"), Value::Null).await.expect(200).json();
    assert_eq!(none, json!({"items": [], "next": null}));
    let all = ask(&server, &root, "GET /v1/audit", Value::Null).await.expect(200).json();
    assert_eq!(actions(&all).len(), 4);
    let some = ask(&server, &root, &format!("GET /v1/audit?actor={her}"), Value::Null).await.json();
    assert_eq!(actions(&some), ["session.opened"]);
    let theirs = ask(&server, &root, "GET /v1/audit?tenant=contoso", Value::Null).await.json();
    assert_eq!(actions(&theirs), ["session.opened"]);
}
