//! The lists of tokens, and what is taken from them.

use serde_json::{Value, json};
use testkit::{demo, seconds};

use super::{call, get, gus, mira, otto, said};
use crate::kit::{Herald, bare};
use crate::other;

const LOCAL: &str = "/api/tokens/local";

async fn listed(herald: &Herald, token: &str) -> Vec<Value> {
    let answer = herald.send(get(LOCAL, token)).await;
    assert_eq!(answer.status, 200);
    answer.json().as_array().unwrap().clone()
}

/// The id of somebody's demo key.
async fn id_of(herald: &Herald, token: &str) -> String {
    listed(herald, token).await[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn case_11_who_sees_what() {
    let herald = Herald::demo().await;
    let mut shown = herald.send(get(LOCAL, mira())).await.shown();
    let rows = shown["body"].as_array_mut().unwrap();
    rows.sort_by_key(|row| row["createdBy"].to_string());
    for row in rows {
        row["id"] = "[varies]".into();
    }
    insta::assert_json_snapshot!("mira_sees_all", shown);
    let emails = |rows: Vec<Value>| rows.iter().map(|row| row["createdBy"].clone()).collect::<Vec<_>>();
    assert_eq!(emails(listed(&herald, gus()).await), [demo::GUS]);
    assert_eq!(emails(listed(&herald, otto()).await), [demo::OTTO]);
    let text = String::from_utf8(herald.send(get(LOCAL, mira())).await.body.to_vec()).unwrap();
    for secret in [mira(), gus()] {
        assert!(!text.contains(&secret[..8]));
    }
}

#[tokio::test]
async fn case_11_a_key_of_another_dialect_shows_up() {
    let herald = Herald::demo().await;
    let token = herald.at.sign_in(demo::NOOR).await.token;
    herald.at.advance(seconds(1));
    let line = format!("Bearer {token}");
    let headers = [("authorization", &*line), ("content-type", "application/json")];
    let body = r#"{"name":"native","expires_in":60}"#;
    let minted = herald.send(crate::kit::with_body("POST", "/v1/me/tokens", &headers, body)).await.json();
    let rows = listed(&herald, &token).await;
    let expected = json!([{
        "id": minted["id"], "name": "native", "provider": "local", "role": "member",
        "createdBy": demo::NOOR, "createdAt": "2026-11-24T08:00:01Z", "expiry": "2026-11-24T08:01:01Z",
    }]);
    assert_eq!(Value::from(rows), expected);
    assert_eq!(listed(&herald, mira()).await.last().unwrap()["name"], "native", "oldest first");
    herald.at.advance(seconds(60));
    assert_eq!(listed(&herald, &token).await, Vec::<Value>::new(), "the live alone");
}

#[tokio::test]
async fn case_12_anothers_token_is_not_there() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let (of_mira, of_gus, of_otto) =
        (id_of(&herald, mira()).await, id_of(&herald, gus()).await, id_of(&herald, otto()).await);
    let noor = herald.at.sign_in(demo::NOOR).await.token;
    let random = "01a20244-e800-7c11-9a3e-5d0f6b7a8c21".to_owned();
    let mut bodies = Vec::new();
    for (by, id) in [
        (otto(), of_mira.as_str()),
        (otto(), &of_gus),
        (noor.as_str(), &of_gus),
        (mira(), &of_otto),
        (mira(), &random),
        (mira(), "x"),
        (mira(), "%ff"),
        (mira(), "'%20OR%201=1"),
    ] {
        let answer = call(&herald, "DELETE", &format!("/api/tokens/{id}"), by, "").await;
        assert_eq!(said(&answer), (404, "token not found".into()), "{id}");
        bodies.push(answer.body);
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
    for key in [mira(), gus(), otto()] {
        assert_eq!(herald.send(get("/auth/me", key)).await.status, 200);
    }
    let denied = call(&herald, "DELETE", &format!("/api/tokens/{of_gus}"), gus(), "").await;
    assert_eq!(said(&denied), (403, "permission denied".into()), "a guest has no tokens:write");
    let path = format!("/api/tokens/{of_gus}");
    assert_eq!(call(&herald, "DELETE", &path, mira(), "").await.status, 200);
    assert_eq!(herald.send(bare("POST", "/api/me", &[("x-api-key", gus())])).await.status, 403);
    assert_eq!(herald.send(bare("GET", "/account/me", &[("x-api-key", gus())])).await.status, 401);
    assert_eq!(said(&call(&herald, "DELETE", &path, mira(), "").await), (404, "token not found".into()));
}

#[tokio::test]
async fn a_thousand_at_most() {
    let herald = Herald::demo().await;
    let (engine, tenant) = (herald.at.engine(), herald.at.tenant_id(demo::NORTHWIND).await.uuid());
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001) \
                INSERT INTO tokens (id, number, tenant_id, kind, name, provider, created_at, origin) \
                SELECT randomblob(16), 1000000 + i, ";
    let tenant = engine.uuid(tenant);
    herald.at.sql(&format!("{rows}{tenant}, 'api_key', 'n' || i, 'local', i, '' FROM n")).await;
    let answer = herald.send(get(LOCAL, mira())).await;
    assert_eq!(answer.headers["x-herald-truncated"], "true");
    let rows = answer.json().as_array().unwrap().clone();
    assert_eq!((rows.len(), &rows[0]["name"], &rows[999]["name"]), (1000, &json!("n1"), &json!("n1000")));
    assert_eq!(herald.send(get(LOCAL, gus())).await.headers.get("x-herald-truncated"), None);
}

#[tokio::test]
async fn another_world() {
    let herald = Herald::of(other::WORLD).await;
    let mut rows = listed(&herald, other::ADA_IN_BIRCH).await;
    for row in &mut rows {
        row["id"] = "[varies]".into();
    }
    insta::assert_json_snapshot!("birch", rows);
    assert_eq!(listed(&herald, other::BO_AS_GUEST).await.len(), 5, "of every kind, his own alone");
    assert_eq!(said(&herald.send(get(LOCAL, other::DI)).await), (403, "permission denied".into()));
    assert_eq!(said(&herald.send(get(LOCAL, other::OF_ALDER)).await).0, 403);
}
