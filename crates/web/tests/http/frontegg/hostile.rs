//! Case 40 for the routes that there are, and the rules of every endpoint: never 5xx, never a redirect.

use domain::EmailAddress;
use testkit::{demo, minutes};

use super::{COOKIE, JSON, ME, ROUTES, UNAUTHORIZED, me, said};
use crate::kit::{Herald, bare, raw, with_body};

/// One more bearer, and why it opens nothing.
async fn strangers(herald: &Herald) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("garbage", "garbage".to_owned()),
        ("a JWT of nobody", "eyJhbGciOiJSUzI1NiJ9.e30.x".to_owned()),
        ("a long one", "x".repeat(20_000)),
    ];
    all.push(("expired", herald.signed_in(demo::GUS).await.access));
    herald.at.advance(minutes(61));
    herald.at.hear().await;
    let revoked = herald.signed_in(demo::OTTO).await;
    let cookie = format!("{COOKIE}={}", revoked.refresh);
    herald.send(with_body("POST", super::LOGOUT, &[("cookie", &cookie)], "")).await;
    all.push(("revoked", revoked.access));
    all.push(("a refresh token", herald.signed_in(demo::OTTO).await.refresh));
    let locked = herald.signed_in(demo::NOOR).await.access;
    app::users::lock::run(&herald.at.ctx, EmailAddress::parse(demo::NOOR).unwrap(), true).await.unwrap();
    all.push(("of somebody locked", locked));
    let inactive = herald.signed_in(demo::RAGU).await.access;
    let sql = format!("UPDATE users SET active = FALSE WHERE email = '{}'", demo::RAGU);
    herald.at.change_user(demo::RAGU, &sql).await;
    all.push(("of somebody deactivated", inactive));
    let left = herald.signed_in(demo::GUS).await.access;
    let sql = format!(
        "UPDATE memberships SET active = FALSE WHERE user_id = (SELECT id FROM users WHERE email = '{}')",
        demo::GUS
    );
    herald.at.change_user(demo::GUS, &sql).await;
    all.push(("of somebody who left", left));
    all.push(("above all tenants", herald.at.sign_in(demo::ROOT).await.token));
    all
}

#[tokio::test]
async fn case_40_strangers_at_every_door() {
    let herald = Herald::demo().await;
    for (why, token) in strangers(&herald).await {
        assert_eq!(said(&herald.send(me(&token)).await), (401, UNAUTHORIZED), "{why}");
        let bearer = format!("Bearer {token}");
        for (method, path) in ROUTES {
            for mount in ["", "/frontegg"] {
                let path = format!("{mount}{path}");
                let answer =
                    herald.send(with_body(method, &path, &[JSON, ("authorization", &bearer)], "{}")).await;
                let status = answer.status.as_u16();
                // Logout alone says 201 to everybody.
                assert!(
                    (400..500).contains(&status) || path.ends_with("/logout") && status == 201,
                    "{why} {path} {status}"
                );
            }
        }
    }
}

#[tokio::test]
async fn methods_and_paths_that_are_not_there() {
    let herald = Herald::demo().await;
    for (served, path) in ROUTES {
        for mount in ["", "/frontegg"] {
            for slash in ["", "/"] {
                let path = format!("{mount}{path}{slash}");
                for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW"] {
                    if method == served || (method, served) == ("HEAD", "GET") {
                        continue;
                    }
                    let answer = herald.send(bare(method, &path, &[])).await;
                    assert_eq!(answer.status, 405, "{method} {path}");
                    let allow = if served == "GET" { "GET, HEAD" } else { "POST" };
                    assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
                    if method != "HEAD" {
                        assert_eq!(said(&answer).1, r#"{"errors":["Method Not Allowed"]}"#);
                    }
                }
            }
        }
    }
    for path in [
        "/identity",
        "/identity/",
        "/frontegg",
        "/frontegg/",
        "/frontegg/identity/resources",
        "/frontegg/frontegg/identity/resources/users/v3/me",
        "/identity/resources/users/v3/me//",
        "/identity//resources/users/v3/me",
        "/identity/resources/users/v3/ME",
        "/identity/resources/users/v1/signUp",
        "/tenants/resources/tenants/v9",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = herald.send(bare(method, path, &[])).await;
            assert_eq!(said(&answer), (404, r#"{"errors":["Not Found"]}"#), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn never_a_fault_whatever_is_sent() {
    let herald = Herald::demo().await;
    let wide = format!("{{\"a\":{}0}}", "[0,".repeat(2_000));
    let bodies: [&[u8]; 8] =
        [b"", b"{", b"\xff\xfe", b"\0", b"\"x\"", b"{\"email\":{},\"email\":1}", wide.as_bytes(), b"{}{}"];
    let values: [&[u8]; 7] =
        [b"", b"\xff", b"Bearer \xff\xfe", b"Bearer a b c", b"Bearer", b"Digest x", b"=;=;,"];
    for (method, path) in ROUTES {
        for name in [
            "authorization",
            "x-access-token",
            "cookie",
            "content-type",
            "frontegg-tenant-id",
            "x-request-id",
        ] {
            for value in values {
                // The share of sign-ins comes back, so that each of them is looked at.
                herald.at.advance(minutes(1));
                for body in bodies {
                    let headers = [("content-type", &b"application/json"[..]), (name, value)];
                    let request = raw(method, path, headers).body(body.to_vec().into()).unwrap();
                    let status = herald.send(request).await.status.as_u16();
                    assert!(
                        status == 201 || (400..500).contains(&status),
                        "{method} {path} {name} {value:?}: {status}"
                    );
                }
            }
        }
    }
    let bearer = format!("Bearer {}", herald.signed_in(demo::MIRA).await.access);
    let long = "x".repeat(60_000);
    for name in ["frontegg-user-id", "cookie", "user-agent"] {
        let answer = herald.send(bare("GET", ME, &[("authorization", &bearer), (name, &long)])).await;
        assert_eq!(answer.status, 200, "{name}");
    }
}
