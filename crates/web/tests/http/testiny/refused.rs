//! Who is not let in, and how it is said.

use app::sessions::sign_in::Through;
use axum::body::Body;
use domain::client::Scopes;
use serde_json::Value;
use testkit::{demo, hours, minutes};

use super::{PATH, bearer, gus, me, mira};
use crate::heard::Heard;
use crate::kit::{Answer, Herald, bare, raw, with_body};
use crate::other;

/// Both credentials at once.
async fn both(herald: &Herald, key: &str, token: &str) -> Answer {
    let line = format!("Bearer {token}");
    herald.send(bare("GET", PATH, &[("x-api-key", key), ("authorization", &line)])).await
}

/// An access token of mira with these scopes.
async fn granted(herald: &Herald, scopes: &str) -> String {
    let client = herald.at.client(demo::CLIENT).await;
    let through = Through::Oauth { client, scope: Scopes::parse(scopes) };
    let command = testkit::command(demo::MIRA, demo::password(demo::MIRA), through);
    herald.at.try_command(command).await.ok().unwrap().token
}

#[tokio::test]
async fn case_14_nothing_sent() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("nothing_sent", herald.send(bare("GET", PATH, &[])).await.shown());
}

#[tokio::test]
async fn case_15_one_answer_for_every_dead_key() {
    let herald = Herald::of(other::WORLD).await;
    let usual = herald.send(bare("GET", PATH, &[])).await.shown();
    let dead_bearer = herald.send(bearer("nobody")).await.shown();
    insta::assert_json_snapshot!("dead_bearer", dead_bearer);
    for (why, key) in other::DEAD {
        assert_eq!(herald.send(me(key)).await.shown(), usual, "{why}");
        assert_eq!(herald.send(bearer(key)).await.shown(), dead_bearer, "{why}");
    }
}

#[tokio::test]
async fn case_15_ended_by_time() {
    let herald = Herald::of(other::WORLD).await;
    let usual = herald.send(bare("GET", PATH, &[])).await.shown();
    herald.at.advance(minutes(31));
    assert_eq!(herald.send(me(other::BO_TO_0830)).await.shown(), usual);
    assert_eq!(herald.send(me(other::HAL_TO_0900)).await.status, 200);
    herald.at.advance(hours(1));
    assert_eq!(herald.send(me(other::HAL_TO_0900)).await.shown(), usual);
}

#[tokio::test]
async fn case_16_two_credentials() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("two_principals", both(&herald, mira(), gus()).await.shown());
    assert_eq!(both(&herald, mira(), mira()).await.status, 200);
    let session = herald.at.sign_in(demo::MIRA).await.token;
    let answer = both(&herald, mira(), &session).await;
    assert_eq!(answer.json()["tokenExpiresAt"], "9999-12-31T23:59:59.000Z", "the key is the current token");
    insta::assert_json_snapshot!("a_dead_bearer_beside", both(&herald, mira(), "nobody").await.shown());
    assert_eq!(both(&herald, "nobody", mira()).await.status, 401);
    assert_eq!(both(&herald, "nobody", "nobody else").await.status, 401);
    let basic = [("x-api-key", mira()), ("authorization", "Basic bWlyYTp4")];
    assert_eq!(herald.send(bare("GET", PATH, &basic)).await.status, 200);
}

#[tokio::test]
async fn case_16_a_header_twice() {
    let herald = Herald::demo().await;
    let clash = both(&herald, mira(), gus()).await.shown();
    let keys = async |first: &str, second: &str| {
        herald.send(bare("GET", PATH, &[("x-api-key", first), ("x-api-key", second)])).await
    };
    assert_eq!(keys(mira(), gus()).await.shown(), clash);
    assert_eq!(keys("nobody", "nobody else").await.shown(), clash, "nothing is looked up");
    assert_eq!(keys(mira(), mira()).await.status, 200);
    let lines = |first: &str, second: &str| (format!("Bearer {first}"), format!("bearer {second}"));
    let (first, second) = lines(mira(), gus());
    let twice = [("authorization", first.as_str()), ("authorization", &second)];
    assert_eq!(herald.send(bare("GET", PATH, &twice)).await.shown(), clash);
    let beside = [("x-api-key", mira()), ("authorization", &first), ("authorization", &second)];
    assert_eq!(herald.send(bare("GET", PATH, &beside)).await.shown(), clash);
}

#[tokio::test]
async fn case_17_not_a_user_and_not_in_scope() {
    let herald = Herald::demo().await;
    let token = herald.client_token().await;
    insta::assert_json_snapshot!("a_client", herald.send(bearer(&token)).await.shown());
    let write = granted(&herald, "write").await;
    insta::assert_json_snapshot!("scope_write_alone", herald.send(bearer(&write)).await.shown());
    let read = granted(&herald, "read").await;
    assert_eq!(herald.send(bearer(&read)).await.json()["userId"], 4102);
    assert_eq!(both(&herald, &read, mira()).await.status, 200);
}

#[tokio::test]
async fn case_17_a_tenants_own_token() {
    let herald = Herald::of(other::WORLD).await;
    let answer = herald.send(me(other::OF_ALDER)).await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.json()["message"], "This credential does not belong to a user");
}

#[tokio::test]
async fn an_operator_without_a_membership_is_nobody() {
    let herald = Herald::demo().await;
    let token = herald.at.sign_in(demo::ROOT).await.token;
    assert_eq!(herald.send(bearer(&token)).await.status, 401);
}

#[tokio::test]
async fn case_18_the_key_elsewhere() {
    let herald = Herald::demo().await;
    for path in [format!("{PATH}?apiKey={}", mira()), format!("{PATH}?access_token={}", mira())] {
        assert_eq!(herald.send(bare("GET", &path, &[])).await.status, 401);
    }
    let cookie = format!("X-Api-Key={}; __Host-herald={0}", mira());
    assert_eq!(herald.send(bare("GET", PATH, &[("cookie", &cookie)])).await.status, 401);
    let body = format!(r#"{{"apiKey":"{}"}}"#, mira());
    let headers = [("content-type", "application/json")];
    assert_eq!(herald.send(with_body("GET", PATH, &headers, body)).await.status, 401);
    let line = format!("Token {}", mira());
    assert_eq!(herald.send(bare("GET", PATH, &[("authorization", &line)])).await.status, 401);
}

#[tokio::test]
async fn case_19_methods_and_routes() {
    let herald = Herald::demo().await;
    for path in [PATH, "/api/v1/account/me"] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            let answer = herald.send(bare(method, path, &[("x-api-key", mira())])).await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("allow")),
                (405, Some("GET, HEAD")),
                "{method}"
            );
            assert_eq!(answer.json()["message"], "Method not allowed");
        }
    }
    insta::assert_json_snapshot!("another_method", herald.send(bare("POST", PATH, &[])).await.shown());
    for path in ["/account/me/", "/account/other", "/api/v1/account/", "/account/", "/account/me/x"] {
        let answer = herald.send(bare("GET", path, &[("x-api-key", mira())])).await.shown();
        insta::allow_duplicates! { insta::assert_json_snapshot!("another_route", answer); }
    }
    for path in ["/api/v1/other", "/api/v1/accounts", "/accountant"] {
        let answer = herald.send(bare("GET", path, &[])).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (404, Some("application/problem+json"))
        );
    }
}

#[tokio::test]
async fn case_20_hostile_keys() {
    let herald = Herald::demo().await;
    let usual = herald.send(bare("GET", PATH, &[])).await.shown();
    let long = "k".repeat(16 * 1024);
    let high: Vec<u8> = (0x80..=0xff).collect();
    let odd: [&[u8]; 5] = [long.as_bytes(), &high, b"' OR 1=1 --", b"eyJ.e30.x", "ключ".as_bytes()];
    for key in odd {
        let request = raw("GET", PATH, [("x-api-key", key)]).body(Body::empty()).unwrap();
        assert_eq!(herald.send(request).await.shown(), usual);
        let line = [b"Bearer ", key].concat();
        let request = raw("GET", PATH, [("authorization", &*line)]).body(Body::empty()).unwrap();
        assert_eq!(herald.send(request).await.status, 401);
    }
}

#[tokio::test]
async fn case_22_the_request_id() {
    let herald = Herald::demo().await;
    let ids = async |id: &[u8]| {
        let request = raw("GET", PATH, [("x-request-id", id)]).body(Body::empty()).unwrap();
        let answer = herald.send(request).await;
        let shown = answer.header("x-request-id").unwrap().to_owned();
        assert_eq!(answer.json()["reqid"], Value::from(shown.clone()));
        shown
    };
    assert_eq!(ids(b"my-own.id_7").await, "my-own.id_7");
    for strange in [&b"\xff\xfe"[..], b"<script>", b"a b", b"\"", &[b'x'; 300]] {
        assert_eq!(ids(strange).await.len(), 36);
    }
    assert_ne!(ids(b" ").await, ids(b" ").await);
}

/// Whoever follows up on a refusal finds it in the log by what he was told.
#[tokio::test]
async fn case_22_the_request_id_is_in_the_log() {
    let heard = Heard::listen();
    let herald = Herald::demo().await;
    let client = herald.client_token().await;
    let two = || {
        let line = format!("Bearer {}", gus());
        bare("GET", PATH, &[("x-api-key", mira()), ("authorization", &line)])
    };
    let asked = [
        (bare("GET", PATH, &[]), 401),
        (me("nobody"), 401),
        (two(), 400),
        (bearer(&client), 403),
        (bare("GET", "/account/other", &[]), 404),
        (bare("POST", "/api/v1/account/me", &[]), 405),
        (bare("GET", PATH, &[("x-request-id", "a-name-of-ones-own")]), 401),
    ];
    let mut told = Vec::new();
    for (request, status) in asked {
        told.push((herald.send(request).await, status));
    }
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE tokens RENAME TO elsewhere").await;
    told.push((herald.send(me(mira())).await, 503));
    let logged = heard.text();
    for (answer, status) in told {
        assert_eq!(answer.status, status);
        let id = answer.json()["reqid"].as_str().unwrap().to_owned();
        let lines = logged.lines().filter(|line| line.contains(&format!("request_id={id:?}")));
        let line = format!("status={status}");
        assert_eq!(lines.filter(|it| it.contains(&line)).count(), 1, "{id} {line}: {logged}");
    }
    let cause = logged.lines().find(|line| line.contains("ERROR")).unwrap();
    assert!(cause.contains("request_id=") && cause.contains("tokens"), "the cause has it too: {cause}");
}

#[tokio::test]
async fn case_24_the_store_is_away() {
    let herald = Herald::demo().await;
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE tokens RENAME TO elsewhere").await;
    insta::assert_json_snapshot!("store_away", herald.send(me(mira())).await.shown());
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE elsewhere RENAME TO tokens").await;
    assert_eq!(herald.send(me(mira())).await.status, 200);
    // Heard of within the bound, the credential is proven from memory, and the answer is there too; past it neither.
    herald.at.hear().await;
    assert_eq!(herald.send(me(mira())).await.status, 200);
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE sessions RENAME TO elsewhere").await;
    assert_eq!(herald.send(me(mira())).await.status, 200);
    herald.at.advance(herald.at.ctx.config.revocation_bound);
    herald.at.hear().await;
    assert_eq!(herald.send(me(mira())).await.status, 503, "proven from memory, the sessions cannot be read");
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE elsewhere RENAME TO sessions").await;
    assert_eq!(herald.send(me(mira())).await.status, 200);
}

#[tokio::test]
async fn too_many_requests() {
    let herald = Herald::sparing().await;
    assert_eq!(herald.send(me(mira())).await.status, 200);
    insta::assert_json_snapshot!("too_many", herald.send(me(mira())).await.shown());
    herald.at.advance(minutes(1));
    assert_eq!(herald.send(me(mira())).await.status, 200);
}
