//! `/v1/roles` and `/v1/permissions`.

mod escalation;
mod permissions;

use serde_json::{Value, json};
use testkit::Server;

use super::tenants::{ask, fault, refusal};

fn keys(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_hierarchy_is_shown_strongest_first() {
    let server = Server::start().await;
    let gus = server.gus().await;
    let list = ask(&server, &gus, "GET /v1/roles", Value::Null).await.expect(200).json();
    let order = [
        "admin",
        "threat_engineer",
        "threat_viewer",
        "member",
        "technician",
        "developer",
        "payments-review",
        "guest",
        "no_access",
    ];
    assert_eq!(keys(&list), order);
    assert_eq!(list["items"][5]["assigns"], json!(["developer", "guest"]));
    let review = &list["items"][6];
    assert_eq!(
        (&review["base"], &review["permissions"], &review["builtin"]),
        (&json!("developer"), &json!([]), &json!(false))
    );
    assert_eq!(review["tenant"], server.tenant_id("northwind").await.to_string());
    let first = ask(&server, &gus, "GET /v1/roles?limit=5", Value::Null).await.json();
    let rest = format!("GET /v1/roles?limit=5&after={}", first["next"].as_str().unwrap());
    let rest = ask(&server, &gus, &rest, Value::Null).await.json();
    assert_eq!([keys(&first), keys(&rest)].concat(), order);
    let otto = server.otto().await;
    assert!(
        !keys(&ask(&server, &otto, "GET /v1/roles", Value::Null).await.json()).contains(&"payments-review")
    );
    let one = format!("/v1/roles/{}", review["id"].as_str().unwrap());
    for (line, body) in [("GET", Value::Null), ("PATCH", json!({"name": "x"})), ("DELETE", Value::Null)] {
        assert_eq!(ask(&server, &otto, &format!("{line} {one}"), body).await.status, 404, "{line}");
    }
    assert_eq!(ask(&server, &otto, "GET /v1/roles?tenant=northwind", Value::Null).await.status, 404);
    let root = server.root().await;
    let all = ask(&server, &root, "GET /v1/roles?tenant=northwind", Value::Null).await.expect(200).json();
    assert_eq!(keys(&all), order);
}

#[tokio::test]
async fn a_custom_role_is_made_felt_and_ended() {
    let server = Server::start().await;
    let (mira, ragu) = (server.mira().await, server.ragu().await);
    let body = json!({"key": "desk", "name": "Desk", "base": "developer", "permissions": ["devices:*", "users:write"],
        "level": 4, "collections": [3, 1], "features": ["a"], "default_invite": true});
    let made = ask(&server, &mira, "POST /v1/roles", body).await.expect(201).json();
    assert_eq!(made["permissions"], json!(["devices:*", "users:write"]));
    assert!(made["permits"].as_array().unwrap().contains(&json!("users:read")));
    assert_eq!((&made["assigns"], &made["collections"]), (&json!(["developer", "guest"]), &json!([1, 3])));
    let one = format!("/v1/roles/{}", made["id"].as_str().unwrap());
    assert_eq!(ask(&server, &mira, &format!("DELETE {one}"), Value::Null).await.status, 204);
    let list = ask(&server, &mira, "GET /v1/roles", Value::Null).await.json();
    let review =
        list["items"].as_array().unwrap().iter().find(|role| role["key"] == "payments-review").unwrap();
    let one = format!("/v1/roles/{}", review["id"].as_str().unwrap());
    let me = async || server.get("/v1/me").by(&ragu).send().await.expect(200).json()["permissions"].clone();
    assert!(!me().await.as_array().unwrap().contains(&json!("devices:read")));
    ask(&server, &mira, &format!("PATCH {one}"), json!({"permissions": ["devices:read"]})).await.expect(200);
    assert!(me().await.as_array().unwrap().contains(&json!("devices:read")), "felt at once");
    let held = ask(&server, &mira, &format!("DELETE {one}"), Value::Null).await;
    assert_eq!(refusal(&held), (409, "in_use".to_owned()));
    let told = server.sql("SELECT reason FROM audit WHERE action = 'role.changed'").await;
    assert_eq!(told, [[Some("roles:write: role admin (*); permissions +devices:read".to_owned())]]);
}

#[tokio::test]
async fn keys_mean_one_role_everywhere() {
    let server = Server::start().await;
    let (mira, otto, root) = (server.mira().await, server.otto().await, server.root().await);
    for key in ["admin", "guest", "technician", "payments-review"] {
        let answer = ask(&server, &mira, "POST /v1/roles", json!({"key": key})).await;
        assert_eq!(refusal(&answer), (409, "conflict".to_owned()), "{key}");
    }
    ask(&server, &otto, "POST /v1/roles", json!({"key": "payments-review"})).await.expect(201);
    let common = ask(&server, &root, "POST /v1/roles", json!({"key": "payments-review"})).await;
    assert_eq!(refusal(&common), (409, "conflict".to_owned()), "a tenant has it");
    let made =
        ask(&server, &root, "POST /v1/roles", json!({"key": "auditor", "permissions": ["audit:read"]})).await;
    assert_eq!(made.expect(201).json()["tenant"], Value::Null);
    assert_eq!(refusal(&ask(&server, &otto, "POST /v1/roles", json!({"key": "auditor"})).await).0, 409);
    let theirs = json!({"key": "x", "tenant": "contoso"});
    assert_eq!(ask(&server, &mira, "POST /v1/roles", theirs.clone()).await.status, 404);
    let contoso = ask(&server, &root, "POST /v1/roles", theirs).await.expect(201).json();
    assert_eq!(contoso["tenant"], server.tenant_id("contoso").await.to_string());
}

#[tokio::test]
async fn what_a_role_may_not_be() {
    let server = Server::start().await;
    let mira = server.mira().await;
    for (field, value) in [
        ("key", json!("A B")),
        ("name", json!(" ")),
        ("description", json!("x".repeat(2049))),
        ("base", json!("technician")),
        ("permissions", json!(["devices"])),
        ("permissions", json!(["no-such:read"])),
        ("permissions", json!(vec!["a:b"; 201])),
        ("assigns", json!(["no-such"])),
        ("level", json!(-1)),
        ("level", json!("1")),
        ("collections", json!([1.5])),
        ("collections", json!(vec![1; 1001])),
        ("features", json!([""])),
        ("default", json!("yes")),
        ("builtin", json!(true)),
        ("id", json!("01a20244-e800-7c11-9a3e-5d0f6b7a8c21")),
    ] {
        let mut body = json!({"key": "desk"});
        body[field] = value.clone();
        assert_eq!(
            fault(&ask(&server, &mira, "POST /v1/roles", body).await),
            (400, field.to_owned()),
            "{value}"
        );
    }
    let desk = ask(&server, &mira, "POST /v1/roles", json!({"key": "desk"})).await.expect(201).json();
    let line = format!("PATCH /v1/roles/{}", desk["id"].as_str().unwrap());
    for field in ["key", "tenant", "builtin"] {
        assert_eq!(fault(&ask(&server, &mira, &line, json!({field: "x"})).await), (400, field.to_owned()));
    }
}
