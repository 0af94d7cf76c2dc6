//! Who is not let in, and how it is said.

use app::sessions::sign_in::Through;
use axum::body::Body;
use testkit::{demo, hours, minutes};

use super::{CALLS, bound, call, gus, me, mira, otto, signing};
use crate::kit::{Answer, Herald, bare, raw};
use crate::other;

/// The one answer for all keys that count for nothing.
async fn no_key(herald: &Herald) -> Answer {
    herald.send(bare("POST", "/api/me", &[])).await
}

#[tokio::test]
async fn case_04_one_answer_for_every_dead_key() {
    let herald = Herald::of(other::WORLD).await;
    let usual = no_key(&herald).await;
    insta::assert_json_snapshot!("no_key", usual.shown());
    for (why, key) in other::DEAD.into_iter().chain([("empty", ""), ("the tenant's own", other::OF_ALDER)]) {
        let answer = herald.send(me(key)).await;
        assert_eq!((answer.status, &answer.body), (usual.status, &usual.body), "{why}");
        assert_eq!(answer.header("www-authenticate"), None);
    }
}

#[tokio::test]
async fn case_04_expired() {
    let herald = Herald::of(other::WORLD).await;
    let usual = no_key(&herald).await;
    herald.at.hear().await;
    herald.at.advance(minutes(30));
    herald.at.hear().await;
    assert_eq!(herald.send(me(other::BO_TO_0830)).await.status, 200);
    herald.at.advance(std::time::Duration::from_millis(250));
    assert_eq!(herald.send(me(other::BO_TO_0830)).await.body, usual.body);
    assert_eq!(herald.send(me(other::HAL_TO_0900)).await.status, 200);
    herald.at.advance(hours(1));
    assert_eq!(herald.send(me(other::HAL_TO_0900)).await.body, usual.body);
}

#[tokio::test]
async fn case_04_revoked_locked_and_signed_out() {
    let herald = Herald::demo().await;
    let usual = no_key(&herald).await;
    herald.at.hear().await;
    assert_eq!(herald.send(me(gus())).await.status, 200);
    herald.at.change_user(demo::GUS, "UPDATE users SET locked = TRUE WHERE email LIKE 'gus.%'").await;
    assert_eq!(herald.send(me(gus())).await.body, usual.body);
    let bearer = format!("Bearer {}", otto());
    assert_eq!(herald.send(bare("GET", "/auth/logout", &[("authorization", &bearer)])).await.status, 200);
    assert_eq!(herald.send(me(otto())).await.body, usual.body);
}

#[tokio::test]
async fn case_04_oauth_tokens_do_not_open_this_door() {
    let herald = Herald::demo().await;
    let token = herald.at.grant(demo::MIRA).await.token;
    assert_eq!(herald.send(me(&token)).await.body, no_key(&herald).await.body);
}

/// An OAuth token itself does not open this door; what it made does.
#[tokio::test]
async fn a_bound_key_needs_to_read() {
    let herald = signing().await;
    let refused = serde_json::json!({"actionErrors": ["The API key lacks the scope 'read'."]});
    for (scopes, reads) in [("write", false), ("read write", true)] {
        let key = bound(&herald, scopes).await;
        for (path, body) in CALLS {
            let answer = herald.send(call(path, &key, body)).await;
            if reads {
                assert_eq!(answer.status, 200, "{path}: {}", answer.json());
            } else {
                assert_eq!((answer.status.as_u16(), answer.json()), (403, refused.clone()), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn case_04_a_clients_token() {
    let herald = Herald::demo().await;
    let token = herald.client_token().await;
    assert_eq!(herald.send(me(&token)).await.body, no_key(&herald).await.body);
}

#[tokio::test]
async fn case_25_the_store_is_away() {
    let herald = Herald::demo().await;
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE tokens RENAME TO elsewhere").await;
    insta::assert_json_snapshot!("store_away", herald.send(me(mira())).await.shown());
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE elsewhere RENAME TO tokens").await;
    assert_eq!(herald.send(me(mira())).await.status, 200);
}

#[tokio::test]
async fn an_operator_without_a_membership_is_nobody() {
    let herald = Herald::demo().await;
    let token = herald.at.sign_in(demo::ROOT).await.token;
    assert_eq!(herald.send(me(&token)).await.body, no_key(&herald).await.body);
}

#[tokio::test]
async fn case_05_the_key_elsewhere() {
    let herald = Herald::demo().await;
    let usual = no_key(&herald).await;
    let bearer = format!("Bearer {}", mira());
    let cookie = format!("X-API-KEY={}; __Host-herald={0}", mira());
    for headers in [[("authorization", bearer.as_str())], [("cookie", &cookie)], [("x-apikey", mira())]] {
        assert_eq!(herald.send(bare("POST", "/api/me", &headers)).await.body, usual.body);
    }
    let path = format!("/api/me?X-API-KEY={}", mira());
    assert_eq!(herald.send(bare("POST", &path, &[])).await.body, usual.body);
    let body = format!(r#"{{"X-API-KEY":"{}"}}"#, mira());
    let request = raw("POST", "/api/me", []).body(Body::from(body)).unwrap();
    assert_eq!(herald.send(request).await.body, usual.body);
}

#[tokio::test]
async fn case_06_two_identities() {
    let herald = Herald::demo().await;
    let twice = bare("POST", "/api/me", &[("x-api-key", mira()), ("x-api-key", gus())]);
    let refused = herald.send(twice).await;
    insta::assert_json_snapshot!("two_identities", refused.shown());
    let beside = async |token: &str| {
        let bearer = format!("Bearer {token}");
        herald.send(bare("POST", "/api/me", &[("x-api-key", mira()), ("authorization", &bearer)])).await
    };
    assert_eq!(beside(gus()).await.body, refused.body);
    assert_eq!(beside(mira()).await.status, 200);
    assert_eq!(beside(&herald.at.sign_in(demo::MIRA).await.token).await.status, 200);
    assert_eq!(beside("nobody").await.status, 200);
    // A door that an OAuth token does not open still sees whose it is.
    assert_eq!(beside(&herald.at.grant(demo::GUS).await.token).await.body, refused.body);
    let mut elsewhere = testkit::command(demo::MIRA, demo::password(demo::MIRA), Through::Native);
    elsewhere.tenant = Some(demo::CONTOSO.into());
    let elsewhere = herald.at.try_command(elsewhere).await.ok().unwrap();
    assert_eq!(beside(&elsewhere.token).await.body, refused.body, "the same user in another tenant");
    let twice = bare("POST", "/api/me", &[("x-api-key", mira()), ("x-api-key", mira())]);
    assert_eq!(herald.send(twice).await.status, 200);
}

#[tokio::test]
async fn case_06_a_cap_makes_another_identity() {
    let herald = Herald::of(other::WORLD).await;
    let bearer = format!("Bearer {}", other::BO_AS_GUEST);
    let request = bare("POST", "/api/me", &[("x-api-key", other::BO), ("authorization", &bearer)]);
    let answer = herald.send(request).await;
    assert_eq!(answer.json()["actionErrors"][0], "The request carries two different identities");
}

#[tokio::test]
async fn case_07_other_methods() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("another_method", herald.send(bare("GET", "/api/me", &[])).await.shown());
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"] {
        let answer = herald.send(bare(method, "/api/me", &[("x-api-key", mira())])).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("POST")), "{method}");
    }
}

#[tokio::test]
async fn other_spellings_of_the_path_are_not_this_dialects() {
    let herald = Herald::demo().await;
    for path in ["/api/me/", "/api/Me", "/API/me", "/api//me", "/api/me/x"] {
        let answer = herald.send(bare("POST", path, &[("x-api-key", mira())])).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
}

#[tokio::test]
async fn hostile_keys() {
    let herald = Herald::demo().await;
    let usual = no_key(&herald).await;
    let long = "k".repeat(64 * 1024);
    let jwts = ["eyJ.eyJ.x", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "eyJ..", "..."];
    let odd: [&[u8]; 6] = [b"\x80\xff\xfe", b"' OR 1=1 --", b"hs_", b"hr_x", b"\"", long.as_bytes()];
    for key in odd.into_iter().chain(jwts.map(str::as_bytes)) {
        let request = raw("POST", "/api/me", [("x-api-key", key)]).body(Body::empty()).unwrap();
        assert_eq!(herald.send(request).await.body, usual.body, "{:?}", key.get(..20));
    }
}

#[tokio::test]
async fn too_many_requests() {
    let herald = Herald::sparing().await;
    assert_eq!(herald.send(me(mira())).await.status, 200);
    insta::assert_json_snapshot!("too_many", herald.send(me(mira())).await.shown());
    herald.at.advance(minutes(1));
    assert_eq!(herald.send(me(mira())).await.status, 200);
}
