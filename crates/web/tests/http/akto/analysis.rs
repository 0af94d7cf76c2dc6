//! `POST /api/getUserAnalysis`.

use serde_json::{Value, json};
use testkit::{Engine, Setup, demo};

use super::{call, mira, otto};
use crate::kit::{Answer, Herald, with_body};

const PATH: &str = "/api/getUserAnalysis";

async fn ask(herald: &Herald, key: &str, agent: &str, device: &str) -> Answer {
    herald.send(call(PATH, key, json!({"agentId": agent, "deviceId": device}).to_string())).await
}

async fn report(herald: &Herald, lines: &[Value]) -> Value {
    let headers = [("x-api-key", mira()), ("content-type", "application/x-ndjson")];
    let lines = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    herald.send(with_body("POST", "/v1/agents/activity", &headers, lines)).await.json()
}

#[tokio::test]
async fn case_22_the_example() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("analysis", ask(&herald, mira(), "claude-desktop", "lt-4471").await.shown());
}

#[tokio::test]
async fn case_22_names_are_trimmed_and_then_exact() {
    let herald = Herald::demo().await;
    let usual = ask(&herald, mira(), "claude-desktop", "lt-4471").await;
    assert_eq!(ask(&herald, mira(), " claude-desktop ", "\tlt-4471\n").await.body, usual.body);
    let long = "x".repeat(10_000);
    for agent in ["Claude-Desktop", "claude-desktop%", "claude_desktop", "*", "'; --", &long] {
        let answer = ask(&herald, mira(), agent, "lt-4471").await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, json!({"userAnalysis": null})), "{agent}");
    }
    assert_eq!(ask(&herald, otto(), "claude-desktop", "lt-4471").await.body, r#"{"userAnalysis":null}"#);
}

#[tokio::test]
async fn case_22_what_is_missing_is_said_in_order() {
    let herald = Herald::demo().await;
    for (body, text) in [
        ("", "Agent ID is required"),
        (r#"{"deviceId":"d"}"#, "Agent ID is required"),
        (r#"{"agentId":" ","deviceId":" "}"#, "Agent ID is required"),
        (r#"{"agentId":5,"deviceId":"d"}"#, "Agent ID is required"),
        (r#"{"agentId":null}"#, "Agent ID is required"),
        (r#"{"agentId":"a"}"#, "Device ID is required"),
        (r#"{"agentId":"a","deviceId":""}"#, "Device ID is required"),
        (r#"{"agentId":"a","deviceId":7}"#, "Device ID is required"),
        (r#"{"agentId":"a","deviceId":["d"]}"#, "Device ID is required"),
    ] {
        let answer = herald.send(call(PATH, mira(), body)).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (422, json!({"actionErrors": [text]})), "{body}");
    }
}

#[tokio::test]
async fn case_23_a_third_row_with_other_topics() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let of = |more: Value| {
            let mut line = json!({"agent": "claude-desktop", "device": "lt-4471", "user": "noor"});
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            line
        };
        let told = report(&herald, &[
            of(json!({"topic": "rivers", "at": "2026-11-19T00:00:00Z"})),
            of(json!({"domain": "cooking", "at": "2026-11-21T10:00:00Z", "harmful": "credential_sharing"})),
            of(json!({"domain": "cooking", "topic": "bread", "user": "early", "at": "2026-11-18T00:00:00Z"})),
            of(json!({"domain": " ", "topic": "", "at": "2026-11-18T00:00:00Z", "input_tokens": 0})),
            of(json!({"domain": "art", "topic": "bread", "at": "2026-11-18T00:00:00Z"})),
        ])
        .await;
        assert_eq!(told, json!({"kept": 5, "refused": 0, "faults": []}));
        insta::assert_json_snapshot!(
            "third_row",
            ask(&herald, mira(), "claude-desktop", "lt-4471").await.json()
        );
    }
}

#[tokio::test]
async fn case_23_sums_do_not_overflow() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let line = |input: i64, output: i64| json!({"agent": "a", "device": "d", "user": "u", "input_tokens": input, "output_tokens": output});
        for _ in 0..2 {
            report(&herald, &[line(i64::MAX, i64::MAX - 1), line(i64::MAX, 0)]).await;
        }
        report(&herald, &[line(1, 1)]).await;
        let data = ask(&herald, mira(), "a", "d").await.json()["userAnalysis"]["analysisData"].clone();
        assert_eq!(
            (&data["totalInputTokens"], &data["totalOutputTokens"]),
            (&json!(i64::MAX), &json!(i64::MAX))
        );
    }
}

/// Kept as they come, in batches of any cut, they add up to what adding them all up at once gives.
#[tokio::test]
async fn the_running_sums_are_the_sums_of_the_rows() {
    let herald = Herald::demo().await;
    let line = |n: i64| {
        json!({"agent": "a", "device": "d", "user": format!("u{n}"), "domain": format!("d{}", n % 7),
            "topic": format!("t{}", n % 3), "input_tokens": n, "at": format!("2026-11-{:02}T00:00:00Z", 1 + n % 20)})
    };
    let lines: Vec<Value> = (0..600).map(line).collect();
    for part in [&lines[..1], &lines[1..300], &lines[300..]] {
        assert_eq!(report(&herald, part).await["refused"], 0);
    }
    let at_once = Herald::of(&format!("{NORTHWIND}{}", (0..600).map(declared).collect::<String>())).await;
    let (running, declared) = (ask(&herald, mira(), "a", "d").await, ask(&at_once, ANN, "a", "d").await);
    assert_eq!(running.json(), declared.json());
    assert_eq!(running.json()["userAnalysis"]["analysisData"]["totalInputTokens"], 179_700);
    assert_eq!(running.json()["userAnalysis"]["analysisData"]["userName"], "u599");
}

fn declared(n: i64) -> String {
    format!(
        "[[activity]]\ntenant = \"northwind\"\nagent = \"a\"\ndevice = \"d\"\nuser = \"u{n}\"\ndomain = \"d{}\"\n\
         topic = \"t{}\"\ninput_tokens = {n}\nat = 2026-11-{:02}T00:00:00Z\n",
        n % 7,
        n % 3,
        1 + n % 20
    )
}

const ANN: &str = "ann-of-northwind-00000000000000000000001";
const NORTHWIND: &str = r#"
[[tenant]]
key = "northwind"
name = "Northwind Traders"
[[user]]
email = "ann@northwind.example"
[[user.membership]]
tenant = "northwind"
roles = ["guest"]
[[token]]
owner = "ann@northwind.example"
tenant = "northwind"
name = "k"
secret = "ann-of-northwind-00000000000000000000001"
"#;

#[tokio::test]
async fn a_world_applied_again_counts_nothing_twice() {
    let herald = Herald::demo().await;
    let before = ask(&herald, mira(), "claude-desktop", "lt-4471").await;
    herald.at.advance(testkit::hours(1));
    herald.apply(demo::TOML).await;
    assert_eq!(ask(&herald, mira(), "claude-desktop", "lt-4471").await.body, before.body);
}
