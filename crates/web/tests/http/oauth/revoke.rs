//! `POST /oauth/revoke` (insights.md §2c, RFC 7009).

use axum::http::header::CONTENT_TYPE;
use testkit::{demo, seconds};

use super::desk::{Desk, Reply, client, encoded, post, says};

const REVOKE: &str = "/oauth/revoke";
const FORM: &str = "application/x-www-form-urlencoded";

async fn ask(desk: &Desk, fields: &[(&str, &str)]) -> Reply {
    let request = post(REVOKE).header(CONTENT_TYPE, FORM);
    desk.send(request.body(encoded(fields).into()).unwrap()).await
}

/// By the client that the product publishes.
async fn revoke(desk: &Desk, token: &str) -> Reply {
    ask(desk, &[&[("token", token)][..], &client()].concat()).await
}

fn is_done(reply: &Reply) {
    assert_eq!((reply.status, reply.body.as_str()), (200, ""), "{reply:?}");
    assert_eq!((reply.header("cache-control"), reply.header("pragma")), (Some("no-store"), Some("no-cache")));
}

#[tokio::test]
async fn a_refresh_token_takes_its_sign_in_along_and_no_other() {
    let desk = Desk::open().await;
    desk.house.hear().await;
    let (access, refresh) = desk.sign_in(demo::MIRA).await;
    let (other, _) = desk.sign_in(demo::MIRA).await;
    let next = desk.refresh(&refresh, &[]).await;
    for token in [&access, &next.text("access_token"), &other] {
        assert_eq!(desk.detail(token).await.status, 200);
    }
    desk.house.sql("DELETE FROM audit").await;
    is_done(&revoke(&desk, &next.text("refresh_token")).await);
    for token in [&access, &next.text("access_token")] {
        assert_eq!(desk.detail(token).await.said(), says(401, "invalid_token", "Invalid access token"));
    }
    for token in [&refresh, &next.text("refresh_token")] {
        assert_eq!(desk.refresh(token, &[]).await.said().1, "invalid_grant");
    }
    assert_eq!(desk.detail(&other).await.status, 200, "another sign-in");
    is_done(&revoke(&desk, &next.text("refresh_token")).await);
    let told = desk.house.sql("SELECT action, actor_kind FROM audit WHERE outcome = 'done'").await;
    assert_eq!(told, [[Some("session.ended".to_owned()), Some("client".to_owned())]], "once");
}

#[tokio::test]
async fn a_retired_refresh_token_takes_its_sign_in_along_too() {
    let desk = Desk::open().await;
    let (access, retired) = desk.sign_in(demo::NOOR).await;
    let next = desk.refresh(&retired, &[]).await.text("refresh_token");
    desk.house.advance(seconds(60));
    is_done(&revoke(&desk, &retired).await);
    assert_eq!(desk.refresh(&next, &[]).await.said().1, "invalid_grant");
    assert_eq!(desk.detail(&access).await.status, 401);
}

#[tokio::test]
async fn an_access_token_goes_alone() {
    let desk = Desk::open().await;
    desk.house.hear().await;
    let (access, refresh) = desk.sign_in(demo::NOOR).await;
    assert_eq!(desk.detail(&access).await.status, 200);
    is_done(&revoke(&desk, &access).await);
    assert_eq!(desk.detail(&access).await.status, 401);
    let next = desk.refresh(&refresh, &[("token_type_hint", "ignored")]).await;
    assert_eq!(desk.detail(&next.text("access_token")).await.status, 200);
    // A wrong hint changes nothing.
    let hint = [("token", &*next.text("refresh_token")), ("token_type_hint", "access_token")];
    is_done(&ask(&desk, &[&hint[..], &client()].concat()).await);
    assert_eq!(desk.detail(&next.text("access_token")).await.status, 401);
}

#[tokio::test]
async fn what_is_unknown_or_nothing_of_oauths_is_a_200_and_lives_on() {
    let desk = Desk::open().await;
    let session = desk.house.sign_in(demo::NOOR).await.token;
    let (expired, _) = desk.sign_in(demo::NOOR).await;
    desk.house.advance(seconds(3_601));
    let long = "x".repeat(100_000);
    for token in ["x", "hr_unknown", "a.b.c", "eyJ.eyJ.x", &long, &session, demo::key(demo::MIRA), &expired] {
        is_done(&revoke(&desk, token).await);
    }
    for alive in [session.as_str(), demo::key(demo::MIRA)] {
        assert_eq!(desk.detail(alive).await.status, 200);
    }
}

#[tokio::test]
async fn another_clients_token_is_refused_and_unhurt() {
    let desk = Desk::open().await;
    desk.add_client("other", Some("a secret"), "password refresh_token", "read write trust").await;
    let (access, refresh) = desk.sign_in(demo::NOOR).await;
    let by = [("client_id", "other"), ("client_secret", "a secret")];
    for token in [&access, &refresh] {
        let reply = ask(&desk, &[&[("token", token.as_str())][..], &by].concat()).await;
        assert_eq!(reply.said(), says(400, "invalid_grant", "The token was issued to another client"));
    }
    assert_eq!(desk.detail(&access).await.status, 200);
    assert_eq!(desk.refresh(&refresh, &[]).await.status, 200);
    is_done(&revoke(&desk, &access).await);
    is_done(&ask(&desk, &[&[("token", access.as_str())][..], &by].concat()).await);
}

#[tokio::test]
async fn a_client_gives_back_its_own_and_a_public_one_by_its_name() {
    let desk = Desk::open().await;
    desk.add_client("gateway", Some("a secret"), "client_credentials", "read").await;
    desk.add_client("public", None, "password refresh_token", "read").await;
    let by = [("client_id", "gateway"), ("client_secret", "a secret")];
    let own =
        desk.form(&[&[("grant_type", "client_credentials")][..], &by].concat()).await.text("access_token");
    assert_eq!(desk.detail(&own).await.status, 403);
    is_done(&ask(&desk, &[&[("token", own.as_str())][..], &by].concat()).await);
    assert_eq!(desk.detail(&own).await.status, 401);
    let fields =
        [("grant_type", "password"), ("username", demo::NOOR), ("password", demo::password(demo::NOOR))];
    let public = [("client_id", "public")];
    let (access, refresh) = {
        let reply = desk.form(&[&fields[..], &public].concat()).await;
        (reply.text("access_token"), reply.text("refresh_token"))
    };
    is_done(&ask(&desk, &[&[("token", refresh.as_str())][..], &public].concat()).await);
    assert_eq!(desk.detail(&access).await.status, 401);
}

#[tokio::test]
async fn the_first_lines_of_the_table_hold_here_too() {
    let desk = Desk::open().await;
    let get = axum::http::Request::builder().uri(REVOKE).body(axum::body::Body::empty()).unwrap();
    assert_eq!(desk.send(get).await.said(), says(405, "method_not_allowed", "Only POST is supported"));
    let invalid = |text| says(400, "invalid_request", text);
    for name in ["token", "client_secret"] {
        let request = post(&format!("{REVOKE}?{name}=x")).header(CONTENT_TYPE, FORM);
        let reply = desk.send(request.body("".into()).unwrap()).await;
        assert_eq!(reply.said(), invalid("Credentials must not be sent in the URL"), "{name}");
    }
    let json = post(REVOKE).header(CONTENT_TYPE, "application/json").body("{}".into()).unwrap();
    assert_eq!(desk.send(json).await.said(), invalid("The body must be application/x-www-form-urlencoded"));
    let unproven = ask(&desk, &[("token", "x"), ("client_id", demo::CLIENT)]).await;
    assert_eq!(unproven.said(), says(401, "invalid_client", "Bad client credentials"));
    assert_eq!(unproven.header("www-authenticate"), Some("Basic realm=\"herald\""));
    assert_eq!(ask(&desk, &client()).await.said(), invalid("Missing parameter: token"));
    let twice = ask(&desk, &[&[("token", "x"), ("token", "y")][..], &client()].concat()).await;
    assert_eq!(twice.said(), invalid("Repeated parameter"));
}
