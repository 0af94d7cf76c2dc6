//! What every answer has, and what becomes of a request that no handler answers.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use serde_json::{Value, json};
use testkit::{Engine, Installation, Setup, demo};

use super::call::{Answer, ask, get, send, served};
use crate::heard::Heard;
use herald_web::Product;

#[tokio::test]
async fn unknown_paths_are_refused_by_their_owner() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let problem = |answer: &Answer| answer.json()["code"] == json!("not_found");
    for path in ["/", "/v1", "/v1/me/", "/api/me/", "/auth/other", "/api/users/", "/%ff", "/v1/%00"] {
        let answer = get(&router, path, "").await;
        assert!(answer.status == 404 && problem(&answer), "{path}: {}", answer.text);
    }
    let answer = get(&router, "/account/other", "").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (404, &json!("API_ROUTE_NOT_FOUND")));
    for path in ["/frontegg/other", "/identity/resources/users/v9/me", "/auth/vendor/more"] {
        let answer = get(&router, path, "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (404, json!({"errors": ["Not Found"]})),
            "{path}"
        );
        assert_eq!(answer.header("frontegg-trace-id"), answer.header("x-request-id"));
    }
}

#[tokio::test]
async fn a_disabled_product_is_heralds_own_404() {
    let herald = Installation::start().await;
    let router = served(&herald, |config| {
        config.dialects.remove(&Product::Testiny);
        config.dialects.remove(&Product::Insights);
    });
    for path in ["/account/me", "/account/other", "/api/v2/users/loggedIn/detail"] {
        let answer = get(&router, path, "").await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (404, &json!("not_found")), "{path}");
    }
    assert_eq!(get(&router, "/oauth/token", "").await.status, 405);
    assert_eq!(get(&router, "/auth/me", "").await.status, 401);
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    for (line, allow) in [
        ("PUT /v1/me", "GET, HEAD, PATCH"),
        ("OPTIONS /v1/sign-in", "POST"),
        ("POST /v1/me/sessions/x", "DELETE"),
        ("DELETE /healthz", "GET, HEAD"),
        ("POST /account/me", "GET, HEAD"),
        ("HEAD /api/me", "POST"),
        ("POST /auth/me", "GET"),
        ("HEAD /auth/logout", "GET"),
        ("TRACE /v1/me", "GET, HEAD, PATCH"),
    ] {
        let answer = send(&router, ask(line).body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allow), "{line}: {}", answer.text);
    }
    let head = send(&router, ask("HEAD /healthz").body(Body::empty()).unwrap()).await;
    assert_eq!((head.status.as_u16(), head.text.as_str(), head.header("content-length")), (200, "", "3"));
}

#[tokio::test]
async fn a_long_body_is_refused_before_the_caller_is_looked_at() {
    let herald = Installation::start().await;
    let router = served(&herald, |config| config.body_bytes = 2048);
    let long = vec![b' '; 4096];
    for line in ["POST /v1/me/tokens", "POST /api/me", "POST /v1/sign-in"] {
        let announced = ask(line).header("content-length", "4096").body(Body::from(long.clone())).unwrap();
        assert_eq!(send(&router, announced).await.status, 413, "{line}");
        let pieces = long.chunks(512).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece)));
        let stream = Body::from_stream(futures_util::stream::iter(pieces.collect::<Vec<_>>()));
        assert_eq!(send(&router, ask(line).body(stream).unwrap()).await.status, 413, "{line}");
    }
    // What a GET carries is nobody's business.
    assert_eq!(send(&router, ask("GET /account/me").body(Body::from(long)).unwrap()).await.status, 401);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let pieces = [Ok(Bytes::from_static(b"{\"email\":")), Err(std::io::Error::other("gone"))];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let request = ask("POST /v1/sign-in").header("content-type", "application/json").body(body).unwrap();
    let answer = send(&router, request).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!("invalid_body")));
}

#[tokio::test]
async fn every_answer_has_an_id_and_says_that_it_is_not_to_be_kept() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let asked = |id: &str| ask("GET /healthz").header("x-request-id", id).body(Body::empty()).unwrap();
    assert_eq!(send(&router, asked("trace-1.A_b")).await.header("x-request-id"), "trace-1.A_b");
    for strange in ["", "a b", "<script>", &"x".repeat(65)] {
        let answer = send(&router, asked(strange)).await;
        assert!(uuid::Uuid::try_parse(answer.header("x-request-id")).is_ok(), "{strange:?}");
    }
    let answer = get(&router, "/v1/me", "").await;
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("x-frame-options", "DENY"),
        ("www-authenticate", "Bearer"),
        ("content-type", "application/problem+json"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
}

#[tokio::test]
async fn an_address_has_its_share_and_no_more() {
    let herald = Installation::start().await;
    let router = served(&herald, |config| {
        config.sign_in_per_ip = 2;
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    let sign_in = |ip: &str| {
        let request = ask("POST /v1/sign-in").header("x-forwarded-for", ip);
        request.header("content-type", "application/json").body(Body::from("{}")).unwrap()
    };
    let statuses = async |ip: &str| send(&router, sign_in(ip)).await.status.as_u16();
    assert_eq!([statuses("192.0.2.1").await, statuses("192.0.2.1").await], [400, 400]);
    let refused = send(&router, sign_in("192.0.2.1")).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "30"));
    assert_eq!(statuses("192.0.2.2").await, 400);
    assert_eq!(get(&router, "/healthz", "").await.status, 200);
    herald.advance(testkit::seconds(30));
    assert_eq!([statuses("192.0.2.1").await, statuses("192.0.2.1").await], [400, 429]);
}

#[tokio::test]
async fn all_requests_of_an_address_can_be_limited() {
    let herald = Installation::start().await;
    let router = served(&herald, |config| config.requests_per_ip = 2);
    for status in [200, 200, 429] {
        assert_eq!(get(&router, "/healthz", "").await.status.as_u16(), status);
    }
    let answer = send(&router, ask("POST /api/me").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (429, json!({"actionErrors": ["Too many requests"]}))
    );
}

#[tokio::test]
async fn only_pages_of_named_origins_may_call() {
    let herald = Installation::start().await;
    let router = served(&herald, |config| config.cors_origins = vec!["https://app.example".into()]);
    let preflight = |origin: &str| {
        let asked = ask("OPTIONS /v1/me").header("origin", origin);
        asked.header("access-control-request-method", "GET").body(Body::empty()).unwrap()
    };
    let allowed = send(&router, preflight("https://app.example")).await;
    assert_eq!((allowed.status.as_u16(), allowed.header("vary")), (204, "Origin"));
    assert_eq!(allowed.header("access-control-allow-origin"), "https://app.example");
    assert_eq!(allowed.header("access-control-allow-credentials"), "");
    let other = send(&router, preflight("https://evil.example")).await;
    assert_eq!((other.status.as_u16(), other.header("access-control-allow-origin")), (405, ""));
}

#[tokio::test]
async fn readiness_follows_the_feed() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    herald.hear().await;
    assert_eq!(get(&router, "/readyz", "").await.status, 200);
    herald.advance(testkit::seconds(5));
    let answer = get(&router, "/readyz", "").await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
    assert_eq!(get(&router, "/healthz", "").await.text, "ok\n");
}

/// As long as nothing was tried, nobody knows; once a write has failed it says so, and takes it back when there is room.
#[tokio::test]
async fn readiness_follows_the_disk() {
    let herald = Installation::with(Setup::on(Engine::Sqlite).room(8)).await;
    let router = served(&herald, |_| ());
    herald.hear().await;
    let ready = async || get(&router, "/readyz", "").await;
    let sign_in = async || herald.try_sign_in(demo::MIRA, demo::password(demo::MIRA)).await.is_ok();
    assert_eq!(ready().await.status, 200);
    let mut signed_in = 0;
    while sign_in().await {
        signed_in += 1;
        assert!(signed_in < 500, "the bound does not hold");
        assert_eq!(ready().await.status, 200);
    }
    assert!(signed_in > 0, "there was some room");
    for _ in 0..2 {
        let answer = ready().await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
    }
    assert_eq!(get(&router, "/healthz", "").await.text, "ok\n");
    herald.sql("DELETE FROM audit; DELETE FROM sessions").await;
    herald.hear().await;
    assert_eq!(ready().await.status, 200);
    assert!(sign_in().await);
    assert!(herald.sql("SELECT value FROM installation WHERE key = 'probe'").await.is_empty());
}

#[tokio::test]
async fn the_installation_shows_its_metrics_keys_and_document() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    get(&router, "/v1/me?token=hs_secret", "hs_secret").await;
    let metrics = get(&router, "/metrics", "").await;
    assert!(metrics.text.contains(r#"herald_requests_total{face="Herald",route="/v1/me",status="4xx"} 1"#));
    assert!(!metrics.text.contains("hs_secret"));
    let keys = get(&router, "/.well-known/jwks.json", "").await;
    assert!(
        keys.json()["keys"].as_array().is_some_and(|keys| keys.iter().all(|key| key["d"] == Value::Null))
    );
    assert_eq!(get(&router, "/openapi.json", "").await.text, herald_web::openapi());
    let docs = get(&router, "/docs", "").await;
    assert_eq!(docs.header("content-type"), "text/html; charset=utf-8");
    assert!(docs.header("content-security-policy").contains("script-src 'self'"));
    assert_eq!(get(&router, "/docs/docs.js", "").await.status, 200);
}

/// What a leaked key has read is in no trail of writes: the log says from where, and with which credential.
#[tokio::test]
async fn a_line_of_the_log_names_address_and_credential() {
    let heard = Heard::listen();
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let me = get(&router, "/v1/me", demo::key(demo::MIRA)).await;
    let id = me.json()["credential"]["id"].as_str().unwrap().to_owned();
    get(&router, "/v1/users", demo::key(demo::MIRA)).await;
    get(&router, "/v1/me", "herald_unknown").await;
    let logged = heard.text();
    let lines: Vec<&str> = logged.lines().filter(|line| line.contains("micros=")).collect();
    assert_eq!(lines.len(), 3, "{logged}");
    assert!(lines.iter().all(|line| line.contains(" ip=")), "{lines:?}");
    let known = format!("credential={id}");
    assert_eq!(lines.iter().filter(|line| line.contains(&known)).count(), 2, "{lines:?}");
    assert!(!lines[2].contains("credential="), "what is dead or unknown is not named: {}", lines[2]);
    assert!(!logged.contains(demo::key(demo::MIRA)), "{logged}");
}
