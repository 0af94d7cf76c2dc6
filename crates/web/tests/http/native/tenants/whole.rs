//! A tenant as a whole: who sees it, who makes, changes and ends it.

use serde_json::{Value, json};
use testkit::{Server, demo};

use super::{ask, fault, refusal};

#[tokio::test]
async fn a_member_sees_what_the_tenant_may_and_uses() {
    let server = Server::start().await;
    let (mira, noor) = (server.mira().await, server.noor().await);
    let seen = ask(&server, &mira, "GET /v1/tenants/northwind", Value::Null).await.expect(200).json();
    assert_eq!(seen["number"], 1_712_000_111_i64);
    assert_eq!(
        seen["quotas"],
        json!({"api_tokens": {"limit": 100, "used": 2}, "users": {"limit": 50, "used": 5}})
    );
    assert_eq!(seen["features"], json!(["agents", "audit-log", "sso"]));
    assert_eq!(seen["billing_id"], "550e8400-e29b-41d4-a716-446655440000");
    assert_eq!((&seen["mfa"], &seen["lockout"]), (&Value::Null, &Value::Null));
    let id = seen["id"].as_str().unwrap();
    let by_id = ask(&server, &noor, &format!("GET /v1/tenants/{id}"), Value::Null).await.expect(200);
    assert_eq!(by_id.json(), seen);
    let list = ask(&server, &noor, "GET /v1/tenants", Value::Null).await.expect(200).json();
    assert_eq!((&list["items"][0]["key"], list["items"].as_array().unwrap().len()), (&json!("northwind"), 1));
}

#[tokio::test]
async fn another_tenant_is_not_there() {
    let server = Server::start().await;
    let (otto, mira) = (server.otto().await, server.mira().await);
    let none = ask(&server, &otto, "GET /v1/tenants/no-such", Value::Null).await;
    let stripped = |answer: &testkit::Answer| {
        let mut problem = answer.json();
        problem["request_id"].take();
        problem
    };
    let id = server.tenant_id(demo::NORTHWIND).await;
    for tenant in ["northwind".to_owned(), id.to_string()] {
        for line in ["GET", "PATCH", "DELETE"] {
            let body = if line == "PATCH" { json!({"name": "Ours"}) } else { Value::Null };
            let answer = ask(&server, &otto, &format!("{line} /v1/tenants/{tenant}"), body).await;
            assert_eq!((answer.status, stripped(&answer)), (none.status, stripped(&none)), "{line} {tenant}");
        }
        for part in ["sites", "networks"] {
            let answer = ask(&server, &otto, &format!("GET /v1/tenants/{tenant}/{part}"), Value::Null).await;
            assert_eq!(answer.status, 404, "{part}");
        }
    }
    // Not even a tenant of one's own, but that of the credential.
    assert_eq!(ask(&server, &mira, "GET /v1/tenants/contoso", Value::Null).await.status, 404);
}

#[tokio::test]
async fn an_administrator_changes_what_is_his_to_change() {
    let server = Server::start().await;
    let (mira, noor) = (server.mira().await, server.noor().await);
    let change = json!({"name": "Northwind", "metadata": {"plan": "free"}, "lockout": {"attempts": 3},
        "mfa": {"enforce": "Force", "device_ttl": 60}});
    let line = "PATCH /v1/tenants/northwind";
    let done = ask(&server, &mira, line, change).await.expect(200).json();
    assert_eq!((&done["name"], &done["metadata"]), (&json!("Northwind"), &json!({"plan": "free"})));
    assert_eq!(done["mfa"], json!({"enforce": "Force", "remember_device": false, "device_ttl": 60}));
    assert_eq!(done["lockout"], json!({"attempts": 3}));
    let me = server.get("/v1/me").by(&mira).send().await.expect(200).json();
    assert_eq!(me["tenant"]["name"], "Northwind", "felt at once");
    server.advance(testkit::seconds(1));
    let back = ask(&server, &mira, line, json!({"mfa": null, "lockout": null})).await.expect(200).json();
    assert_eq!((&back["mfa"], &back["lockout"]), (&Value::Null, &Value::Null));
    assert_eq!(refusal(&ask(&server, &noor, line, json!({"name": "x"})).await).0, 403);
    let told =
        server.sql("SELECT reason, outcome FROM audit WHERE action = 'tenant.changed' ORDER BY at, id").await;
    let why = "tenants:write: role admin (*); name \"Northwind Traders\" -> \"Northwind\"; metadata; \
               mfa none -> Force, devices not remembered, 60 s; lockout none -> 3";
    assert_eq!(told[0], [Some(why.to_owned()), Some("done".to_owned())]);
    assert_eq!(told.len(), 2);
}

#[tokio::test]
async fn nobody_raises_his_own_quota() {
    let server = Server::start().await;
    let mira = server.mira().await;
    let before = ask(&server, &mira, "GET /v1/tenants/northwind", Value::Null).await.json();
    for (field, value) in [
        ("quotas", json!({"users": 5000})),
        ("features", json!(["everything"])),
        ("key", json!("mine")),
        ("billing_id", Value::Null),
    ] {
        let body = json!({"name": "x", field: value});
        let answer = ask(&server, &mira, "PATCH /v1/tenants/northwind", body).await;
        assert_eq!(refusal(&answer), (403, "forbidden".to_owned()), "{field}");
        assert!(answer.json()["decision"].is_string(), "{field}: found in the audit trail");
        assert_eq!(
            answer.json()["fields"],
            json!([{"field": field, "message": "is changed by operators alone"}])
        );
    }
    for field in ["number", "id"] {
        let answer = ask(&server, &mira, "PATCH /v1/tenants/northwind", json!({field: 7})).await;
        assert_eq!(fault(&answer), (400, field.to_owned()));
    }
    assert_eq!(ask(&server, &mira, "GET /v1/tenants/northwind", Value::Null).await.json(), before);
}

#[tokio::test]
async fn an_operator_makes_entitles_and_ends_a_tenant() {
    let server = Server::start().await;
    let (root, otto) = (server.root().await, server.otto().await);
    let body =
        json!({"key": "fabrikam", "name": "Fabrikam", "quotas": {"users": 2}, "features": ["b", "a", "b"]});
    let made = ask(&server, &root, "POST /v1/tenants", body.clone()).await.expect(201).json();
    assert_eq!(
        (&made["features"], &made["quotas"]),
        (&json!(["a", "b"]), &json!({"users": {"limit": 2, "used": 0}}))
    );
    assert!(made["number"].as_i64().unwrap() > 0);
    assert_eq!(refusal(&ask(&server, &root, "POST /v1/tenants", body).await), (409, "conflict".to_owned()));
    let line = "PATCH /v1/tenants/contoso";
    let more =
        ask(&server, &root, line, json!({"quotas": {"users": 9}, "key": "con.toso"})).await.expect(200);
    assert_eq!(
        (&more.json()["key"], &more.json()["quotas"]["users"]["limit"]),
        (&json!("con.toso"), &json!(9))
    );
    assert_eq!(
        refusal(&ask(&server, &root, "PATCH /v1/tenants/con.toso", json!({"key": "fabrikam"})).await).0,
        409
    );
    assert_eq!(refusal(&ask(&server, &otto, "DELETE /v1/tenants/con.toso", Value::Null).await).0, 403);
    server.hear().await;
    assert_eq!(ask(&server, &root, "DELETE /v1/tenants/con.toso", Value::Null).await.status, 204);
    for credential in [&*otto.token, demo::key(demo::OTTO)] {
        assert!(server.prove(credential).await.is_err(), "ended at once");
    }
    assert_eq!(ask(&server, &root, "GET /v1/tenants/con.toso", Value::Null).await.status, 404);
    let told = server.sql("SELECT tenant_id FROM audit WHERE action = 'tenant.deleted'").await;
    assert!(told[0][0].is_some(), "the trail stays");
}

#[tokio::test]
async fn what_a_tenant_may_not_be() {
    let server = Server::start().await;
    let root = server.root().await;
    let long = "x".repeat(257);
    let metadata = json!({"x": "y".repeat(16 * 1024)});
    for (field, value) in [
        ("key", json!("Not A Key")),
        ("key", json!("x".repeat(65))),
        ("name", json!("")),
        ("name", json!(long)),
        ("name", json!(7)),
        ("quotas", json!({"users": -1})),
        ("quotas", json!({"users": 9_007_199_254_740_992_i64})),
        ("quotas", json!({"users": 1.5})),
        ("quotas", json!({"": 1})),
        ("quotas", json!([])),
        ("features", json!("a")),
        ("features", json!(["x".repeat(129)])),
        ("features", json!(vec!["a"; 101])),
        ("metadata", metadata),
        ("mfa", json!({"enforce": "Maybe"})),
        ("mfa", json!({"enforce": "Force", "device_ttl": 0})),
        ("lockout", json!({"attempts": 0})),
        ("lockout", json!({"attempts": 1001})),
        ("billing_id", json!("x")),
        ("number", json!(3)),
    ] {
        let mut body = json!({"key": "k", "name": "n"});
        body[field] = value.clone();
        let answer = ask(&server, &root, "POST /v1/tenants", body).await;
        assert_eq!(fault(&answer), (400, field.to_owned()), "{field}: {value}");
    }
    assert_eq!(
        fault(&ask(&server, &root, "POST /v1/tenants", json!({"name": "n"})).await),
        (400, "key".to_owned())
    );
}

#[tokio::test]
async fn an_operator_walks_and_searches_all() {
    let server = Server::start().await;
    let root = server.root().await;
    for key in ["nora", "north", "alpha"] {
        ask(&server, &root, "POST /v1/tenants", json!({"key": key, "name": key})).await.expect(201);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = ask(&server, &root, &format!("GET /v1/tenants?limit=2{after}"), Value::Null)
            .await
            .expect(200)
            .json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|t| t["key"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, ["alpha", "contoso", "nora", "north", "northwind"]);
    let found = ask(&server, &root, "GET /v1/tenants?search=north", Value::Null).await.json();
    let keys: Vec<&str> =
        found["items"].as_array().unwrap().iter().map(|t| t["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["north", "northwind"]);
    assert_eq!(ask(&server, &root, "GET /v1/tenants?search=_", Value::Null).await.json()["items"], json!([]));
    assert_eq!(
        fault(&ask(&server, &root, "GET /v1/tenants?after=x", Value::Null).await),
        (400, "after".to_owned())
    );
}
