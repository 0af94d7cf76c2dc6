//! Fields that a caller must not set are refused, and not set.

use serde_json::{Value, json};
use testkit::demo;

use super::{Answer, PASSWORD, Stage, ok, said};

/// Every column that no route of users writes.
fn everything() -> Value {
    json!({
        "id": "01a20244-e800-7c11-9a3e-5d0f6b7a8c21", "number": 1, "password_hash": "$argon2id$x", "super_user": true,
        "is_operator": true, "invisible": true, "mfa_bypass": true, "mfa_enrolled": true, "totp_sealed": "x",
        "kind": "ROOT", "group": "ADMIN", "provider": "elsewhere", "created_by": "nobody", "updated_by": "nobody",
        "managed_by": "x", "vendor_metadata": {"a": 1}, "last_login_at": "2020-01-01T00:00:00Z",
        "created_at": "2020-01-01T00:00:00Z", "origin": "world",
    })
}

fn with(mut body: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        body.as_object_mut().unwrap().insert(key.clone(), value.clone());
    }
    body
}

#[tokio::test]
async fn what_is_not_to_be_set_is_refused() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    let columns = "number <> 1, password_hash, is_operator, super_user, invisible, mfa_bypass, totp_device_id, kind, \
                   user_group, provider, created_by, managed_by, vendor_metadata, last_login_at, origin, locked";
    let row = format!("SELECT {columns} FROM users WHERE email = 'ada@northwind.example'");
    let new = json!({"email": "ada@northwind.example"});
    refused(&stage.ask("POST /v1/users", &mira, &with(everything(), &new)).await);
    assert_eq!(stage.herald.sql(&row).await.len(), 0);
    let made = stage.ask("POST /v1/users", &mira, &new).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let plain = stage.herald.sql(&row).await;
    let [values] = plain.as_slice() else { panic!("{plain:?}") };
    let values: Vec<&str> = values.iter().map(|value| value.as_deref().unwrap_or("-")).collect();
    let wanted =
        ["1", "-", "0", "0", "0", "0", "-", "USER", "-", "local", demo::MIRA, "-", "{}", "-", "", "0"];
    assert_eq!(values, wanted);
    refused(&stage.ask(&format!("PATCH /v1/users/{id}"), &mira, &everything()).await);
    assert_eq!(stage.herald.sql(&row).await, plain);
}

/// All of it, by name.
fn refused(answer: &Answer) {
    assert_eq!(answer.status, 400, "{}", answer.text);
    let named = answer.json()["fields"].as_array().unwrap().len();
    assert_eq!(named, everything().as_object().unwrap().len(), "{}", answer.text);
}

#[tokio::test]
async fn what_would_be_dangerous_to_ignore_is_named() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    let id = stage.hire(&mira, "ada", "guest").await;
    let faulty = async |line: &str, field: &str, value: Value| {
        let body = with(json!({"email": "bo@northwind.example"}), &json!({field: value}));
        let answer = stage.ask(line, &mira, &body).await;
        assert_eq!(answer.status, 400, "{line} {field}");
        assert_eq!(answer.json()["fields"][0]["field"], json!(field), "{line}");
    };
    let patch = format!("PATCH /v1/users/{id}");
    for field in ["password", "locked", "tenant", "roles", "sites", "memberships"] {
        faulty(&patch, field, json!(["x"])).await;
    }
    for field in ["active", "locked", "memberships"] {
        faulty("POST /v1/users", field, json!(false)).await;
    }
    let operator = json!({"email": "bo@northwind.example", "operator": true, "password": PASSWORD});
    assert_eq!(stage.says("POST /v1/users", &mira, operator).await, said(403, "forbidden"));
    assert_eq!(stage.says(&patch, &mira, json!({"operator": true})).await, said(403, "forbidden"));
    assert_eq!(stage.says(&patch, &mira, json!({"operator": false})).await, ok(200), "it is so");
    let ada = stage.hired("ada").await;
    for body in [json!({"operator": true}), json!({"verified": true})] {
        assert_eq!(stage.says(&patch, &ada, body).await, said(403, "forbidden"));
    }
    assert_eq!(stage.herald.sql("SELECT id FROM users WHERE is_operator").await.len(), 1);
}

#[tokio::test]
async fn bad_fields_are_named() {
    let stage = Stage::set().await;
    let mira = stage.token(demo::MIRA).await;
    let id = stage.hire(&mira, "ada", "guest").await;
    let long = "x".repeat(256);
    for (line, body, field) in [
        ("POST /v1/users", json!({}), "email"),
        ("POST /v1/users", json!({"email": "nobody"}), "email"),
        ("POST /v1/users", json!({"email": "b@x.example", "name": long}), "name"),
        ("POST /v1/users", json!({"email": "b@x.example", "name": "a\u{7}"}), "name"),
        ("POST /v1/users", json!({"email": "b@x.example", "password": "short"}), "password"),
        ("POST /v1/users", json!({"email": "b@x.example", "password": "x".repeat(2000)}), "password"),
        ("POST /v1/users", json!({"email": "b@x.example", "roles": ["nothing"]}), "roles"),
        ("POST /v1/users", json!({"email": "b@x.example", "roles": "guest"}), "roles"),
        ("POST /v1/users", json!({"email": "b@x.example", "sites": ["hq"]}), "sites"),
        ("POST /v1/users", json!({"email": "b@x.example", "roles": vec!["guest"; 101]}), "roles"),
        (
            "POST /v1/users",
            json!({"email": "b@x.example", "metadata": {"a": "x".repeat(20_000)}}),
            "metadata",
        ),
        ("PATCH /v1/users/ID", json!({"email": "a@"}), "email"),
        ("PATCH /v1/users/ID", json!({"default_tenant": "contoso"}), "default_tenant"),
        ("PATCH /v1/tenants/northwind/members/ID", json!({"roles": ["x"]}), "roles"),
        ("PATCH /v1/tenants/northwind/members/ID", json!({"sites": ["hq"]}), "sites"),
        ("PATCH /v1/tenants/northwind/members/ID", json!({"expires_at": "tomorrow"}), "expires_at"),
        ("PATCH /v1/tenants/northwind/members/ID", json!({"active": 1}), "active"),
        ("POST /v1/tenants/northwind/members", json!({}), "user"),
        ("POST /v1/tenants/northwind/members", json!({"user": "x"}), "user"),
    ] {
        let line = line.replace("ID", &id);
        let answer = stage.ask(&line, &mira, &body).await;
        let named = answer.json()["fields"][0]["field"].clone();
        assert_eq!((answer.status.as_u16(), named), (400, json!(field)), "{line} {body:.80}");
    }
}
