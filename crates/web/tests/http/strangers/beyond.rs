//! What nobody may set from outside: every body of `/v1` in the document, with each such field besides.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use testkit::{Answer, Engine, Server, demo};

use super::kept;
use super::names::{NOT_AN_ID, Names};
use super::rows::{Row, rows};

/// Whatever he may do: these are no fields.
const ROOT: &str = "root@herald.example";

/// What somebody would try, or believe in.
fn beyond() -> Map<String, Value> {
    let text = r#"{
        "id": "ID", "number": 1, "uid": "ID", "operator": true, "super_user": true, "verified": true, "active": true,
        "locked": false, "invisible": true, "mfa_bypass": true, "mfa_enrolled": false, "totp_secret": "JBSWY3DP",
        "tenant": "contoso", "tenant_id": "ID", "tenants": ["contoso"], "owner": "ID", "owner_id": "ID",
        "user_id": "ID", "created_by": "ID", "invited_by": "ID", "roles": ["admin"], "role": "admin",
        "role_ids": ["ID"], "cap": null, "permissions": ["*"], "permits": ["*"], "builtin": true,
        "scopes": ["trust"], "origin": "127.0.0.1", "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z", "last_used_at": "2020-01-01T00:00:00Z",
        "expires_at": "2020-01-01T00:00:00Z", "expires": "never", "password_hash": "x",
        "password": "a long enough one", "token": "herald_x", "key": "herald_x", "secret": "x",
        "client_secret": "x", "digest": "x", "current": true, "kind": "signed", "__proto__": {}, "constructor": {}
    }"#;
    serde_json::from_str(&text.replace("ID", NOT_AN_ID)).unwrap()
}

/// A body of `/v1` that the document tells of, and the fields that it names: whether each may be `null`.
struct Told {
    row: Row,
    named: BTreeMap<String, bool>,
}

/// Walks the document, so that no route can be forgotten.
fn told() -> Vec<Told> {
    let document: Value = serde_json::from_str(&herald_web::openapi()).unwrap();
    let mut told = Vec::new();
    for (path, item) in
        document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/v1/"))
    {
        for (method, operation) in item.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            if schema.is_null() {
                continue;
            }
            let mut named = BTreeMap::new();
            collect(&document, schema, &mut named);
            let mut rows = rows().into_iter();
            let row = rows.find(|row| row.path == path && row.method.as_str().eq_ignore_ascii_case(method));
            told.push(Told { row: row.unwrap(), named });
        }
    }
    assert!(told.len() >= 27, "{} bodies are in the document", told.len());
    told
}

fn collect(document: &Value, schema: &Value, named: &mut BTreeMap<String, bool>) {
    if let Some(reference) = schema["$ref"].as_str() {
        return collect(document, document.pointer(&reference[1..]).unwrap(), named);
    }
    for part in ["oneOf", "anyOf", "allOf"].iter().flat_map(|of| schema[of].as_array().into_iter().flatten())
    {
        collect(document, part, named);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        named.insert(name.clone(), property.to_string().contains(r#""null""#));
    }
}

impl Told {
    fn body(&self, names: &Names) -> Map<String, Value> {
        serde_json::from_str(&names.text(self.row.body)).unwrap()
    }

    /// The fields that it must not have.
    fn others(&self) -> Map<String, Value> {
        beyond().into_iter().filter(|(name, _)| !self.named.contains_key(name)).collect()
    }

    async fn send(&self, server: &Server, names: &Names, body: &Map<String, Value>, by: &str) -> Answer {
        let path = names.path(&self.row.method, self.row.path);
        server
            .request(self.row.method.clone(), &path)
            .bearer(by)
            .json(&Value::Object(body.clone()))
            .send()
            .await
    }
}

/// The fields that a refusal names.
fn refused(answer: &Answer, asked: &str) -> BTreeSet<String> {
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!("invalid_field")), "{asked}");
    let fields = answer.json()["fields"].as_array().cloned().unwrap();
    fields.iter().map(|fault| fault["field"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_nobody_may_set_is_refused_by_name() {
    let server = Server::on(Engine::Sqlite).await;
    let names = Names::theirs(&server, false).await;
    let root = server.sign_in(ROOT).await.token;
    for told in told() {
        let (good, others) = (told.body(&names), told.others());
        let before = kept::rows(&server).await;
        for (name, value) in &others {
            let asked = format!("{} {} with {name}", told.row.method, told.row.path);
            let mut body = good.clone();
            body.insert(name.clone(), value.clone());
            let answer = told.send(&server, &names, &body, &root).await;
            assert_eq!(refused(&answer, &asked), BTreeSet::from([name.clone()]), "{asked}");
        }
        let asked = format!("{} {} with all of it", told.row.method, told.row.path);
        let mut body = good.clone();
        body.extend(others.clone());
        let answer = told.send(&server, &names, &body, &root).await;
        assert_eq!(refused(&answer, &asked), others.keys().cloned().collect(), "{asked}");
        kept::unchanged(&before, &kept::rows(&server).await, &asked);
    }
}

/// Without them the bodies are good ones: else the test above would prove nothing.
#[tokio::test]
async fn without_it_no_field_is_at_fault() {
    for told in told() {
        let server = Server::on(Engine::Sqlite).await;
        let names = Names::theirs(&server, false).await;
        // An operator is in no tenant, which has endpoints.
        let who = if told.row.path == "/v1/endpoints" { demo::MIRA } else { ROOT };
        let session = server.sign_in(who).await.token;
        let answer = told.send(&server, &names, &told.body(&names), &session).await;
        let code = answer.text().contains("invalid_field");
        // A new password of one letter is too short, whoever asks.
        let short = told.row.path == "/v1/me/password";
        assert!(!code || short, "{} {}: {}", told.row.method, told.row.path, answer.text());
    }
}

/// In a change `null` takes something away, or is refused: it never does nothing.
#[tokio::test]
async fn a_null_that_would_do_nothing_is_refused() {
    let server = Server::on(Engine::Sqlite).await;
    let names = Names::theirs(&server, false).await;
    let root = server.sign_in(ROOT).await.token;
    let (mut refusals, mut others) = (0, 0);
    for told in told().into_iter().filter(|told| told.row.method == "PATCH") {
        for (name, may) in &told.named {
            let asked = format!("{} {} with {name} of null", told.row.method, told.row.path);
            let before = kept::rows(&server).await;
            let body = Map::from_iter([(name.clone(), Value::Null)]);
            let answer = told.send(&server, &names, &body, &root).await;
            if *may {
                others += 1;
                assert!(!answer.text().contains("must not be null"), "{asked}: {}", answer.text());
            } else {
                refusals += 1;
                assert_eq!(refused(&answer, &asked), BTreeSet::from([name.clone()]), "{asked}");
                kept::unchanged(&before, &kept::rows(&server).await, &asked);
            }
        }
    }
    assert!(refusals > 25 && others > 15, "{refusals} refused, {others} not");
}

/// A name that would not be seen, or without end, is not sent back as it came.
#[tokio::test]
async fn what_is_said_of_unknown_fields_is_bounded() {
    let server = Server::on(Engine::Sqlite).await;
    let mira = server.sign_in(demo::MIRA).await.token;
    let long = "x".repeat(10_000);
    let mut body = json!({"name": "n", "a\u{1b}[31m\u{202e}": 1, long: 2});
    for n in 0..20_000 {
        body[format!("f{n}")] = json!(n);
    }
    let answer = server.post("/v1/me/tokens").bearer(&mira).json(&body).send().await;
    assert_eq!(answer.status.as_u16(), 400);
    assert!(answer.text().len() < 16 * 1024, "{}", answer.text().len());
    assert!(answer.text().contains(r"a\\u{1b}[31m\\u{202e}"), "{}", answer.text());
    assert!(answer.text().contains("19902 more are not known here"), "{}", answer.text());
}
