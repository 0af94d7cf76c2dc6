//! otto administers contoso; mira is a guest there and administers northwind. He sees her, and can end her seat: that he
//! can do nothing else to her is shown of every route by the matrix of strangers.

use serde_json::json;
use testkit::demo;

use super::{Stage, ok, said};

#[tokio::test]
async fn an_administrator_sees_a_guest_here_alone_and_ends_her_seat() {
    let stage = Stage::set().await;
    let (otto, mira) = (stage.token(demo::OTTO).await, stage.token(demo::MIRA).await);
    let id = stage.id(demo::MIRA).await;
    let user = format!("/v1/users/{id}");
    let before = stage.see("/v1/me", &mira).await.text;
    // He sees her, and nothing of northwind.
    let seen = stage.see(&user, &otto).await;
    assert_eq!((seen.status.as_u16(), seen.text.contains("northwind\"")), (200, false), "{}", seen.text);
    assert_eq!(seen.json()["memberships"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&seen.json()["memberships"][0]["tenant"]["key"], &seen.json()["default_tenant"]),
        (&json!("contoso"), &json!(null))
    );
    // What is seen but not his to change is no secret.
    let answer = stage.ask(&format!("PATCH {user}"), &otto, &json!({"name": "x"})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (403, &json!("forbidden")));
    assert!(answer.json()["decision"].is_string());
    // Her sessions in northwind are not there for him; ending them all ends none of those.
    let sessions = stage.see(&format!("{user}/sessions"), &otto).await;
    assert_eq!(sessions.json()["items"], json!([]));
    let session = stage.see("/v1/me/sessions", &mira).await.json()["items"][0]["id"].clone();
    let end = format!("DELETE {user}/sessions/{}", session.as_str().unwrap());
    assert_eq!(stage.says(&end, &otto, json!({})).await, said(404, "not_found"));
    assert_eq!(stage.says(&format!("POST {user}/sessions/end"), &otto, json!({})).await, ok(204));
    // Northwind is nowhere.
    for line in ["GET", "PATCH", "DELETE"] {
        let line = format!("{line} /v1/tenants/northwind/members/{id}");
        assert_eq!(stage.says(&line, &otto, json!({})).await, said(404, "not_found"));
    }
    let members = "/v1/tenants/northwind/members";
    assert_eq!(stage.says(&format!("GET {members}"), &otto, json!({})).await, said(404, "not_found"));
    assert_eq!(
        stage.says(&format!("POST {members}"), &otto, json!({"user": id})).await,
        said(404, "not_found")
    );
    assert_eq!(stage.see("/v1/me", &mira).await.text, before);
    // Her seat is his to end; northwind feels nothing.
    let end = format!("DELETE /v1/tenants/contoso/members/{id}");
    assert_eq!(stage.says(&end, &otto, json!({})).await, ok(204));
    assert_eq!(stage.see("/v1/me", &mira).await.status, 200);
    assert_eq!(stage.says(&format!("GET {user}"), &otto, json!({})).await, said(404, "not_found"));
    let into = json!({"email": demo::MIRA, "password": demo::password(demo::MIRA), "tenant": "contoso"});
    assert_eq!(stage.says("POST /v1/sign-in", "", into).await, said(401, "invalid_credentials"));
}

/// A membership elsewhere that is over or inactive still is one elsewhere.
#[tokio::test]
async fn a_seat_elsewhere_that_has_ended_still_counts() {
    let stage = Stage::set().await;
    let (root, mira) = (stage.token(demo::ROOT).await, stage.token(demo::MIRA).await);
    let id = stage.hire(&mira, "ada", "member").await;
    let rename = format!("PATCH /v1/users/{id}");
    assert_eq!(stage.says(&rename, &mira, json!({"name": "Ada"})).await, ok(200));
    let seat = json!({"user": id, "active": false});
    assert_eq!(stage.says("POST /v1/tenants/contoso/members", &root, seat).await, ok(201));
    assert_eq!(stage.says(&rename, &mira, json!({"name": "Eve"})).await, said(403, "forbidden"));
    let here = format!("/v1/tenants/contoso/members/{id}");
    assert_eq!(stage.says(&format!("DELETE {here}"), &root, json!({})).await, ok(204));
    assert_eq!(stage.says(&rename, &mira, json!({"name": "Eve"})).await, ok(200));
}
