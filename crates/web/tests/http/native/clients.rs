//! `/v1/clients`: the operators'.

use serde_json::{Value, json};
use testkit::{Server, demo};

use super::tenants::{ask, fault, refusal};

#[tokio::test]
async fn a_client_is_registered_changed_and_ended() {
    let server = Server::start().await;
    let (root, mira) = (server.root().await, server.mira().await);
    let body = json!({"client_id": "desk", "name": "Desk", "grants": ["password", "refresh_token"],
        "scopes": ["read", "write", "read"], "redirect_uris": ["https://desk.example/back", "desk.app:/back"]});
    assert_eq!(refusal(&ask(&server, &mira, "POST /v1/clients", body.clone()).await).0, 403);
    let made = ask(&server, &root, "POST /v1/clients", body.clone()).await.expect(201).json();
    let secret = made["client_secret"].as_str().unwrap().to_owned();
    assert!(secret.len() >= 43 && made["scopes"] == json!(["read", "write"]) && made["public"] == false);
    assert_eq!(refusal(&ask(&server, &root, "POST /v1/clients", body).await), (409, "conflict".to_owned()));
    let grant = async |secret: &str| {
        let form =
            [("grant_type", "password"), ("username", demo::NOOR), ("password", demo::password(demo::NOOR))];
        server.post("/oauth/token").basic("desk", secret).form(&form).send().await
    };
    let granted = grant(&secret).await.expect(200).json();
    let access = granted["access_token"].as_str().unwrap().to_owned();
    let refresh = granted["refresh_token"].as_str().unwrap().to_owned();
    server.hear().await;
    assert!(server.prove(&access).await.is_ok());
    let one = format!("/v1/clients/{}", made["id"].as_str().unwrap());
    let list = ask(&server, &root, "GET /v1/clients", Value::Null).await.expect(200);
    assert_eq!(list.json()["items"].as_array().unwrap().len(), 3);
    assert!(!String::from_utf8_lossy(&list.body).contains(&secret));
    let other = ask(&server, &root, &format!("POST {one}/secret"), Value::Null).await.expect(201).json();
    assert_eq!(grant(&secret).await.status, 401);
    grant(other["client_secret"].as_str().unwrap()).await.expect(200);
    let changed =
        ask(&server, &root, &format!("PATCH {one}"), json!({"grants": ["password"], "name": null})).await;
    assert_eq!((&changed.expect(200).json()["grants"], 1), (&json!(["password"]), 1));
    assert_eq!(ask(&server, &root, &format!("DELETE {one}"), Value::Null).await.status, 204);
    assert!(server.prove(&access).await.is_err(), "ended at once");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &*refresh)];
    assert_ne!(server.post("/oauth/token").basic("desk", &secret).form(&form).send().await.status, 200);
    for line in ["GET", "DELETE"] {
        assert_eq!(ask(&server, &root, &format!("{line} {one}"), Value::Null).await.status, 404);
    }
    let told = server.sql("SELECT action, reason FROM audit WHERE action LIKE 'client.%'").await;
    assert_eq!(told.len(), 6, "the two refusals too");
    assert!(told.iter().all(|row| !row[1].as_ref().unwrap().contains(&secret)));
}

#[tokio::test]
async fn what_a_client_may_not_be() {
    let server = Server::start().await;
    let root = server.root().await;
    for (field, value) in [
        ("client_id", json!("")),
        ("client_id", json!("ä")),
        ("client_id", json!("x".repeat(256))),
        ("grants", json!(["implicit"])),
        ("grants", json!("password")),
        ("scopes", json!(["a b"])),
        ("scopes", json!(["a,b"])),
        ("scopes", json!(vec!["a"; 101])),
        ("redirect_uris", json!(["/back"])),
        ("redirect_uris", json!(["https://a.example/#x"])),
        ("redirect_uris", json!(["JavaScript:alert(1)"])),
        ("redirect_uris", json!(["data:text/html,x"])),
        ("name", json!("")),
        ("environment", json!(1)),
        ("client_secret", json!("mine")),
        ("secret", json!("mine")),
        ("id", json!("x")),
    ] {
        let mut body = json!({"grants": ["password"]});
        body[field] = value.clone();
        assert_eq!(
            fault(&ask(&server, &root, "POST /v1/clients", body).await),
            (400, field.to_owned()),
            "{value}"
        );
    }
    assert_eq!(fault(&ask(&server, &root, "POST /v1/clients", json!({})).await), (400, "grants".to_owned()));
    let public = json!({"grants": ["client_credentials"], "public": true});
    assert_eq!(fault(&ask(&server, &root, "POST /v1/clients", public).await), (400, "grants".to_owned()));
    let public = json!({"grants": ["authorization_code"], "public": true});
    let made = ask(&server, &root, "POST /v1/clients", public).await.expect(201).json();
    assert_eq!((&made["client_secret"], &made["client_id"]), (&Value::Null, &made["id"]));
    let line = format!("PATCH /v1/clients/{}", made["id"].as_str().unwrap());
    assert_eq!(
        fault(&ask(&server, &root, &line, json!({"grants": ["client_credentials"]})).await),
        (400, "grants".to_owned())
    );
    assert_eq!(
        fault(&ask(&server, &root, &line, json!({"client_id": "x"})).await),
        (400, "client_id".to_owned())
    );
}
