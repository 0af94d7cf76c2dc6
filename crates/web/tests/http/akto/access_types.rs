//! `POST /api/getAccessTypes`.

use serde_json::{Value, json};
use testkit::{Engine, Setup, demo};

use super::{call, mira, otto};
use crate::kit::{Answer, Herald, with_body};

const PATH: &str = "/api/getAccessTypes";

async fn ask(herald: &Herald, key: &str, urls: &Value) -> Answer {
    herald.send(call(PATH, key, json!({"urls": urls}).to_string())).await
}

/// `GET …001`
fn ids(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    assert_eq!(body["apiInfos"], body["response"]["apiInfos"]);
    let infos = body["apiInfos"].as_array().unwrap().clone();
    let id = |info: &Value| {
        assert_eq!(info["url"], info["id"]["url"]);
        format!("{} {} {}", info["id"]["method"], info["url"], info["id"]["apiCollectionId"]).replace('"', "")
    };
    infos.iter().map(id).collect()
}

#[tokio::test]
async fn case_01_the_example() {
    let herald = Herald::demo().await;
    let urls = json!(["/v1/orders", "/v1/admin/users", "/nope", "/v1/partners/rates"]);
    insta::assert_json_snapshot!("access_types", ask(&herald, mira(), &urls).await.shown());
}

#[tokio::test]
async fn case_14_what_is_no_list_of_urls() {
    let herald = Herald::demo().await;
    for body in ["", "{}", r#"{"urls":null}"#, r#"{"urls":"x"}"#, r#"{"urls":[1]}"#, r#"{"urls":["a",null]}"#]
    {
        let answer = herald.send(call(PATH, mira(), body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body),
            (422, r#"{"actionErrors":["urls is required"]}"#.into())
        );
    }
    let empty = ask(&herald, mira(), &json!([])).await;
    assert_eq!(empty.json(), json!({"response": {"apiInfos": []}, "apiInfos": []}));
    let many = |count| json!((0..count).map(|n| format!("/{n}")).collect::<Vec<_>>());
    assert_eq!(ask(&herald, mira(), &many(2000)).await.status, 200);
    let answer = ask(&herald, mira(), &many(2001)).await;
    let text = r#"{"actionErrors":["At most 2000 urls can be looked up at once"]}"#;
    assert_eq!((answer.status.as_u16(), answer.body), (422, text.into()));
}

#[tokio::test]
async fn case_14_urls_are_matched_byte_for_byte() {
    let herald = Herald::demo().await;
    let long = "/x".repeat(10_000);
    for odd in [
        "/v1/orders/",
        "/V1/orders",
        " /v1/orders",
        "/v1/%6Frders",
        "/v1/order%",
        "/v1/order_",
        "%",
        "*",
        "",
        "/v1/orders' OR '1'='1",
        "/v1/оrders",
        &long,
    ] {
        assert_eq!(ids(&ask(&herald, mira(), &json!([odd])).await), [] as [&str; 0], "{odd:?}");
    }
}

#[tokio::test]
async fn case_15_a_row_for_each_method_in_the_order_asked() {
    let herald = Herald::demo().await;
    herald.apply(MORE).await;
    let urls = json!(["/v1/partners/rates", "/v1/orders", "/v1/partners/rates", "/v1/orders"]);
    let rows = ids(&ask(&herald, mira(), &urls).await);
    assert_eq!(
        rows,
        [
            "GET /v1/partners/rates 1714500003",
            "POST /v1/orders -3",
            "GET /v1/orders 1714500001",
            "POST /v1/orders 1714500001"
        ]
    );
    let none = ask(&herald, mira(), &json!(["/v1/orders"])).await.json()["apiInfos"][0].clone();
    assert_eq!((&none["accessType"], &none["apiAccessTypes"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn case_15_2000_rows_at_most() {
    let herald = Herald::demo().await;
    let items = |from: i64| {
        (from..from + 500)
            .map(|n| json!({"collection": n, "method": "GET", "url": "/many", "access": []}))
            .collect()
    };
    let headers = [("x-api-key", mira()), ("content-type", "application/json")];
    for from in [0, 500, 1000, 1500, 2000] {
        let items: Vec<Value> = items(from);
        let put = with_body("PUT", "/v1/endpoints", &headers, json!({"items": items}).to_string());
        assert_eq!(herald.send(put).await.json()["created"], 500);
    }
    let rows = ids(&ask(&herald, mira(), &json!(["/v1/orders", "/many"])).await);
    assert_eq!((rows.len(), rows[0].as_str()), (2000, "GET /v1/orders 1714500001"));
    assert_eq!(rows[1999], "GET /many 1998");
}

#[tokio::test]
async fn case_16_only_the_collections_of_ones_roles() {
    let herald = Herald::demo().await;
    let ragu = herald.at.sign_in(demo::RAGU).await.token;
    let urls = json!(["/v1/orders", "/v1/admin/users", "/v1/partners/rates"]);
    assert_eq!(
        ids(&ask(&herald, &ragu, &urls).await),
        ["GET /v1/orders 1714500001", "POST /v1/admin/users 1714500001"]
    );
    let noor = herald.at.sign_in(demo::NOOR).await.token;
    assert_eq!(ids(&ask(&herald, &noor, &urls).await).len(), 3);
    assert_eq!(ids(&ask(&herald, otto(), &urls).await), [] as [&str; 0]);
}

/// Each of the contract's addresses is observed on an endpoint of its own, and then asked for.
#[tokio::test]
async fn case_17_the_worked_addresses() {
    let herald = Herald::demo().await;
    let incoming = |n: u8, from: &str| {
        json!({"collection": 5, "method": "GET", "url": format!("/{n}"), "source": "10.0.0.9",
            "headers": {"x-FORWARDED-for": from}})
    };
    let lines = [
        incoming(1, "10.1.2.3"),
        incoming(2, "203.0.113.7, 10.1.1.1"),
        incoming(3, "203.0.113.7, 198.51.100.4"),
        json!({"collection": 5, "method": "GET", "url": "/4", "direction": "outgoing",
            "source": "198.51.100.9", "destination": "198.51.100.4"}),
        json!({"collection": 5, "method": "GET", "url": "/5", "source": "[::ffff:10.0.0.1]:443"}),
        // Only the second network of the list holds it.
        json!({"collection": 5, "method": "GET", "url": "/6", "source": "192.168.3.4"}),
    ];
    let lines = lines.map(|line| line.to_string()).join("\n");
    let shown = async |key: &str| {
        let headers = [("x-api-key", key), ("content-type", "application/x-ndjson")];
        let path = "/v1/endpoints/observations";
        let told = herald.send(with_body("POST", path, &headers, lines.clone())).await;
        assert_eq!(told.json()["kept"], 6);
        let urls = json!((1..7).map(|n| format!("/{n}")).collect::<Vec<_>>());
        let infos = ask(&herald, key, &urls).await.json()["apiInfos"].as_array().unwrap().clone();
        infos.into_iter().map(|info| info["accessType"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(mira()).await,
        ["PRIVATE", "PARTNER", "PUBLIC", "THIRD_PARTY", "PRIVATE", "PRIVATE"].map(Value::from)
    );
    // Contoso names no private network.
    assert_eq!(shown(otto()).await, [const { Value::Null }; 6]);
}

#[tokio::test]
async fn on_postgres_too() {
    let herald = Herald::with(Setup::on(Engine::Postgres)).await;
    let urls = json!(["/v1/partners/rates", "/v1/orders", "/v1/admin/users"]);
    assert_eq!(ids(&ask(&herald, mira(), &urls).await).len(), 3);
}

const MORE: &str = r#"
[[tenant]]
key = "northwind"
name = "Northwind Traders"
[[endpoint]]
tenant = "northwind"
collection = 1714500001
method = "POST"
url = "/v1/orders"
access = ["PARTNER"]
[[endpoint]]
tenant = "northwind"
collection = -3
method = "POST"
url = "/v1/orders"
access = []
"#;
