//! All tokens of a tenant, and those that are its own.

use serde_json::{Value, json};
use testkit::{Actor, Server, demo};

use super::{ask, fault, refusal};

const TOKENS: &str = "/v1/tenants/northwind/tokens";

#[tokio::test]
async fn a_tenants_own_key_is_made_listed_and_revoked() {
    let server = Server::start().await;
    let (mira, noor) = (server.mira().await, server.noor().await);
    let body = json!({"name": "nightly", "roles": ["guest", "technician"], "expires_in": 3600});
    let made = ask(&server, &mira, &format!("POST {TOKENS}"), body.clone()).await.expect(201).json();
    let key = made["token"].as_str().unwrap().to_owned();
    assert_eq!((&made["roles"], &made["owner"]), (&json!(["technician", "guest"]), &Value::Null));
    let asked = json!({"permission": "devices:write"});
    let decided = server.post("/v1/decisions").bearer(&key).json(&asked).send().await.expect(200).json();
    assert_eq!(decided["allowed"], true);
    let list = ask(&server, &mira, &format!("GET {TOKENS}"), Value::Null).await.expect(200);
    assert!(!String::from_utf8_lossy(&list.body).contains(&key));
    let owners: Vec<String> = list.json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|token| token["owner_email"].to_string())
        .collect();
    assert_eq!(owners.iter().filter(|owner| **owner == "null").count(), 1);
    assert!(owners.contains(&format!("\"{}\"", demo::GUS)));
    assert_eq!(refusal(&ask(&server, &noor, &format!("GET {TOKENS}"), Value::Null).await).0, 403);
    assert_eq!(refusal(&ask(&server, &noor, &format!("POST {TOKENS}"), body).await).0, 403);
    // Gus's, which is another's.
    let gus = server.prove(demo::key(demo::GUS)).await.unwrap().principal.credential.id;
    for (id, credential) in
        [(made["id"].as_str().unwrap().to_owned(), &*key), (gus.to_string(), demo::key(demo::GUS))]
    {
        let line = format!("DELETE {TOKENS}/{id}");
        let otto = server.otto().await;
        assert_eq!(ask(&server, &otto, &line, Value::Null).await.status, 404);
        assert_eq!(ask(&server, &otto, &line.replace("northwind", "contoso"), Value::Null).await.status, 404);
        assert_eq!(refusal(&ask(&server, &noor, &line, Value::Null).await).0, 403);
        assert_eq!(ask(&server, &mira, &line, Value::Null).await.status, 204);
        assert!(server.prove(credential).await.is_err());
        assert_eq!(ask(&server, &mira, &line, Value::Null).await.status, 404, "again");
    }
    let told = server.sql("SELECT reason FROM audit WHERE action = 'token.minted'").await;
    let why = "tokens:admin: role admin (*); the tenant's own, roles technician guest";
    assert_eq!(told, [[Some(why.to_owned())]]);
}

/// A role that administers tokens and gives developers, and mira's key that it cuts down.
async fn keeper(server: &Server) -> Actor {
    let mira = server.mira().await;
    let role = json!({"key": "keeper", "base": "developer", "permissions": ["tokens:*"],
        "assigns": ["developer", "guest", "member"]});
    ask(server, &mira, "POST /v1/roles", role).await.expect(201);
    let key = json!({"name": "k", "role": "keeper"});
    let key = ask(server, &mira, "POST /v1/me/tokens", key).await.expect(201).json();
    Actor { token: key["token"].as_str().unwrap().to_owned(), ..mira }
}

#[tokio::test]
async fn it_holds_no_more_than_its_maker_may_give_and_do() {
    let server = Server::start().await;
    let keeper = keeper(&server).await;
    for (roles, expected) in [
        (json!(["guest"]), 201),
        (json!(["developer", "guest"]), 201),
        (json!(["payments-review"]), 201),
        // May be given, and permits more than the key does.
        (json!(["member"]), 403),
        (json!(["technician"]), 403),
        (json!(["guest", "admin"]), 403),
        (json!(["keeper"]), 201),
    ] {
        let body = json!({"name": "n", "roles": roles});
        let answer = ask(&server, &keeper, &format!("POST {TOKENS}"), body).await;
        assert_eq!(answer.status, expected, "{roles}");
    }
    let many = vec!["guest"; 21];
    for (field, value) in [
        ("roles", json!([])),
        ("roles", json!(["no-such"])),
        ("roles", json!(many)),
        ("roles", json!("guest")),
        ("name", json!("")),
        ("expires_in", json!(0)),
        ("expires_in", json!(366 * 24 * 3600)),
        ("utility", json!("X")),
        ("owner", json!("x")),
        ("number", json!(1)),
    ] {
        let mut body = json!({"name": "n", "roles": ["guest"]});
        body[field] = value.clone();
        let answer = ask(&server, &keeper, &format!("POST {TOKENS}"), body).await;
        assert_eq!(fault(&answer), (400, field.to_owned()), "{value}");
    }
}

#[tokio::test]
async fn a_quota_binds_it_too() {
    let server = Server::start().await;
    let otto = server.otto().await;
    let body = json!({"name": "n", "roles": ["guest"]});
    for _ in 0..4 {
        ask(&server, &otto, "POST /v1/tenants/contoso/tokens", body.clone()).await.expect(201);
    }
    let full = ask(&server, &otto, "POST /v1/tenants/contoso/tokens", body).await;
    assert_eq!(refusal(&full), (403, "quota_exceeded".to_owned()));
}
