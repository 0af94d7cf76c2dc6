//! How lists of `/v1` are asked for: by parameters that they know, and by cursors of their own.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Value, json};
use testkit::{Engine, Server, demo};

use super::ask;
use super::names::Names;
use super::rows::{Row, rows};

/// Rows of `/v1` that take a query, and the parameters that the document tells of.
fn told() -> Vec<(Row, Vec<String>)> {
    let document: Value = serde_json::from_str(&herald_web::openapi()).unwrap();
    let told = rows().into_iter().filter(|row| row.path.starts_with("/v1/")).filter_map(|row| {
        let operation = &document["paths"][row.path][row.method.as_str().to_ascii_lowercase()];
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let queries = parameters.filter(|parameter| parameter["in"] == "query");
        let names: Vec<String> = queries.map(|p| p["name"].as_str().unwrap().to_owned()).collect();
        (!names.is_empty()).then_some((row, names))
    });
    told.collect()
}

/// What the row asks for anyway, and this besides.
fn with(row: &Row, more: &str) -> String {
    if row.body.starts_with('?') { format!("{}&{more}", row.body) } else { format!("?{more}\n{}", row.body) }
}

#[tokio::test]
async fn a_parameter_that_is_not_known_is_named() {
    let server = Server::on(Engine::Sqlite).await;
    let names = Names::theirs(&server, false).await;
    let told = told();
    assert!(told.len() >= 18, "{} operations take a query", told.len());
    for (row, known) in told {
        for other in ["actr", "Limit", "email", "offset", "sort"] {
            let asked = format!("{} {}?{other}", row.method, row.path);
            let answer =
                ask(&server, &row, (&names, &with(&row, &format!("{other}=x"))), Some(demo::key(demo::MIRA)))
                    .await;
            let said = answer.json();
            assert_eq!((answer.status.as_u16(), &said["code"]), (400, &json!("invalid_query")), "{asked}");
            let wanted =
                format!("The query parameter {other} is not known here; there are {}.", known.join(", "));
            assert_eq!(said["detail"], wanted, "{asked}");
        }
    }
}

/// Where nothing is sorted out, nothing is believed to be.
#[tokio::test]
async fn what_takes_no_query_passes_over_one() {
    let server = Server::on(Engine::Sqlite).await;
    let key = demo::key(demo::MIRA);
    for path in ["/v1/me?x=1", "/v1/tenants/northwind?x=1"] {
        server.get(path).bearer(key).send().await.expect(200);
    }
}

#[tokio::test]
async fn a_cursor_leads_on_in_its_own_list_alone() {
    let server = Server::on(Engine::Sqlite).await;
    let names = Names::theirs(&server, false).await;
    let (mira, root) =
        (server.sign_in(demo::MIRA).await.token, server.sign_in("root@herald.example").await.token);
    // A second one of what the demo has once.
    for (path, body) in [
        ("/v1/tenants/northwind/invitations", json!({"email": "a@northwind.example", "roles": ["guest"]})),
        (
            "/v1/tenants/northwind/webhooks",
            json!({"name": "n", "url": "https://hooks.example/x", "kind": "SLACK"}),
        ),
        ("/v1/me/tokens", json!({"name": "n"})),
        ("/v1/tenants/northwind/sites", json!({"key": "k", "name": "n"})),
    ] {
        server.post(path).bearer(&mira).json(&body).send().await.expect(201);
    }
    drop(server.sign_in(demo::GUS).await);
    let of_operators = ["/v1/tenants", "/v1/clients"];
    let by = |row: &Row| if of_operators.contains(&row.path) { &root } else { &mira };
    let lists: Vec<Row> = told()
        .into_iter()
        .filter(|(row, names)| row.method == Method::GET && names.iter().any(|n| n == "after"))
        .map(|(row, _)| row)
        .collect();
    let mut cursors: BTreeMap<&str, String> = BTreeMap::new();
    for row in &lists {
        let first =
            ask(&server, row, (&names, &with(row, "limit=1")), Some(by(row))).await.expect(200).json();
        let next = first["next"].as_str().unwrap_or_else(|| panic!("{} has one part", row.path)).to_owned();
        let query = with(row, &format!("limit=1&after={next}"));
        ask(&server, row, (&names, &query), Some(by(row))).await.expect(200);
        cursors.insert(row.path, next);
    }
    assert!(cursors.len() >= 14, "{cursors:?}");
    for row in &lists {
        for (path, cursor) in cursors.iter().filter(|(path, _)| **path != row.path) {
            let answer =
                ask(&server, row, (&names, &with(row, &format!("after={cursor}"))), Some(by(row))).await;
            assert_eq!(answer.status.as_u16(), 400, "{} with a cursor of {path}", row.path);
            assert_eq!(answer.json()["fields"][0]["field"], "after");
        }
    }
}
