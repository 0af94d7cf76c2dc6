//! `/v1/tenants` and what is theirs.

mod sites;
mod tokens;
mod webhooks;
mod whole;

use serde_json::Value;
use testkit::{Actor, Answer, Server};

/// `"PATCH /v1/…"` by somebody, with a body where one is given.
pub async fn ask(server: &Server, by: &Actor, line: &str, body: Value) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let request = server.request(method.parse().unwrap(), path).by(by);
    let request = if body.is_null() { request } else { request.json(&body) };
    request.send().await
}

/// Status and code of a refusal.
pub fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// The status, and the first field at fault.
pub fn fault(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["fields"][0]["field"].as_str().unwrap_or_default().to_owned())
}
