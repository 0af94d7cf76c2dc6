//! Webhooks: one's own, and those of others for who administers the tenant.

use serde_json::{Value, json};
use testkit::Server;

use super::{ask, fault, refusal};

const HOOKS: &str = "/v1/tenants/northwind/webhooks";
const URL: &str = "https://hooks.slack.example/T1/B1/secret";

#[tokio::test]
async fn one_adds_changes_and_removes_ones_own() {
    let server = Server::start().await;
    let (mira, noor, gus) = (server.mira().await, server.noor().await, server.gus().await);
    let body = json!({"name": "alerts", "url": URL, "kind": "SLACK"});
    let made = ask(&server, &noor, &format!("POST {HOOKS}"), body.clone()).await.expect(201).json();
    assert_eq!(
        (&made["url"], &made["owner"]),
        (&json!(URL), &json!(server.user_id(&noor.email).await.to_string()))
    );
    assert_eq!(
        refusal(&ask(&server, &noor, &format!("POST {HOOKS}"), body.clone()).await),
        (409, "conflict".to_owned())
    );
    assert_eq!(refusal(&ask(&server, &gus, &format!("POST {HOOKS}"), body).await).0, 403);
    let count = async |by| {
        let list = ask(&server, by, &format!("GET {HOOKS}"), Value::Null).await.expect(200).json();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((count(&mira).await, count(&noor).await, count(&gus).await), (2, 1, 0));
    let one = format!("{HOOKS}/{}", made["id"].as_str().unwrap());
    let theirs = ask(&server, &mira, &format!("GET {HOOKS}"), Value::Null).await.json();
    let theirs =
        theirs["items"].as_array().unwrap().iter().find(|hook| hook["name"] == "alerts-prod").unwrap()["id"]
            .clone();
    let theirs = format!("{HOOKS}/{}", theirs.as_str().unwrap());
    for (line, body) in [("GET", Value::Null), ("PATCH", json!({"name": "x"})), ("DELETE", Value::Null)] {
        assert_eq!(ask(&server, &noor, &format!("{line} {theirs}"), body).await.status, 404, "{line}");
    }
    let otto = server.otto().await;
    let elsewhere = one.replace("northwind", "contoso");
    assert_eq!(ask(&server, &otto, &format!("DELETE {elsewhere}"), Value::Null).await.status, 404);
    let moved = "https://hooks.slack.example/T1/B2/other";
    let changed =
        ask(&server, &mira, &format!("PATCH {one}"), json!({"url": moved})).await.expect(200).json();
    assert_eq!((&changed["url"], &changed["name"]), (&json!(moved), &json!("alerts")));
    assert_eq!(ask(&server, &noor, &format!("DELETE {one}"), Value::Null).await.status, 204);
    assert_eq!(ask(&server, &noor, &format!("GET {one}"), Value::Null).await.status, 404);
    let told = server.sql("SELECT action, reason FROM audit WHERE action LIKE 'webhook.%'").await;
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|row| !row[1].as_ref().unwrap().contains("slack.example")), "{told:?}");
}

#[tokio::test]
async fn an_address_is_shown_to_those_who_may_write_it() {
    let server = Server::start().await;
    let mira = server.mira().await;
    let key = ask(&server, &mira, "POST /v1/me/tokens", json!({"name": "k", "role": "guest"}))
        .await
        .expect(201)
        .json();
    let guest = testkit::Actor { token: key["token"].as_str().unwrap().to_owned(), ..mira.clone() };
    let seen = ask(&server, &guest, &format!("GET {HOOKS}"), Value::Null).await.expect(200).json();
    assert_eq!((&seen["items"][0]["name"], &seen["items"][0]["url"]), (&json!("alerts-prod"), &Value::Null));
    let whole = ask(&server, &mira, &format!("GET {HOOKS}"), Value::Null).await.json();
    assert_eq!(whole["items"][0]["url"], "https://hooks.slack.example/T0/B0/xyz");
    let long = format!("https://h.example/{}", "x".repeat(2048));
    for (field, value) in [
        ("url", json!("http://h.example/x")),
        ("url", json!("https://")),
        ("url", json!("https:///x")),
        ("url", json!("https://h.example/a b")),
        ("url", json!(long)),
        ("kind", json!("TEAMS")),
        ("name", json!("")),
        ("owner", json!("x")),
        ("number", json!(1)),
    ] {
        let mut body = json!({"name": "n", "url": URL, "kind": "SLACK"});
        body[field] = value.clone();
        let answer = ask(&server, &mira, &format!("POST {HOOKS}"), body).await;
        assert_eq!(fault(&answer), (400, field.to_owned()), "{value}");
        let text = value.as_str().filter(|text| text.len() > 8).unwrap_or("no text");
        assert!(!String::from_utf8_lossy(&answer.body).contains(text), "an address is not repeated");
    }
}
