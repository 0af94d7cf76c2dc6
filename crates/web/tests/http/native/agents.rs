//! `/v1/agents`.

use axum::body::Body;
use serde_json::{Value, json};
use testkit::{Engine, Setup, demo};

use crate::kit::{Answer, Herald, with_body};

fn mira() -> &'static str {
    demo::key(demo::MIRA)
}

async fn report(herald: &Herald, key: &str, lines: impl Into<Body>) -> Answer {
    let headers = [("x-api-key", key), ("content-type", "application/x-ndjson")];
    herald.send(with_body("POST", "/v1/agents/activity", &headers, lines)).await
}

async fn show(herald: &Herald, key: &str, path: &str) -> Answer {
    herald.send(with_body("GET", &format!("/v1/agents/{path}"), &[("x-api-key", key)], "")).await
}

#[tokio::test]
async fn the_device_of_the_demo() {
    let herald = Herald::demo().await;
    let shown = show(&herald, mira(), "claude-desktop/devices/lt-4471").await;
    insta::assert_json_snapshot!("device", shown.shown());
    let root = herald.at.sign_in(demo::ROOT).await.token;
    let path = "claude-desktop/devices/lt-4471?tenant=northwind";
    assert_eq!(show(&herald, &root, path).await.body, shown.body);
    let otto = demo::key(demo::OTTO);
    for path in [path, "claude-desktop/devices/lt-4471"] {
        assert_eq!(show(&herald, otto, path).await.status, 404);
    }
}

#[tokio::test]
async fn names_may_hold_anything_that_a_text_can() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let line = json!({"agent": " a/b %?ü ", "device": "漢 \"d\"", "user": "u"}).to_string();
        assert_eq!(report(&herald, mira(), line).await.json()["kept"], 1);
        let shown = show(&herald, mira(), "a%2Fb%20%25%3F%C3%BC/devices/%E6%BC%A2%20%22d%22").await;
        assert_eq!((shown.status.as_u16(), &shown.json()["agent"]), (200, &json!("a/b %?ü")));
        for path in ["a%00/devices/d", "%FF/devices/d", "a%2Fb/devices/%00"] {
            assert_eq!(show(&herald, mira(), path).await.status, 404, "{path}");
        }
        for query in ["?tenant=%00", "?tenant=%FF", "?tenant=a&tenant=b"] {
            let answer = show(&herald, mira(), &format!("a/devices/d{query}")).await;
            assert!([400, 404].contains(&answer.status.as_u16()), "{query}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn a_bad_line_is_named_and_the_rest_is_kept() {
    let herald = Herald::demo().await;
    let of = |more: Value| {
        let mut line = json!({"agent": "a", "device": "d", "user": "u"});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line.to_string()
    };
    let lines = [
        of(json!({})),
        of(json!({"agent": " "})),
        of(json!({"device": 5})),
        of(json!({"user": null})),
        of(json!({"topic": "x".repeat(129)})),
        of(json!({"reason": "x\ny"})),
        of(json!({"input_tokens": -1})),
        of(json!({"output_tokens": 1.5})),
        of(json!({"input_tokens": 9_223_372_036_854_775_808_u64})),
        of(json!({"at": "yesterday"})),
        of(json!({"at": "2999-01-01T00:00:00Z"})),
        "nonsense".to_owned(),
        of(json!({"reason": "x".repeat(2048), "id": "ignored", "tenant": "contoso"})),
    ];
    insta::assert_json_snapshot!("faults", report(&herald, mira(), lines.join("\n")).await.shown());
    let shown = show(&herald, mira(), "a/devices/d").await;
    assert_eq!(shown.json()["user"], "u");
    let audited = herald.at.sql("SELECT action, reason FROM audit WHERE action LIKE 'activities.%'").await;
    assert_eq!(
        audited,
        [[
            Some("activities.reported".to_owned()),
            Some("agents:write: role admin (*); 2 reported".to_owned())
        ]]
    );
    assert_eq!(show(&herald, demo::key(demo::OTTO), "a/devices/d").await.status, 404, "not contoso's");
}

#[tokio::test]
async fn only_who_may_write_reports() {
    let herald = Herald::demo().await;
    let line = json!({"agent": "a", "device": "d", "user": "u"}).to_string();
    assert_eq!(report(&herald, demo::key(demo::GUS), line.clone()).await.status, 403);
    let noor = herald.at.sign_in(demo::NOOR).await.token;
    assert_eq!(report(&herald, &noor, line.clone()).await.status, 200);
    let root = herald.at.sign_in(demo::ROOT).await.token;
    assert_eq!(report(&herald, &root, line).await.status, 400);
}

#[tokio::test]
async fn many_reports_at_once_lose_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let lines = |from: usize| {
            (from..from + 300)
                .map(|n| {
                    json!({"agent": format!("a{}", n % 3), "device": "d", "user": "u", "domain": format!("{}", n % 5),
                        "input_tokens": 1, "harmful": "h"})
                    .to_string()
                })
                .collect::<Vec<_>>()
                .join("\n")
        };
        let all = testkit::join_all((0..6).map(|n| report(&herald, mira(), lines(n * 50)))).await;
        assert!(all.iter().all(|answer| answer.json()["kept"] == 300));
        let mut tokens = 0;
        for agent in ["a0", "a1", "a2"] {
            let shown = show(&herald, mira(), &format!("{agent}/devices/d")).await.json();
            tokens += shown["input_tokens"].as_i64().unwrap();
            assert_eq!(shown["harmful"]["h"]["count"], shown["input_tokens"]);
        }
        assert_eq!(tokens, 1800);
    }
}
