//! What is made of bodies.

use std::fmt::Write as _;

use testkit::{Engine, Setup};

use super::{call, me, me_with, mira, otto};
use crate::kit::{Herald, bare, with_body};

#[tokio::test]
async fn case_02_a_body_says_nothing() {
    let herald = Herald::demo().await;
    let usual = herald.send(me(mira())).await;
    for body in ["{}", r#"{"type":"all","accountId":5}"#, " \r\n{ } ", r#"{"a":[[[{"b":null}]]]}"#] {
        assert_eq!(herald.send(me_with(mira(), body)).await.body, usual.body, "{body}");
    }
    for media in ["application/x-www-form-urlencoded", "text/plain", "nonsense", "application/json"] {
        let headers = [("x-api-key", mira()), ("content-type", media)];
        assert_eq!(
            herald.send(with_body("POST", "/api/me", &headers, "{}")).await.body,
            usual.body,
            "{media}"
        );
    }
}

#[tokio::test]
async fn case_08_no_identity_in_the_body() {
    let herald = Herald::demo().await;
    let usual = herald.send(me(otto())).await;
    let body = r#"{"accountId":1712000111,"user":"mira.holt@northwind.example"}"#;
    assert_eq!(herald.send(me_with(otto(), body)).await.body, usual.body);
}

#[tokio::test]
async fn case_24_broken_bodies() {
    let herald = Herald::demo().await;
    let deep = "[".repeat(10_000);
    let nested = format!(r#"{{"a":{}{}}}"#, "[".repeat(64), "]".repeat(64));
    let mut refused = Vec::new();
    for body in [
        "{",
        "[]",
        "\"x\"",
        "null",
        " ",
        "{}{}",
        r#"{"urls":[],"urls":[]}"#,
        r#"{"a":{"b":1,"b":1}}"#,
        &deep,
        &nested,
        "a=b",
        "\u{feff}{}",
    ] {
        let answer = herald.send(me_with(mira(), body.to_owned())).await;
        assert_eq!(answer.status, 400, "{}", body.get(..20).unwrap_or(body));
        refused.push(answer.body);
    }
    refused.dedup();
    assert_eq!(refused.len(), 1);
    insta::assert_json_snapshot!("broken_body", herald.send(me_with(mira(), "{")).await.shown());
    let bytes: &[u8] = b"{\"a\":\"\xff\"}";
    assert_eq!(herald.send(me_with(mira(), bytes)).await.status, 400);
    let at_the_limit = format!(r#"{{"a":{}{}}}"#, "[".repeat(63), "]".repeat(63));
    assert_eq!(herald.send(me_with(mira(), at_the_limit)).await.status, 200);
    assert_eq!(herald.send(me(mira())).await.status, 200);
}

#[tokio::test]
async fn case_24_two_mebibytes() {
    let herald = Herald::demo().await;
    let answer = herald.send(me_with(mira(), vec![b' '; 2 * 1024 * 1024])).await;
    insta::assert_json_snapshot!("too_large", answer.shown());
    let announced = [("x-api-key", mira()), ("content-length", "1048577")];
    assert_eq!(herald.send(bare("POST", "/api/me", &announced)).await.status, 413);
    // The size is judged before the key.
    assert_eq!(herald.send(me_with("nobody", vec![b'['; 2 * 1024 * 1024])).await.status, 413);
    assert_eq!(herald.send(me(mira())).await.status, 200);
}

#[tokio::test]
async fn a_body_within_the_limit_is_read_whole() {
    let herald = Herald::demo().await;
    let usual = herald.send(me(mira())).await;
    let mut many = String::from("{");
    for n in 0..60_000 {
        write!(many, "\"key{n}\":{n},").unwrap();
    }
    many.push_str("\"last\":0}");
    assert!(many.len() < 1024 * 1024);
    assert_eq!(herald.send(me_with(mira(), many.clone())).await.body, usual.body);
    many.truncate(many.len() - 1);
    many.push_str(",\"key0\":1}");
    assert_eq!(herald.send(me_with(mira(), many)).await.status, 400);
}

/// Valid JSON, which names nothing that is stored; on PostgreSQL, which cannot even be asked for it, too.
#[tokio::test]
async fn u0000_is_found_nowhere() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        for (path, body, status, said) in [
            ("/api/me", r#"{"\u0000":"\u0000"}"#, 200, "mira.holt"),
            ("/api/getAccessTypes", r#"{"urls":["/v1/orders\u0000","\u0000"]}"#, 200, r#""apiInfos":[]"#),
            ("/api/getAccessTypes", r#"{"urls":["\u0000","/v1/orders"]}"#, 200, "1714500001"),
            (
                "/api/getUserAnalysis",
                r#"{"agentId":"claude-desktop\u0000","deviceId":"lt-4471"}"#,
                200,
                "null",
            ),
            ("/api/getUserAnalysis", r#"{"agentId":"claude-desktop","deviceId":"\u0000"}"#, 200, "null"),
            (
                "/api/getCustomerStiggDetails",
                r#"{"customerId":"\u0000"}"#,
                422,
                "Org id is not of the form uuid",
            ),
        ] {
            let answer = herald.send(call(path, mira(), body)).await;
            let text = String::from_utf8_lossy(&answer.body);
            assert!(answer.status == status && text.contains(said), "{path} {body}: {text}");
        }
    }
}

#[tokio::test]
async fn the_key_is_judged_before_the_body() {
    let herald = Herald::demo().await;
    assert_eq!(herald.send(me_with("nobody", "{")).await.status, 403);
}
