//! Who counts as the caller when a request carries more than one credential, or a strange one.

use axum::body::Body;
use testkit::{Installation, demo};

use super::call::{ask, send, served};

/// Status of `line` with these headers.
async fn status(router: &axum::Router, line: &str, headers: &[(&str, &str)]) -> u16 {
    let request = headers.iter().fold(ask(line), |request, (name, value)| request.header(*name, *value));
    send(router, request.body(Body::empty()).unwrap()).await.status.as_u16()
}

const DEAD: &str = "hs_nothing";

#[tokio::test]
async fn one_header_twice() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let (mira, gus) = (demo::key(demo::MIRA), demo::key(demo::GUS));
    for (line, header, prefix, wanted) in [
        ("GET /v1/me", "authorization", "Bearer ", 400),
        ("GET /v1/me", "x-api-key", "", 400),
        ("GET /account/me", "x-api-key", "", 400),
        ("GET /account/me", "authorization", "bearer ", 400),
        ("GET /auth/me", "authorization", "Bearer ", 400),
        ("GET /api/v2/users/loggedIn/detail", "authorization", "Bearer ", 400),
        ("POST /api/me", "x-api-key", "", 403),
    ] {
        let (one, two, none) =
            (format!("{prefix}{mira}"), format!("{prefix}{gus}"), format!("{prefix}{DEAD}"));
        assert_eq!(status(&router, line, &[(header, &one), (header, &one)]).await, 200, "{line}: equal");
        assert_eq!(
            status(&router, line, &[(header, &one), (header, &two)]).await,
            wanted,
            "{line}: different"
        );
        assert_eq!(
            status(&router, line, &[(header, &one), (header, &none)]).await,
            wanted,
            "{line}: no look-up"
        );
    }
}

#[tokio::test]
async fn another_credential_beside() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let (mira, gus) = (demo::key(demo::MIRA), demo::key(demo::GUS));
    let session = herald.sign_in(demo::MIRA).await.token;
    let bearer = |token: &str| format!("Bearer {token}");
    // (line, whether the key is what counts, refused for two people, with a dead one beside)
    for (line, key_counts, two, dead) in [
        ("GET /v1/me", true, 400, 401),
        ("GET /account/me", true, 400, 401),
        ("GET /auth/me", false, 400, 200),
        ("GET /api/v2/users/loggedIn/detail", false, 400, 200),
        ("POST /api/me", true, 403, 200),
    ] {
        let with = async |counting: &str, beside: &str| {
            let (key, token) = if key_counts { (counting, beside) } else { (beside, counting) };
            status(&router, line, &[("x-api-key", key), ("authorization", &bearer(token))]).await
        };
        assert_eq!(with(mira, &session).await, 200, "{line}: the same person by two credentials");
        assert_eq!(with(mira, gus).await, two, "{line}: two people");
        assert_eq!(with(mira, DEAD).await, dead, "{line}: a dead one beside");
        let refused = if line.ends_with("/api/me") { 403 } else { 401 };
        assert_eq!(with(DEAD, mira).await, refused, "{line}: a live one beside a dead one");
    }
}

#[tokio::test]
async fn credentials_count_only_where_the_dialect_has_them() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let key = demo::key(demo::MIRA);
    let bearer = format!("Bearer {key}");
    assert_eq!(status(&router, "POST /api/me", &[("authorization", &bearer)]).await, 403);
    assert_eq!(status(&router, "GET /auth/me", &[("x-api-key", key)]).await, 401);
    assert_eq!(status(&router, "GET /v1/me", &[("cookie", &format!("__Host-herald={key}"))]).await, 401);
    assert_eq!(status(&router, &format!("GET /v1/me?token={key}&access_token={key}"), &[]).await, 401);
    assert_eq!(status(&router, "GET /v1/me", &[("authorization", &format!("Basic {key}"))]).await, 401);
    assert_eq!(status(&router, "GET /v1/me", &[("authorization", "Basic x"), ("x-api-key", key)]).await, 200);
}

#[tokio::test]
async fn no_credential_is_too_strange() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let long = "x".repeat(16 * 1024);
    for value in
        [long.as_bytes(), b"\x80\xff\xfe", b"' OR 1=1 --", b"eyJ.eyJ.x", b"eyJhbGciOiJub25lIn0.e30.", b"hr_x"]
    {
        let value = axum::http::HeaderValue::from_bytes(value).unwrap();
        for (line, wanted) in [("GET /account/me", 401), ("GET /v1/me", 401), ("POST /api/me", 403)] {
            let request = ask(line).header("x-api-key", value.clone()).body(Body::empty()).unwrap();
            assert_eq!(send(&router, request).await.status.as_u16(), wanted, "{value:?}");
        }
    }
}

#[tokio::test]
async fn an_operator_above_all_tenants_is_nobody_inside_a_product() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let token = herald.sign_in(demo::ROOT).await.token;
    let bearer = format!("Bearer {token}");
    assert_eq!(status(&router, "GET /v1/me", &[("authorization", &bearer)]).await, 200);
    for line in ["GET /account/me", "GET /auth/me", "GET /api/v2/users/loggedIn/detail"] {
        assert_eq!(status(&router, line, &[("authorization", &bearer)]).await, 401, "{line}");
    }
    assert_eq!(status(&router, "POST /api/me", &[("x-api-key", &token)]).await, 403);
}

#[tokio::test]
async fn scopes_bind_by_method() {
    let herald = Installation::start().await;
    let router = served(&herald, |_| ());
    let mut command = testkit::command(
        demo::MIRA,
        demo::password(demo::MIRA),
        app::sessions::sign_in::Through::Oauth {
            client: herald.client(demo::CLIENT).await,
            scope: domain::client::Scopes::parse("read"),
        },
    );
    command.code = None;
    let reader = herald.try_command(command).await.unwrap().token;
    let bearer = format!("Bearer {reader}");
    assert_eq!(status(&router, "GET /v1/me", &[("authorization", &bearer)]).await, 200);
    assert_eq!(status(&router, "POST /v1/sign-out", &[("authorization", &bearer)]).await, 403);
    assert_eq!(status(&router, "POST /api/me", &[("x-api-key", &reader)]).await, 403);
    assert_eq!(status(&router, "GET /auth/me", &[("authorization", &bearer)]).await, 200);
    for (permission, allowed) in [("users:read", true), ("users:write", false)] {
        let request = ask("POST /v1/decisions")
            .header("authorization", &bearer)
            .header("content-type", "application/json")
            .body(Body::from(format!(r#"{{"permission":"{permission}"}}"#)));
        let decision = send(&router, request.unwrap()).await.json();
        assert_eq!(decision["allowed"], allowed, "{permission}");
        let lacks = serde_json::json!([
            {"kind": "membership", "state": "live"},
            {"kind": "scope_lacks", "scope": "write"},
        ]);
        assert!(allowed || decision["reasons"] == lacks, "{decision}");
    }
}
