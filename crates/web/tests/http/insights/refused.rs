//! Who is not shown a detail, and in which words.

use axum::body::Body;
use axum::http::header::AUTHORIZATION;
use axum::http::{Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use testkit::{demo, hours, seconds};

use crate::kit::Herald;
use crate::oauth::desk::{DETAIL, Desk, Reply, claims, get, jose_header, says};

fn invalid_token() -> (u16, String, String) {
    says(401, "invalid_token", "Invalid access token")
}

fn conflicting() -> (u16, String, String) {
    says(400, "invalid_request", "The request carries two different identities")
}

async fn send(desk: &Desk, lines: &[(&str, &str)]) -> Reply {
    let mut request = get(DETAIL);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    desk.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn only_what_bears_our_signature_is_called_expired() {
    let desk = Desk::open().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    let session = desk.house.sign_in(demo::NOOR).await.token;
    desk.house.sql(&format!("UPDATE tokens SET expires_at = {}", desk.house.now().as_micros() + 1)).await;
    desk.house.advance(hours(13));
    let reply = desk.detail(&token).await;
    assert_eq!(reply.said(), says(401, "invalid_token", "Access token expired"));
    assert_eq!(reply.header("www-authenticate"), Some("Bearer realm=\"herald\", error=\"invalid_token\""));
    for opaque in [session.as_str(), demo::key(demo::MIRA)] {
        assert_eq!(desk.detail(opaque).await.said(), invalid_token());
    }
    desk.house.sql("UPDATE users SET locked = TRUE").await;
    assert_eq!(desk.detail(&token).await.said(), invalid_token(), "expired is not all that is wrong");
}

#[tokio::test]
async fn case_21_what_proves_nothing() {
    let desk = Desk::open().await;
    let (token, refresh) = desk.sign_in(demo::NOOR).await;
    let long = "x".repeat(60_000);
    let (head, rest) = token.split_once('.').unwrap();
    let (_, signature) = rest.rsplit_once('.').unwrap();
    let other_head =
        URL_SAFE_NO_PAD.encode(json!({"alg": "ES256", "typ": "at+jwt", "kid": "other"}).to_string());
    let bad = [
        refresh.clone(),
        "x".to_owned(),
        "eyJ.eyJ.x".to_owned(),
        format!("{token}x"),
        format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(b"{}")),
        format!("{other_head}.{rest}"),
        long,
    ];
    for credential in bad {
        let reply = desk.detail(&credential).await;
        assert_eq!(reply.said(), invalid_token(), "{credential:.40}");
        assert!(!reply.body.contains(&credential), "a token is never echoed");
    }
    let bytes = [b"Bearer ".as_slice(), b"\xff\xfe"].concat();
    let request = get(DETAIL).header(AUTHORIZATION, axum::http::HeaderValue::from_bytes(&bytes).unwrap());
    assert_eq!(desk.send(request.body(Body::empty()).unwrap()).await.said(), invalid_token());
}

#[tokio::test]
async fn case_21_forged_signatures() {
    let desk = Desk::open().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut header = jose_header(&token);
    header["alg"] = "none".into();
    for unsigned in [format!("{}.{}.", part(&header), part(&claims(&token)))] {
        assert_eq!(desk.detail(&unsigned).await.said(), invalid_token());
    }
    header["alg"] = "HS256".into();
    let input = format!("{}.{}", part(&header), part(&claims(&token)));
    let jwks = desk.house.ctx.keys.jwks().to_string();
    let pem = desk.house.ctx.keys.public_pem(app::jwt::Purpose::OauthAccess).unwrap();
    for public in [pem.as_bytes(), jwks.as_bytes()] {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, public);
        let tag = aws_lc_rs::hmac::sign(&key, input.as_bytes());
        let forged = format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()));
        assert_eq!(desk.detail(&forged).await.said(), invalid_token());
    }
}

#[tokio::test]
async fn case_21_a_token_without_read() {
    let desk = Desk::open().await;
    let reply = desk.password(demo::NOOR, demo::password(demo::NOOR), &[("scope", "write trust")]).await;
    let refused = desk.detail(&reply.text("access_token")).await;
    assert_eq!(refused.said(), says(403, "insufficient_scope", "Insufficient scope"));
    assert_eq!(refused.json()["scope"], "read");
    let challenge = "Bearer realm=\"herald\", error=\"insufficient_scope\", scope=\"read\"";
    assert_eq!(refused.header("www-authenticate"), Some(challenge));
}

#[tokio::test]
async fn case_21_a_token_of_no_user() {
    let herald = Herald::demo().await;
    let client = herald.client_token().await;
    let desk = Desk { house: herald.at };
    let refused = desk.detail(&client).await;
    assert_eq!(refused.said(), says(403, "access_denied", "This credential does not belong to a user"));
    // A tenant's own.
    desk.house.sql("UPDATE tokens SET owner_id = NULL WHERE owner_id IS NOT NULL").await;
    let refused = desk.detail(demo::key(demo::MIRA)).await;
    assert_eq!(refused.said(), says(403, "access_denied", "This credential does not belong to a user"));
    assert_eq!(refused.header("www-authenticate"), None);
}

#[tokio::test]
async fn a_key_for_a_plug_in_and_an_operator_above_all_are_nobody() {
    let desk = Desk::open().await;
    let root = desk.house.sign_in(demo::ROOT).await.token;
    assert_eq!(desk.detail(&root).await.said(), invalid_token());
    for utility in ["BURP", "CICD"] {
        desk.house.sql(&format!("UPDATE tokens SET utility = '{utility}'")).await;
        assert_eq!(desk.detail(demo::key(demo::MIRA)).await.said(), invalid_token(), "{utility}");
    }
}

#[tokio::test]
async fn a_dead_owner() {
    for change in ["locked = TRUE", "active = FALSE"] {
        let desk = Desk::open().await;
        desk.house.hear().await;
        let (token, _) = desk.sign_in(demo::NOOR).await;
        assert_eq!(desk.detail(&token).await.status, 200);
        let id = "email = 'noor.aziz@northwind.example'";
        desk.house.change_user(demo::NOOR, &format!("UPDATE users SET {change} WHERE {id}")).await;
        assert_eq!(desk.detail(&token).await.said(), invalid_token(), "{change}");
    }
}

#[tokio::test]
async fn two_identities_at_once() {
    let desk = Desk::open().await;
    let ((noor, _), (mira, _)) = (desk.sign_in(demo::NOOR).await, desk.sign_in(demo::MIRA).await);
    let (of_noor, of_mira) = (format!("Bearer {noor}"), format!("Bearer {mira}"));
    let twice = |second| [("Authorization", of_noor.as_str()), ("Authorization", second)];
    assert_eq!(send(&desk, &twice(&of_mira)).await.said(), conflicting());
    assert_eq!(send(&desk, &twice("Bearer dead")).await.said(), conflicting(), "nothing is looked up");
    assert_eq!(send(&desk, &twice("Basic abc")).await.said(), conflicting());
    assert_eq!(send(&desk, &twice(&of_noor)).await.status, 200, "equal values count once");
    for name in ["X-API-Key", "X-Api-Key", "X-API-KEY"] {
        let beside = [("Authorization", of_noor.as_str()), (name, demo::key(demo::GUS))];
        assert_eq!(send(&desk, &beside).await.said(), conflicting(), "{name}");
    }
    let dead = [("Authorization", of_noor.as_str()), ("X-API-Key", "dead")];
    assert_eq!(send(&desk, &dead).await.status, 200, "a dead one is ignored");
    let same = [("Authorization", of_mira.as_str()), ("X-API-Key", demo::key(demo::MIRA))];
    assert_eq!(send(&desk, &same).await.status, 200, "the same user and tenant");
}

#[tokio::test]
async fn in_the_order_of_the_contract() {
    let desk = Desk::open().await;
    let narrow = desk.password(demo::NOOR, demo::password(demo::NOOR), &[("scope", "write")]).await;
    let narrow = format!("Bearer {}", narrow.text("access_token"));
    let gus = demo::key(demo::GUS);
    // Method before everything.
    let put = Request::builder().method(Method::PUT).uri(DETAIL);
    let put =
        put.header(AUTHORIZATION, "Bearer a").header(AUTHORIZATION, "Bearer b").body(Body::empty()).unwrap();
    assert_eq!(desk.send(put).await.said().0, 405);
    // Two headers before liveness.
    let two = [("Authorization", "Bearer dead"), ("Authorization", "Bearer gone")];
    assert_eq!(send(&desk, &two).await.said(), conflicting());
    // Liveness before the stranger beside.
    let beside = [("Authorization", "Bearer dead"), ("X-API-Key", gus)];
    assert_eq!(send(&desk, &beside).await.said(), invalid_token());
    // The stranger before the scope.
    let beside = [("Authorization", narrow.as_str()), ("X-API-Key", gus)];
    assert_eq!(send(&desk, &beside).await.said(), conflicting());
    // The scope last.
    assert_eq!(send(&desk, &beside[..1]).await.said().1, "insufficient_scope");
}

#[tokio::test]
async fn every_other_method_and_path() {
    let desk = Desk::open().await;
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let request = Request::builder().method(&method).uri(DETAIL).body(Body::empty()).unwrap();
        let reply = desk.send(request).await;
        assert_eq!(reply.said(), says(405, "method_not_allowed", "Only GET is supported"), "{method}");
        assert_eq!(reply.header("allow"), Some("GET, HEAD"));
    }
    let (token, _) = desk.sign_in(demo::NOOR).await;
    let slash = get(&format!("{DETAIL}/")).header(AUTHORIZATION, format!("Bearer {token}"));
    assert_eq!(desk.send(slash.body(Body::empty()).unwrap()).await.status, 404, "no trailing slash");
}

#[tokio::test]
async fn a_full_share_of_requests_is_told_in_its_words() {
    let setup = testkit::Setup::on(testkit::Engine::Sqlite);
    let desk = Desk::with(setup, |config| config.requests_per_ip = 1).await;
    assert_eq!(send(&desk, &[]).await.status, 401);
    let refused = send(&desk, &[]).await;
    assert_eq!(refused.said(), says(429, "temporarily_unavailable", "Too many attempts"));
    assert!(refused.header("retry-after").is_some());
    desk.house.advance(seconds(60));
    assert_eq!(send(&desk, &[]).await.status, 401);
}

#[tokio::test]
async fn a_row_that_cannot_be_is_a_fault_that_says_nothing_of_itself() {
    let desk = Desk::open().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    desk.house.sql("UPDATE tenants SET quotas = 'no JSON'").await;
    let asked = [desk.detail(&token).await, desk.password(demo::NOOR, demo::password(demo::NOOR), &[]).await];
    for reply in asked {
        assert_eq!(reply.said(), says(500, "server_error", "Internal error"));
        assert!(!reply.body.contains("quotas"));
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_asks_to_wait() {
    let desk = Desk::open().await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    desk.house.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE memberships RENAME TO elsewhere").await;
    let asked = [desk.detail(&token).await, desk.password(demo::NOOR, demo::password(demo::NOOR), &[]).await];
    for reply in asked {
        assert_eq!(reply.said(), says(503, "temporarily_unavailable", "Service unavailable"));
        assert_eq!(reply.header("retry-after"), Some("2"));
        assert!(!reply.body.contains("memberships"));
    }
}

#[tokio::test]
async fn switched_off_its_path_is_unknown_and_the_token_endpoint_stays() {
    let setup = testkit::Setup::on(testkit::Engine::Sqlite);
    let desk = Desk::with(setup, |config| {
        config.dialects.remove(&herald_web::Product::Insights);
    });
    let desk = desk.await;
    let (token, _) = desk.sign_in(demo::NOOR).await;
    let reply = desk.detail(&token).await;
    assert_eq!((reply.status, reply.header("content-type")), (404, Some("application/problem+json")));
}
