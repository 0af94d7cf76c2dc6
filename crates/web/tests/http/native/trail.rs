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
    assert_eq!(refusal(&ask(&server, &noor, "GET /v1/audit", Value::Null).await).0, 403);
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
