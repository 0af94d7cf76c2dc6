//! What one may do to oneself, and with what.

use serde_json::json;
use testkit::demo;

use super::{PASSWORD, Stage, ok, said};

/// A key does not shut its owner out, nor take him away; whoever has signed in does.
#[tokio::test]
async fn locking_and_deleting_oneself_ask_for_somebody_who_signed_in() {
    let stage = Stage::set().await;
    let (session, key) = (stage.token(demo::GUS).await, demo::key(demo::GUS));
    let own = format!("/v1/users/{}", stage.id(demo::GUS).await);
    let lines = [
        (format!("POST {own}/lock"), json!({})),
        (format!("PATCH {own}"), json!({"active": false})),
        (format!("DELETE {own}"), json!({})),
    ];
    for (line, body) in &lines {
        assert_eq!(stage.says(line, key, body.clone()).await, said(403, "forbidden"), "{line}");
    }
    assert_eq!(stage.see("/v1/me", key).await.status, 200);
    let refused = "SELECT COUNT(*) FROM audit WHERE action = 'access.refused'";
    assert_eq!(stage.herald.sql(refused).await[0][0].as_deref(), Some("3"), "told of, each");
    let (lock, body) = &lines[0];
    assert_eq!(stage.says(lock, &session, body.clone()).await, ok(204));
    assert_eq!(stage.see("/v1/me", key).await.status, 401, "it rests");
    let root = stage.token(demo::ROOT).await;
    assert_eq!(stage.says(&format!("POST {own}/unlock"), &root, json!({})).await, ok(204));
    let session = stage.token(demo::GUS).await;
    let (delete, body) = &lines[2];
    assert_eq!(stage.says(delete, &session, body.clone()).await, ok(204));
    assert_eq!(stage.see(&own, &root).await.status, 404);
    let told = "SELECT reason FROM audit WHERE action = 'user.deleted'";
    let told = stage.herald.sql(told).await;
    assert_eq!(told, [[Some(format!("oneself; {}", demo::GUS))]]);
}

/// An operator without a tenant who is one no more has nothing that a session could be for.
#[tokio::test]
async fn an_operator_no_more_is_signed_out_and_the_session_does_not_come_back() {
    let stage = Stage::set().await;
    let root = stage.token(demo::ROOT).await;
    let second = json!({"email": "second@x.example", "operator": true, "password": PASSWORD});
    assert_eq!(stage.says("POST /v1/users", &root, second).await, ok(201));
    let signed = stage.herald.try_sign_in("second@x.example", PASSWORD).await.unwrap().token;
    assert_eq!(stage.see("/v1/users", &signed).await.status, 200);
    let change = format!("PATCH /v1/users/{}", stage.id("second@x.example").await);
    for operator in [false, true] {
        assert_eq!(stage.says(&change, &root, json!({"operator": operator})).await, ok(200));
        assert_eq!(stage.see("/v1/users", &signed).await.status, 401);
    }
    let ended = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NOT NULL AND tenant_id IS NULL";
    assert_eq!(stage.herald.sql(ended).await[0][0].as_deref(), Some("1"));
}
