//! What all eight have in common.

use testkit::demo;

use super::{CALLS, call, mira, signing};
use crate::kit::{Herald, bare, with_body};
use crate::other;

#[tokio::test]
async fn case_01_every_call_answers_json_that_nobody_keeps() {
    let herald = signing().await;
    for (path, body) in CALLS {
        let answer = herald.send(call(path, mira(), body)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("set-cookie"), None, "{path}");
    }
}

/// `curl -X POST "$URL/api/…" -H 'content-type: application/json' -H 'X-API-KEY: …' -d '{}'`, and without `-d`.
#[tokio::test]
async fn case_02_the_five_without_a_body_take_any_object() {
    let herald = Herald::demo().await;
    for (path, _) in CALLS.into_iter().filter(|(_, body)| body.is_empty()) {
        let usual = herald.send(call(path, mira(), "")).await;
        assert_eq!(usual.status, 200, "{path}");
        for body in ["{}", r#"{"type":"all","accountId":5}"#] {
            assert_eq!(herald.send(call(path, mira(), body)).await.body, usual.body, "{path} {body}");
            let form = [("x-api-key", mira()), ("content-type", "application/x-www-form-urlencoded")];
            assert_eq!(herald.send(with_body("POST", path, &form, body)).await.body, usual.body, "{path}");
        }
    }
}

#[tokio::test]
async fn case_04_no_call_opens_to_a_dead_key() {
    let herald = Herald::of(other::WORLD).await;
    let usual = herald.send(bare("POST", "/api/me", &[])).await;
    for (path, body) in CALLS {
        assert_eq!(herald.send(with_body("POST", path, &[], body)).await.body, usual.body, "{path}");
        for (why, key) in other::DEAD {
            let answer = herald.send(call(path, key, body)).await;
            assert_eq!((answer.status, &answer.body), (usual.status, &usual.body), "{path}: {why}");
        }
    }
}

#[tokio::test]
async fn case_07_every_call_is_a_post() {
    let herald = Herald::demo().await;
    for (path, _) in CALLS {
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
            let answer = herald.send(bare(method, path, &[("x-api-key", mira())])).await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("allow")),
                (405, Some("POST")),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn case_12_without_access_one_sees_oneself_alone() {
    let herald = Herald::of(other::WORLD).await;
    for (path, body) in CALLS {
        // The guard decides before the body is looked into.
        for body in [body, "{", "[]"] {
            let answer = herald.send(call(path, other::DI, body)).await;
            let own = ["/api/me", "/api/fetchUserLastLoginTs"].contains(&path);
            if own {
                assert_eq!(
                    answer.status,
                    if ["{", "[]"].contains(&body) { 400 } else { 200 },
                    "{path} {body}"
                );
                continue;
            }
            assert_eq!(answer.status, 403, "{path} {body}");
            let text = r#"{"actionErrors":["The role 'NO_ACCESS' does not have access."]}"#;
            assert_eq!(answer.body, text, "{path} {body}");
        }
    }
}

#[tokio::test]
async fn case_12_the_role_that_is_named_is_the_one_that_lacks_it() {
    let herald = Herald::of(NAMES).await;
    for (key, name) in [
        ("eve-capped-to-nothing-000000000000000001", "NO_ACCESS"),
        ("flo-of-a-role-without-base-0000000000002", "NO_ACCESS"),
    ] {
        let answer = herald.send(call("/api/getCustomRoles", key, "")).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.json()["actionErrors"][0], format!("The role '{name}' does not have access."));
    }
    // What such a role does permit, it permits here too.
    let tokens =
        herald.send(call("/api/fetchApiTokens", "flo-of-a-role-without-base-0000000000002", "")).await;
    assert_eq!(tokens.status, 200);
}

const NAMES: &str = r#"
[[tenant]]
key = "elm"
name = "Elm"
[[role]]
key = "reader"
tenant = "elm"
permissions = ["tokens:read"]
[[user]]
email = "eve@elm.example"
[[user.membership]]
tenant = "elm"
roles = ["admin"]
[[user]]
email = "flo@elm.example"
[[user.membership]]
tenant = "elm"
roles = ["reader"]
[[token]]
owner = "eve@elm.example"
tenant = "elm"
name = "e"
role = "no_access"
secret = "eve-capped-to-nothing-000000000000000001"
[[token]]
owner = "flo@elm.example"
tenant = "elm"
name = "f"
secret = "flo-of-a-role-without-base-0000000000002"
"#;

#[tokio::test]
async fn case_24_no_broken_body_breaks_a_call() {
    let herald = Herald::demo().await;
    let deep = "[".repeat(10_000);
    for (path, _) in CALLS {
        for body in ["{", "[]", "\"x\"", r#"{"urls":[],"urls":[]}"#, &deep] {
            let answer = herald.send(call(path, mira(), body.to_owned())).await;
            assert_eq!(answer.status, 400, "{path}");
            assert_eq!(answer.body, r#"{"actionErrors":["Request body is not a valid JSON object"]}"#);
        }
        let answer = herald.send(call(path, mira(), vec![b' '; 2 * 1024 * 1024])).await;
        assert_eq!(answer.status, 413, "{path}");
        assert_eq!(answer.body, r#"{"actionErrors":["Request body is too large"]}"#);
    }
}

/// Every call asks the store or the read model; none lets a driver speak.
#[tokio::test]
async fn case_25_the_store_is_away_for_every_call() {
    let herald = signing().await;
    for table in ["tokens", "memberships"] {
        herald
            .at
            .sql(&format!("PRAGMA legacy_alter_table = ON; ALTER TABLE {table} RENAME TO elsewhere"))
            .await;
        for (path, body) in CALLS {
            let answer = herald.send(call(path, mira(), body)).await;
            assert_eq!(answer.status, 503, "{path}");
            assert_eq!(answer.body, r#"{"actionErrors":["Service unavailable"]}"#, "{path}");
            assert!(answer.header("retry-after").is_some());
        }
        herald
            .at
            .sql(&format!("PRAGMA legacy_alter_table = ON; ALTER TABLE elsewhere RENAME TO {table}"))
            .await;
    }
}

/// None of the eight writes anything but the refusals of the guards.
#[tokio::test]
async fn reading_leaves_nothing_behind() {
    let herald = signing().await;
    let count =
        async |table: &str| herald.at.sql(&format!("SELECT COUNT(*) FROM {table}")).await[0][0].clone();
    let before = (count("audit").await, count("sessions").await);
    for (path, body) in CALLS {
        assert_eq!(herald.send(call(path, mira(), body)).await.status, 200);
    }
    assert_eq!((count("audit").await, count("sessions").await), before);
}

#[tokio::test]
async fn a_revoked_key_is_dead_at_the_next_request_of_every_call() {
    for (path, body) in CALLS {
        let herald = signing().await;
        herald.at.hear().await;
        assert_eq!(herald.send(call(path, mira(), body)).await.status, 200, "{path}");
        let bearer = format!("Bearer {}", herald.at.sign_in(demo::MIRA).await.token);
        let listed = herald.send(bare("GET", "/v1/me/tokens", &[("authorization", &bearer)])).await.json();
        let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
        let path_of_key = format!("/v1/me/tokens/{id}");
        let revoked = herald.send(bare("DELETE", &path_of_key, &[("authorization", &bearer)])).await;
        assert_eq!(revoked.status, 204);
        assert_eq!(herald.send(call(path, mira(), body)).await.status, 403, "{path}");
    }
}
