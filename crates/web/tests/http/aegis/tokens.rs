//! Signed API tokens: made, used, revoked.

use serde_json::{Value, json};
use testkit::{Engine, Setup, World, demo, hours, seconds};

use super::{call, get, gus, mira, otto, said};
use crate::kit::{Answer, Herald, bare};
use crate::other;

const LOCAL: &str = "/api/tokens/local";
const ME: &str = "/auth/me";

async fn make(herald: &Herald, token: &str, body: &str) -> Answer {
    call(herald, "POST", LOCAL, token, body).await
}

/// JWT and id of a fresh token.
async fn made(herald: &Herald, by: &str, body: &str) -> (String, String) {
    let answer = make(herald, by, body).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
    (text("token"), text("id"))
}

#[tokio::test]
async fn case_6_a_token_that_may_only_look() {
    let herald = Herald::demo().await;
    let answer = make(&herald, mira(), r#"{"role": "view", "expiry": 3600}"#).await;
    let mut shown = answer.shown();
    let (jwt, id) = (answer.json()["token"].take(), answer.json()["id"].take());
    let (jwt, id) = (jwt.as_str().unwrap(), id.as_str().unwrap());
    assert_eq!(jwt.split('.').count(), 3);
    for varies in ["token", "id"] {
        shown["body"][varies] = "[varies]".into();
    }
    insta::assert_json_snapshot!("made", shown);
    assert_eq!(herald.send(get(ME, jwt)).await.json()["role"], "admin", "shown whatever the cap");
    let listed = herald.send(get(LOCAL, jwt)).await.json();
    let rows = listed.as_array().unwrap();
    assert!(rows.iter().any(|row| row["id"] == id && row["role"] == "view"), "lists itself: {listed}");
    assert!(
        rows.iter().all(|row| row["createdBy"] == demo::MIRA),
        "without tokens:admin one's own: {listed}"
    );
    assert_eq!(said(&make(&herald, jwt, r#"{"role":"view"}"#).await), (403, "permission denied".into()));
    herald.at.advance(hours(1));
    assert_eq!(herald.send(get(ME, jwt)).await.status, 401, "dies by time");
}

#[tokio::test]
async fn case_6_every_dialect_takes_it() {
    let herald = Herald::demo().await;
    let (jwt, id) = made(&herald, mira(), r#"{"role":"admin","expiry":60}"#).await;
    let bearer = format!("Bearer {jwt}");
    let calls = [
        ("GET", "/v1/me", ("authorization", &*bearer)),
        ("POST", "/api/me", ("x-api-key", &*jwt)),
        ("GET", "/account/me", ("authorization", &*bearer)),
        ("GET", "/api/v2/users/loggedIn/detail", ("authorization", &*bearer)),
    ];
    let ask = async || {
        let mut all = Vec::new();
        for (method, path, header) in calls {
            all.push(herald.send(bare(method, path, &[header])).await.status.as_u16());
        }
        all
    };
    assert_eq!(ask().await, [200; 4]);
    herald.at.hear().await;
    assert_eq!(ask().await, [200; 4]);
    let path = format!("/api/tokens/{}", id.to_uppercase());
    assert_eq!(call(&herald, "DELETE", &path, &jwt, "").await.json(), json!({"status": "pass"}), "by itself");
    assert_eq!(ask().await, [401, 403, 401, 401]);
    let row = herald.at.sql("SELECT digest, sealed, kind, provider FROM tokens WHERE kind = 'signed'").await;
    assert_eq!(row, [[None, None, Some("signed".to_owned()), Some("local".to_owned())]], "nothing to steal");
}

#[tokio::test]
async fn case_7_expiries() {
    let herald = Herald::demo().await;
    let max = herald.at.ctx.config.tokens.max_ttl.as_secs();
    let wrong = (400, format!("expiry must be a whole number of seconds between 1 and {max}"));
    for expiry in
        ["0", "-1", "\"3600\"", "3600.5", "true", "1e30", "3600.0", "[]", "{}", "18446744073709551615", "1e3"]
    {
        let answer = make(&herald, mira(), &format!(r#"{{"role":"view","expiry":{expiry}}}"#)).await;
        assert_eq!(said(&answer), wrong, "{expiry}");
    }
    let past = format!(r#"{{"role":"view","expiry":{}}}"#, max + 1);
    assert_eq!(said(&make(&herald, mira(), &past).await), wrong);
    let month = 30 * 24 * 3600;
    for (field, lives) in [
        (String::new(), month),
        (r#","expiry":null"#.into(), month),
        (r#","expiry":1"#.into(), 1),
        (format!(r#","expiry":{max}"#), max),
    ] {
        let answer = make(&herald, mira(), &format!(r#"{{"role":"view"{field}}}"#)).await;
        let until = herald.at.now().plus(seconds(lives)).rfc3339_secs();
        assert_eq!((answer.status.as_u16(), answer.json()["expiry"].clone()), (200, json!(until)), "{field}");
    }
}

#[tokio::test]
async fn case_7_a_shorter_limit_than_a_month() {
    let setup = Setup::on(testkit::Engine::Sqlite).config(|config| config.tokens.max_ttl = hours(1));
    let herald = Herald::with(setup).await;
    let answer = make(&herald, mira(), r#"{"role":"view"}"#).await;
    assert_eq!(answer.json()["expiry"], herald.at.now().plus(hours(1)).rfc3339_secs());
}

#[tokio::test]
async fn case_8_a_role_within_ones_own() {
    let herald = Herald::demo().await;
    let tova = herald.at.sign_in(demo::TOVA).await.token;
    let exceeds = (403, "role exceeds your own".to_owned());
    assert_eq!(said(&make(&herald, &tova, r#"{"role":"admin"}"#).await), exceeds);
    assert_eq!(said(&make(&herald, &tova, r#"{"role":"member"}"#).await), exceeds);
    for role in ["view", "guest"] {
        let (jwt, _) = made(&herald, &tova, &format!(r#"{{"role":"{role}"}}"#)).await;
        let listed = herald.send(get(LOCAL, &jwt)).await.json();
        assert!(listed.as_array().unwrap().iter().all(|row| row["role"] == "view"), "{listed}");
    }
    assert_eq!(said(&make(&herald, gus(), r#"{"role":"view"}"#).await), (403, "permission denied".into()));
    let unknown = (400, "role is unknown".to_owned());
    for body in [
        r#"{"role":"Admin"}"#,
        r#"{"role":""}"#,
        r#"{"role":7}"#,
        r#"{"role":null}"#,
        "{}",
        r#"{"role":["view"]}"#,
        r#"{"role":"View"}"#,
        r#"{"role":" view"}"#,
        r#"{"role":"vіew"}"#,
        r#"{"role":"%"}"#,
        r#"{"role":"' OR 1=1 --"}"#,
    ] {
        assert_eq!(said(&make(&herald, mira(), body).await), unknown, "{body}");
    }
    let (capped, _) = made(&herald, mira(), r#"{"role":"developer"}"#).await;
    assert_eq!(said(&make(&herald, &capped, r#"{"role":"member"}"#).await), exceeds, "past the cap");
    made(&herald, &capped, r#"{"role":"payments-review"}"#).await;
}

#[tokio::test]
async fn case_8_a_custom_role_of_another_tenant_is_unknown() {
    let herald = Herald::demo().await;
    let answer = make(&herald, otto(), r#"{"role":"payments-review"}"#).await;
    assert_eq!(said(&answer), (400, "role is unknown".into()));
}

#[tokio::test]
async fn case_9_providers() {
    let herald = Herald::demo().await;
    let missing = (404, "provider not found".to_owned());
    for provider in [
        "aaaa",
        "LOCAL",
        "01a20244-e800-7c11-9a3e-5d0f6b7a8c21",
        "%ff",
        "local%20",
        "%2A",
        "local%00",
        "loca1",
    ] {
        let path = format!("/api/tokens/{provider}");
        assert_eq!(said(&herald.send(get(&path, mira())).await), missing, "{provider}");
        // Asked for before the fields are judged.
        assert_eq!(said(&call(&herald, "POST", &path, mira(), r#"{"role":7}"#).await), missing, "{provider}");
        let gone = (404, "token not found".to_owned());
        assert_eq!(said(&call(&herald, "DELETE", &path, mira(), "").await), gone, "{provider}");
    }
    let answer = call(&herald, "DELETE", LOCAL, mira(), "").await;
    assert_eq!(said(&answer), (404, "token not found".into()));
    assert_eq!(herald.send(get(ME, mira())).await.status, 200);
    let percent = herald.send(get("/api/tokens/%6cocal", mira())).await;
    assert_eq!(percent.body, herald.send(get(LOCAL, mira())).await.body, "decoded once");
    for path in ["/api/tokens/", "/api/tokens", "/api/tokens/local/", "/api/tokens/local/x"] {
        assert_eq!(herald.send(get(path, mira())).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn case_9_a_provider_of_the_settings() {
    let setup =
        Setup::on(testkit::Engine::Sqlite).config(|config| config.aegis_providers = vec!["aaaa".into()]);
    let herald = Herald::with(setup).await;
    let answer = call(&herald, "POST", "/api/tokens/aaaa", mira(), r#"{"role":"view"}"#).await;
    assert_eq!(answer.status, 200);
    let listed = herald.send(get("/api/tokens/aaaa", mira())).await.json();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["provider"]), (1, &json!("aaaa")));
    let local = herald.send(get(LOCAL, mira())).await.json();
    assert!(local.as_array().unwrap().iter().all(|row| row["provider"] == "local"));
    assert_eq!(local.as_array().unwrap().len(), 2, "local is always there");
}

#[tokio::test]
async fn case_10_the_quota() {
    let herald = Herald::demo().await;
    for _ in 0..4 {
        made(&herald, otto(), r#"{"role":"view"}"#).await;
    }
    let answer = make(&herald, otto(), r#"{"role":"view"}"#).await;
    insta::assert_json_snapshot!("over_quota", answer.shown());
    let used = herald.send(get("/account/me", otto())).await.json()["quotas"]["api_tokens"].clone();
    assert_eq!(used, json!({"limit": 5, "used": 5}));
    let own = format!("Bearer {}", otto());
    let headers = [("authorization", &*own), ("content-type", "application/json")];
    let native =
        herald.send(crate::kit::with_body("POST", "/v1/me/tokens", &headers, r#"{"name":"one more"}"#)).await;
    assert_eq!((native.status.as_u16(), native.json()["code"].clone()), (403, json!("quota_exceeded")));
    made(&herald, mira(), r#"{"role":"view"}"#).await;
}

#[tokio::test]
async fn case_10_ten_at_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let herald = Herald::with(Setup::on(engine)).await;
        let all = testkit::join_all((0..10).map(|_| make(&herald, otto(), r#"{"role":"view"}"#))).await;
        let count = |status: u16| all.iter().filter(|answer| answer.status.as_u16() == status).count();
        assert_eq!((count(200), count(403)), (4, 6), "{engine:?}");
    }
}

#[tokio::test]
async fn names() {
    let herald = Herald::demo().await;
    let with = |name: &str| format!(r#"{{"role":"view","name":{name}}}"#);
    let longest = format!("\"{}\"", "ü".repeat(100));
    for name in ["\"ci\"", "null", longest.as_str(), r#""' -- <b>""#] {
        made(&herald, mira(), &with(name)).await;
    }
    let too_long = format!("\"{}\"", "x".repeat(101));
    for name in ["7", "\"\"", "\"a\\u0007b\"", "[]", too_long.as_str()] {
        assert_eq!(
            said(&make(&herald, mira(), &with(name)).await),
            (400, "name is invalid".into()),
            "{name}"
        );
    }
    let listed = herald.send(get(LOCAL, mira())).await.json();
    let mut names: Vec<_> = listed.as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
    names.sort_by_key(Value::to_string);
    assert!(names.contains(&json!("")) && names.contains(&json!("' -- <b>")), "{names:?}");
}

#[tokio::test]
async fn case_26_bodies() {
    let herald = Herald::demo().await;
    let malformed = (400, "request body is not a valid JSON object".to_owned());
    let deep = format!(r#"{{"role":"view","x":{}{}}}"#, "[".repeat(65), "]".repeat(65));
    for body in [
        "{",
        "[]",
        r#"{"role":"view","role":"admin"}"#,
        "",
        "null",
        deep.as_str(),
        r#"{"role":"view\u0000"}"#,
    ] {
        assert_eq!(said(&make(&herald, mira(), body).await), malformed, "{body}");
        let denied = (403, "permission denied".to_owned());
        assert_eq!(said(&make(&herald, gus(), body).await), denied, "the permission comes first");
    }
    let large = format!(r#"{{"role":"view","x":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
    let too_large = (413, "request body is too large".to_owned());
    for token in [mira(), gus(), "nobody"] {
        assert_eq!(said(&make(&herald, token, &large).await), too_large);
    }
    for method in ["PATCH", "PUT", "OPTIONS"] {
        let answer = call(&herald, method, LOCAL, mira(), "").await;
        assert_eq!(said(&answer), (405, "method not allowed".into()));
        assert_eq!(answer.header("allow"), Some("GET, POST, DELETE"));
    }
    let (jwt, _) = made(&herald, mira(), r#"{"role":"view","owner":"x","jti":"y","cap":"admin"}"#).await;
    let denied = (403, "permission denied".to_owned());
    assert_eq!(said(&make(&herald, &jwt, r#"{"role":"view"}"#).await), denied, "unknown keys set nothing");
}

#[tokio::test]
async fn case_27_two_identities_make_nothing() {
    let herald = Herald::demo().await;
    let line = format!("Bearer {}", mira());
    let headers = [("authorization", &*line), ("x-api-key", gus())];
    let answer = herald.send(crate::kit::with_body("POST", LOCAL, &headers, r#"{"role":"view"}"#)).await;
    assert_eq!(said(&answer), (400, "the request carries two different identities".into()));
    assert_eq!(
        herald.at.sql("SELECT COUNT(*) FROM tokens WHERE kind = 'signed'").await[0][0].as_deref(),
        Some("0")
    );
}

#[tokio::test]
async fn case_28_one_event_each_and_no_token_in_it() {
    let herald = Herald::demo().await;
    let (jwt, id) = made(&herald, mira(), r#"{"role":"view","expiry":3600}"#).await;
    call(&herald, "DELETE", &format!("/api/tokens/{id}"), mira(), "").await;
    make(&herald, gus(), r#"{"role":"view"}"#).await;
    let rows = herald.at.sql("SELECT action, outcome, reason FROM audit ORDER BY action DESC").await;
    let told: Vec<_> =
        rows.iter().map(|row| (row[0].as_deref().unwrap(), row[1].as_deref().unwrap())).collect();
    assert_eq!(told, [("token.revoked", "done"), ("token.minted", "done"), ("access.refused", "refused")]);
    assert_eq!(
        rows[1][2].as_deref(),
        Some("tokens:write: role admin (*); role guest, expires 2026-11-24T09:00:00Z")
    );
    assert!(!format!("{rows:?}").contains(jwt.split('.').next_back().unwrap()));
}

#[tokio::test]
async fn another_world() {
    let herald =
        Herald::with(Setup::on(testkit::Engine::Sqlite).world(World::Text(other::WORLD.into()))).await;
    let overseer = herald.at.ctx.config.tokens.max_ttl.as_secs();
    let body = format!(r#"{{"role":"overseer","expiry":{overseer}}}"#);
    let (jwt, _) = made(&herald, other::ADA_IN_BIRCH, &body).await;
    let listed = herald.send(get(LOCAL, &jwt)).await.json();
    assert_eq!(listed[1]["role"], "overseer");
    assert_eq!(
        said(&make(&herald, other::DI, r#"{"role":"no_access"}"#).await),
        (403, "permission denied".into())
    );
}
