//! `/v1/endpoints`.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use testkit::{Engine, Server, Setup, demo};

use crate::kit::{Answer, Herald, with_body};

fn mira() -> &'static str {
    demo::key(demo::MIRA)
}

async fn list(herald: &Herald, key: &str, query: &str) -> Answer {
    herald.send(with_body("GET", &format!("/v1/endpoints{query}"), &[("x-api-key", key)], "")).await
}

/// `GET /v1/orders 1714500001`
fn rows(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let row =
        |row: &Value| format!("{} {} {}", row["method"], row["url"], row["collection"]).replace('"', "");
    body["items"].as_array().unwrap_or_else(|| panic!("{body}")).iter().map(row).collect()
}

async fn put(herald: &Herald, key: &str, body: &Value) -> Answer {
    let headers = [("x-api-key", key), ("content-type", "application/json")];
    herald.send(with_body("PUT", "/v1/endpoints", &headers, body.to_string())).await
}

async fn observe(herald: &Herald, key: &str, lines: impl Into<Body>) -> Answer {
    let headers = [("x-api-key", key), ("content-type", "application/x-ndjson")];
    herald.send(with_body("POST", "/v1/endpoints/observations", &headers, lines)).await
}

fn endpoint(collection: i64, method: &str, url: &str, access: &[&str]) -> Value {
    json!({"collection": collection, "method": method, "url": url, "access": access})
}

#[tokio::test]
async fn the_inventory_of_the_demo() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("inventory", list(&herald, mira(), "").await.shown());
}

#[tokio::test]
async fn a_list_is_filtered_and_walked_to_its_end() {
    let herald = Herald::with(Setup::on(Engine::Postgres)).await;
    let items: Vec<Value> = ["/a", "/a/b", "/a%", "/a_", "/b", "/ü", "/\u{10FFFF}"]
        .into_iter()
        .flat_map(|url| [endpoint(1, "GET", url, &[]), endpoint(2, "PUT", url, &["PUBLIC"])])
        .collect();
    assert_eq!(put(&herald, mira(), &json!({"items": items})).await.json()["created"], 14);
    for (query, count) in [
        ("?search=%2Fa", 8),
        ("?search=%2Fa%25", 2),
        ("?search=%2Fa_", 2),
        ("?search=%2FA", 0),
        ("?search=%2F%C3%BC&method=PUT", 1),
        ("?search=%2F%F4%8F%BF%BF", 2),
        ("?collection=2", 7),
        ("?collection=2&search=%2Fb", 1),
        ("?collection=2&method=GET", 0),
        ("?method=PUT&limit=200", 7),
        ("?collection=1714500003", 1),
        ("", 17),
    ] {
        assert_eq!(rows(&list(&herald, mira(), query).await).len(), count, "{query}");
    }
    for filter in ["", "&collection=1", "&method=PUT", "&search=%2Fa"] {
        let all = rows(&list(&herald, mira(), &format!("?limit=200{filter}")).await);
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let part = list(&herald, mira(), &format!("?limit=3{after}{filter}")).await;
            seen.extend(rows(&part));
            let Some(next) = part.json()["next"].as_str().map(str::to_owned) else { break };
            after = format!("&after={next}");
        }
        assert_eq!(seen, all, "{filter}");
        let mut sorted = all.clone();
        sorted.dedup();
        assert_eq!(sorted.len(), all.len());
    }
}

#[tokio::test]
async fn whoever_sees_some_collections_sees_those_here_too() {
    let herald = Herald::demo().await;
    let ragu = herald.at.sign_in(demo::RAGU).await.token;
    let seen = rows(&list(&herald, &ragu, "").await);
    assert_eq!(seen, ["POST /v1/admin/users 1714500001", "GET /v1/orders 1714500001"]);
    assert_eq!(rows(&list(&herald, &ragu, "?collection=1714500003").await), [] as [&str; 0]);
}

#[tokio::test]
async fn a_tenant_is_reached_by_its_own_and_by_operators() {
    let herald = Herald::demo().await;
    let root = herald.at.sign_in(demo::ROOT).await.token;
    assert_eq!(list(&herald, &root, "").await.json()["fields"][0]["field"], "tenant");
    assert_eq!(rows(&list(&herald, &root, "?tenant=northwind").await).len(), 3);
    assert_eq!(list(&herald, &root, "?tenant=nowhere").await.status, 404);
    let otto = demo::key(demo::OTTO);
    assert_eq!(rows(&list(&herald, otto, "").await), [] as [&str; 0]);
    assert_eq!(list(&herald, otto, "?tenant=northwind").await.status, 404);
    assert_eq!(list(&herald, demo::key(demo::GUS), "").await.status, 200);
    assert_eq!(put(&herald, demo::key(demo::GUS), &endpoint(1, "GET", "/x", &[])).await.status, 403);
}

#[tokio::test]
async fn a_direct_write_replaces_and_observation_adds() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let orders = |access: &[&str]| endpoint(1_714_500_001, "GET", "/v1/orders", access);
        let shown = async || {
            list(&herald, mira(), "?search=%2Fv1%2Forders").await.json()["items"][0]["access"].clone()
        };
        let written = put(&herald, mira(), &orders(&["THIRD_PARTY"])).await;
        assert_eq!(written.json(), json!({"created": 0, "changed": 1, "unchanged": 0}));
        assert_eq!(shown().await, json!(["THIRD_PARTY"]));
        let written = put(&herald, mira(), &orders(&["THIRD_PARTY", "THIRD_PARTY"])).await;
        assert_eq!(written.json(), json!({"created": 0, "changed": 0, "unchanged": 1}));
        let line = |from: &str| {
            json!({"collection": 1_714_500_001, "method": "GET", "url": "/v1/orders", "source": from})
                .to_string()
        };
        let told = observe(&herald, mira(), [line("10.0.0.1"), line("203.0.113.1")].join("\n")).await;
        let expected = json!({"kept": 2, "refused": 0, "faults": [], "created": 0, "changed": 1});
        assert_eq!(told.json(), expected);
        assert_eq!(shown().await, json!(["PARTNER", "PRIVATE", "THIRD_PARTY"]));
        let told = observe(&herald, mira(), line("10.0.0.2")).await;
        assert_eq!(told.json()["changed"], 0);
        let audited = herald.at.sql("SELECT action, reason FROM audit WHERE action LIKE 'endpoints.%'").await;
        let audited: Vec<_> =
            audited.into_iter().map(|row| row.into_iter().flatten().collect::<Vec<_>>()).collect();
        let why = "endpoints:write: role admin (*); 0 created, 1 changed";
        assert_eq!(audited, [["endpoints.written", why], ["endpoints.observed", why]]);
    }
}

#[tokio::test]
async fn every_bad_endpoint_is_refused_by_its_field() {
    let herald = Herald::demo().await;
    let long = "/x".repeat(1025);
    for (body, field) in [
        (json!({}), "collection"),
        (endpoint(1 << 53, "GET", "/x", &[]), "collection"),
        (json!({"collection": 1.5, "method": "GET", "url": "/x", "access": []}), "collection"),
        (endpoint(1, "get", "/x", &[]), "method"),
        (endpoint(1, "GETT", "/x", &[]), "method"),
        (endpoint(1, "GET", "", &[]), "url"),
        (endpoint(1, "GET", "/a\nb", &[]), "url"),
        (endpoint(1, "GET", &long, &[]), "url"),
        (endpoint(1, "GET", "/x", &["public"]), "access"),
        (json!({"collection": 1, "method": "GET", "url": "/x"}), "access"),
        (json!({"items": 5}), "items"),
        (json!({"items": [5]}), "items"),
        (json!({"items": [endpoint(1, "GET", "/x", &[]), endpoint(1, "GET", "/x", &["PUBLIC"])]}), "items"),
        (json!({"items": [endpoint(1, "GET", "/x", &[]), endpoint(1, "GET", "", &[])]}), "items"),
        (json!({"items": vec![endpoint(1, "GET", "/x", &[]); 501]}), "items"),
    ] {
        let refused = put(&herald, mira(), &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert_eq!(refused.json()["fields"][0]["field"], field, "{body}");
    }
    assert_eq!(rows(&list(&herald, mira(), "").await).len(), 3, "all or nothing");
    assert_eq!(put(&herald, mira(), &json!({"items": []})).await.status, 200);
}

#[tokio::test]
async fn a_bad_line_is_named_and_the_rest_is_kept() {
    let herald = Herald::demo().await;
    let good = json!({"collection": 1, "method": "GET", "url": "/good", "source": "unknown", "more": [1]})
        .to_string();
    let long = "x".repeat(70_000);
    let deep = "[".repeat(100);
    let lines: Vec<&str> = vec![
        &good,
        "{",
        "",
        "[]",
        r#"{"collection":1,"collection":1}"#,
        r#"{"collection":1,"method":"GET","url":"/a\u0000"}"#,
        &long,
        r#"{"collection":1,"method":"GET","url":"/x","direction":"up"}"#,
        r#"{"collection":1,"method":"GET","url":"/x","source":5}"#,
        r#"{"collection":1,"method":"GET","url":"/x","headers":{"X-Real-IP":5}}"#,
        &deep,
        "\u{feff}{}",
        "  \r",
        r#"{"collection":1,"method":"GET","url":"/last","headers":{"X-Real-IP":["10.0.0.1"],"Cookie":5}}"#,
    ];
    insta::assert_json_snapshot!("faults", observe(&herald, mira(), lines.join("\n")).await.shown());
    let kept = list(&herald, mira(), "?collection=1").await;
    assert_eq!(rows(&kept), ["GET /good 1", "GET /last 1"]);
    assert_eq!(kept.json()["items"][1]["access"], json!(["PRIVATE"]));
}

#[tokio::test]
async fn faults_are_named_up_to_a_hundred_and_counted_beyond() {
    let herald = Herald::demo().await;
    let told = observe(&herald, mira(), "x\n".repeat(5_000)).await.json();
    assert_eq!((&told["refused"], told["faults"].as_array().unwrap().len()), (&json!(5_000), 100));
    assert_eq!(told["faults"][99]["line"], 100);
}

/// Far beyond `limits.body_bytes`, in pieces that end anywhere.
#[tokio::test]
async fn a_stream_may_be_of_any_size() {
    let herald = Herald::demo().await;
    let line = |n: usize| {
        let pad = "p".repeat(200);
        format!(
            "{{\"collection\":7,\"method\":\"GET\",\"url\":\"/{}\",\"source\":\"10.0.0.1\",\"pad\":\"{pad}\"}}\n",
            n % 700
        )
    };
    let all: String = (0..20_000).map(line).collect();
    assert!(all.len() > 5 * 1024 * 1024);
    let bytes = Bytes::from(all);
    let pieces: Vec<_> = (0..bytes.len())
        .step_by(9_973)
        .map(|at| Ok::<_, std::io::Error>(bytes.slice(at..bytes.len().min(at + 9_973))))
        .collect();
    let told = observe(&herald, mira(), Body::from_stream(stream::iter(pieces))).await.json();
    assert_eq!(told, json!({"kept": 20_000, "refused": 0, "faults": [], "created": 700, "changed": 0}));
}

#[tokio::test]
async fn what_came_before_a_stream_broke_off_is_kept() {
    let herald = Herald::demo().await;
    let good = |url: &str| format!("{{\"collection\":7,\"method\":\"GET\",\"url\":\"{url}\"}}\n");
    let pieces =
        vec![Ok(Bytes::from(good("/one"))), Ok(Bytes::from("{\"coll")), Err(std::io::Error::other("cut"))];
    let answer = observe(&herald, mira(), Body::from_stream(stream::iter(pieces))).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-herald-kept")), (400, Some("1")));
    assert_eq!(rows(&list(&herald, mira(), "?collection=7").await), ["GET /one 7"]);
}

#[tokio::test]
async fn nobody_streams_who_may_not_and_nothing_else_is_read() {
    let herald = Herald::demo().await;
    let never = || Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    let refused = observe(&herald, demo::key(demo::GUS), never()).await;
    assert_eq!((refused.status.as_u16(), refused.header("x-herald-kept")), (403, None));
    assert_eq!(observe(&herald, "nobody", never()).await.status, 401);
    let headers = [("x-api-key", mira()), ("content-type", "text/plain")];
    let plain = with_body("POST", "/v1/endpoints/observations", &headers, never());
    assert_eq!(herald.send(plain).await.status, 415);
}

/// The clock here is the machine's: a deadline of 400 ms, and pieces every 100 ms for as long as three deadlines.
#[tokio::test]
async fn the_deadline_ends_a_stream_that_stands_still_and_none_that_moves() {
    let short =
        Server::with(Setup::on(Engine::Sqlite), |config| config.deadline = Duration::from_millis(400)).await;
    let herald = Herald { at: short };
    let line = |n: u64| format!("{{\"collection\":7,\"method\":\"GET\",\"url\":\"/{n}\"}}\n");
    let moving = stream::unfold(0, move |n| async move {
        if n == 12 {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        Some((Ok::<_, std::io::Error>(Bytes::from(line(n))), n + 1))
    });
    let told = observe(&herald, mira(), Body::from_stream(moving)).await;
    assert_eq!((told.status.as_u16(), told.json()["kept"].clone()), (200, json!(12)));
    let first = stream::once(async move { Ok::<_, std::io::Error>(Bytes::from(line(100) + "{\"coll")) });
    let still = Body::from_stream(first.chain(stream::pending()));
    let answer = observe(&herald, mira(), still).await;
    assert_eq!((answer.status.as_u16(), answer.header("x-herald-kept")), (503, Some("1")));
    let kept = rows(&list(&herald, mira(), "?collection=7").await);
    assert!(kept.contains(&"GET /100 7".to_owned()), "what came before it stood still: {kept:?}");
}

/// A key that dies while its stream runs writes nothing more.
#[tokio::test]
async fn a_stream_ends_with_its_credential() {
    let herald = Herald::demo().await;
    let line = |n: usize| Bytes::from(format!("{{\"collection\":7,\"method\":\"GET\",\"url\":\"/{n}\"}}\n"));
    let (at, router) = (&herald.at, herald.at.router());
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel::<Bytes>();
    let pieces = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (Ok::<_, std::io::Error>(piece), receiver))
    });
    let headers = [("x-api-key", mira()), ("content-type", "application/x-ndjson")];
    let request = with_body("POST", "/v1/endpoints/observations", &headers, Body::from_stream(pieces));
    let running = tokio::spawn(tower::ServiceExt::oneshot(router, request));
    sender.send(line(1)).unwrap();
    let counted = async || at.sql("SELECT COUNT(*) FROM endpoints WHERE collection = 7").await[0][0].clone();
    while counted().await != Some("1".to_owned()) {
        // Whoever waits for more than two seconds is written when the next one comes.
        at.advance(testkit::seconds(3));
        sender.send(line(1)).unwrap();
        tokio::task::yield_now().await;
    }
    at.change_user(demo::MIRA, "UPDATE users SET locked = TRUE WHERE email LIKE 'mira.%'").await;
    at.advance(testkit::seconds(3));
    sender.send(line(2)).unwrap();
    drop(sender);
    let refused = running.await.unwrap().unwrap();
    let kept =
        refused.headers().get("x-herald-kept").map(|kept| kept.to_str().unwrap().parse::<usize>().unwrap());
    assert_eq!(refused.status(), 401);
    assert!(kept >= Some(1), "{kept:?}");
    assert_eq!(counted().await, Some("1".to_owned()));
}
