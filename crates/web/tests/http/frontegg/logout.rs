//! `POST /auth/v1/logout`.

use testkit::{demo, minutes};

use super::{COOKIE, ENVIRONMENT, JSON, LOGOUT, UNAUTHORIZED, me, said};
use crate::kit::{Answer, Herald, bare, with_body};

async fn logout(herald: &Herald, headers: &[(&str, &str)]) -> Answer {
    let answer = herald.send(with_body("POST", LOGOUT, headers, "")).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (201, 0));
    assert_eq!(answer.header("frontegg-trace-id"), answer.header("x-request-id"));
    let cleared: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(
        cleared.contains(&&*format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")),
        "{cleared:?}"
    );
    answer
}

#[tokio::test]
async fn case_20_by_cookie() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let signed = herald.signed_in(demo::MIRA).await;
    let other = herald.signed_in(demo::MIRA).await;
    assert_eq!(herald.status_of_me(&signed.access).await, 200);
    let cookie = format!("{COOKIE}={}", signed.refresh);
    logout(&herald, &[JSON, ("cookie", &cookie)]).await;
    assert_eq!(said(&herald.send(me(&signed.access)).await), (401, UNAUTHORIZED));
    assert_eq!(said(&herald.refreshed(&signed.refresh).await), (401, UNAUTHORIZED));
    logout(&herald, &[JSON, ("cookie", &cookie)]).await;
    assert_eq!(herald.status_of_me(&other.access).await, 200, "that session only");
    assert_eq!(herald.refreshed(&other.refresh).await.status, 201);
}

#[tokio::test]
async fn case_20_by_a_cookie_of_another_name_or_an_older_token() {
    let herald = Herald::demo().await;
    for name in [format!("fe_refresh_{}", ENVIRONMENT.replace('-', "")), format!("fe_refresh_{ENVIRONMENT}")]
    {
        let signed = herald.signed_in(demo::MIRA).await;
        let next = herald.refreshed(&signed.refresh).await.json();
        let answer = logout(&herald, &[("cookie", &format!("{name}={}", signed.refresh))]).await;
        assert!(
            answer
                .headers
                .get_all("set-cookie")
                .iter()
                .any(|value| value.to_str().unwrap().starts_with(&format!("{name}=;")))
        );
        assert_eq!(herald.status_of_me(next["accessToken"].as_str().unwrap()).await, 401);
    }
}

#[tokio::test]
async fn case_20_by_bearer() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let signed = herald.signed_in(demo::MIRA).await;
    let native = herald.at.sign_in(demo::MIRA).await.token;
    for token in [&signed.access, &native] {
        assert_eq!(herald.status_of_me(token).await, 200);
        let bearer = format!("bearer  {token}");
        logout(&herald, &[("authorization", &bearer)]).await;
        assert_eq!(said(&herald.send(me(token)).await), (401, UNAUTHORIZED));
        logout(&herald, &[("authorization", &bearer)]).await;
    }
    assert_eq!(said(&herald.refreshed(&signed.refresh).await), (401, UNAUTHORIZED));
}

#[tokio::test]
async fn nobody_and_keys_are_logged_out_too() {
    let herald = Herald::demo().await;
    let signed = herald.signed_in(demo::MIRA).await;
    let key = format!("Bearer {}", demo::key(demo::MIRA));
    let refresh = format!("Bearer {}", signed.refresh);
    for headers in [
        vec![],
        vec![("authorization", "Bearer garbage")],
        vec![("authorization", "Basic x")],
        vec![("authorization", key.as_str())],
        vec![("authorization", refresh.as_str())],
        vec![("cookie", "fe_refresh_x=y")],
        vec![("authorization", key.as_str()), ("x-access-token", signed.access.as_str())],
    ] {
        logout(&herald, &headers).await;
    }
    // A key has no session: it lives on, and so does whoever was not named.
    assert_eq!(herald.status_of_me(demo::key(demo::MIRA)).await, 403);
    assert_eq!(herald.status_of_me(&signed.access).await, 200);
}

#[tokio::test]
async fn an_oauth_token_needs_write_to_end_its_session() {
    let herald = Herald::demo().await;
    let client = herald.at.client(demo::CLIENT).await;
    for (scope, after) in [("read", 200), ("read write", 401)] {
        let scope = domain::client::Scopes::parse(scope);
        let through = app::sessions::sign_in::Through::Oauth { client: client.clone(), scope };
        let command = testkit::command(demo::MIRA, demo::password(demo::MIRA), through);
        let token = herald.at.try_command(command).await.ok().unwrap().token;
        logout(&herald, &[("authorization", &format!("Bearer {token}"))]).await;
        assert_eq!(herald.status_of_me(&token).await, after);
    }
}

#[tokio::test]
async fn an_expired_token_logs_nobody_out_but_its_cookie_does() {
    let herald = Herald::demo().await;
    let signed = herald.signed_in(demo::MIRA).await;
    herald.at.advance(minutes(61));
    let bearer = format!("Bearer {}", signed.access);
    logout(&herald, &[("authorization", &bearer)]).await;
    let cookie = format!("{COOKIE}={}", signed.refresh);
    logout(&herald, &[("authorization", &bearer), ("cookie", &cookie)]).await;
    assert_eq!(said(&herald.refreshed(&signed.refresh).await), (401, UNAUTHORIZED));
    assert_eq!(herald.send(bare("GET", LOGOUT, &[])).await.status, 405);
}
