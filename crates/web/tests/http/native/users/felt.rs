//! What `/v1` changes is felt at the next request in every dialect.

use axum::body::Body;
use serde_json::{Value, json};
use testkit::demo;

use super::{Stage, ok};
use crate::native::call::{ask, send};

const DOORS: [&str; 6] = [
    "GET /v1/me",
    "POST /api/me",
    "GET /account/me",
    "GET /api/v2/users/loggedIn/detail",
    "GET /identity/resources/users/v3/me",
    "GET /auth/me",
];

async fn doors(stage: &Stage, token: &str) -> Vec<u16> {
    stage.herald.hear().await;
    let mut all = Vec::new();
    for line in DOORS {
        let (name, value) = if line.ends_with("/api/me") {
            ("x-api-key", token.to_owned())
        } else {
            ("authorization", format!("Bearer {token}"))
        };
        let request = ask(line).header(name, value).body(Body::empty()).unwrap();
        all.push(send(&stage.router, request).await.status.as_u16());
    }
    all
}

const SHUT: [u16; 6] = [401, 403, 401, 401, 401, 401];

#[tokio::test]
async fn every_way_to_shut_somebody_out_shuts_every_door() {
    type Way = (&'static str, fn(&str) -> String, fn() -> Value);
    let ways: [Way; 7] = [
        ("lock", |id| format!("POST /v1/users/{id}/lock"), || json!({})),
        ("deactivate", |id| format!("PATCH /v1/users/{id}"), || json!({"active": false})),
        ("delete", |id| format!("DELETE /v1/users/{id}"), || json!({})),
        (
            "password",
            |id| format!("POST /v1/users/{id}/password"),
            || json!({"password": "set by an administrator"}),
        ),
        ("sessions", |id| format!("POST /v1/users/{id}/sessions/end"), || json!({})),
        ("remove", |id| format!("DELETE /v1/tenants/northwind/members/{id}"), || json!({})),
        ("suspend", |id| format!("PATCH /v1/tenants/northwind/members/{id}"), || json!({"active": false})),
    ];
    for (way, line, body) in ways {
        let stage = Stage::set().await;
        let (mira, noor) = (stage.token(demo::MIRA).await, stage.token(demo::NOOR).await);
        let id = stage.id(demo::NOOR).await;
        for _ in 0..2 {
            assert_eq!(doors(&stage, &noor).await, [200; 6], "{way}");
        }
        let done = stage.ask(&line(&id), &mira, &body()).await;
        assert!(done.status.is_success(), "{way}: {}", done.text);
        assert_eq!(doors(&stage, &noor).await, SHUT, "{way}");
        assert_eq!(doors(&stage, &mira).await, [200; 6], "{way}");
    }
}

#[tokio::test]
async fn a_demotion_is_felt_everywhere() {
    let stage = Stage::set().await;
    let (mira, noor) = (stage.token(demo::MIRA).await, stage.token(demo::NOOR).await);
    let member = format!("PATCH /v1/tenants/northwind/members/{}", stage.id(demo::NOOR).await);
    assert_eq!(doors(&stage, &noor).await, [200; 6]);
    assert_eq!(stage.see("/v1/users", &noor).await.status, 200);
    assert_eq!(stage.says(&member, &mira, json!({"roles": ["guest"]})).await, ok(200));
    assert_eq!(doors(&stage, &noor).await, [200; 6], "he is still there");
    assert_eq!(stage.see("/v1/users", &noor).await.status, 403);
    assert_eq!(stage.see("/v1/me", &noor).await.json()["roles"], json!(["guest"]));
    let request = ask("POST /api/me").header("x-api-key", &noor).body(Body::empty()).unwrap();
    assert!(send(&stage.router, request).await.text.contains("GUEST"), "in upper case");
    let request = ask("GET /auth/me").header("authorization", format!("Bearer {noor}"));
    let aegis = send(&stage.router, request.body(Body::empty()).unwrap()).await.text;
    assert!(!aegis.contains("technician") && !aegis.contains("member"), "{aegis}");
}

/// A membership that comes back does not bring back the sessions and keys that ended with it.
#[tokio::test]
async fn who_comes_back_signs_in_again() {
    let stage = Stage::set().await;
    let (root, noor) = (stage.token(demo::ROOT).await, stage.token(demo::NOOR).await);
    let minted = stage.ask("POST /v1/me/tokens", &noor, &json!({"name": "n"})).await.json();
    let key = minted["token"].as_str().unwrap();
    let id = stage.id(demo::NOOR).await;
    assert_eq!(
        stage.says(&format!("DELETE /v1/tenants/northwind/members/{id}"), &root, json!({})).await,
        ok(204)
    );
    let again = json!({"email": demo::NOOR, "roles": ["admin"]});
    assert_eq!(stage.says("POST /v1/tenants/northwind/members", &root, again).await, ok(201));
    assert_eq!(stage.see("/v1/me", &noor).await.status, 401);
    assert_eq!(stage.see("/v1/me", key).await.status, 401);
    assert_eq!(stage.see("/v1/me", &stage.token(demo::NOOR).await).await.json()["roles"], json!(["admin"]));
}
