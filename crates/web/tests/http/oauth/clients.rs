//! Case 2, for the clients of section 3 that no test runs themselves: what they send, byte for byte, and what they insist
//! on in the answer.

use axum::body::Body;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use testkit::demo;

use super::desk::{Desk, FORM, Reply, TOKEN, basic, post};

/// With the content type that they write, which names a charset or not.
async fn send(desk: &Desk, media: &str, authorization: Option<&str>, body: String) -> Reply {
    let mut request = post(TOKEN).header(CONTENT_TYPE, media).header(ACCEPT, "application/json");
    if let Some(line) = authorization {
        request = request.header(AUTHORIZATION, line);
    }
    desk.send(request.body(Body::from(body)).unwrap()).await
}

/// What the strictest of them checks.
fn is_granted(reply: &Reply, scope: &str) -> (String, String) {
    let json = reply.json();
    assert_eq!(reply.status, 200, "{json}");
    assert!(reply.header("content-type").is_some_and(|media| media.starts_with("application/json")));
    assert_eq!((&json["token_type"], &json["scope"]), (&"bearer".into(), &scope.into()));
    assert!(json["expires_in"].as_u64().is_some_and(|left| left > 0), "an unsigned integer: {json}");
    (reply.text("access_token"), reply.text("refresh_token"))
}

/// Sign-in, detail, refresh, detail: `refresh` makes the second body of the first's token.
async fn go_through(
    desk: &Desk,
    (media, line): (&str, Option<&str>),
    first: String,
    refresh: impl Fn(&str) -> String,
) {
    let (access, token) = is_granted(&send(desk, media, line, first).await, "read write trust");
    assert_eq!(desk.detail(&access).await.status, 200);
    let renewed = send(desk, media, line, refresh(&token)).await;
    let (access, successor) = is_granted(&renewed, "read write trust");
    assert_ne!(successor, token);
    assert_eq!(desk.detail(&access).await.status, 200);
}

#[tokio::test]
async fn case_2_what_the_other_clients_send() {
    let desk = Desk::open().await;
    let password = demo::password(demo::MIRA).replace(' ', "+");
    let user = format!("username=mira.holt%40northwind.example&password={password}");
    let secret = "client_id=fixstreamapp&client_secret=fixstream";
    let line = basic("fixstreamapp:fixstream");
    let utf8 = "application/x-www-form-urlencoded;charset=UTF-8";
    // openid-client: the secret in the body, blanks as +.
    let first = format!("{user}&scope=read+write+trust&grant_type=password&{secret}");
    go_through(&desk, (utf8, None), first, |token| {
        format!("refresh_token={token}&grant_type=refresh_token&{secret}")
    })
    .await;
    // simple-oauth2: the same, and no scope when it refreshes.
    let first = format!("grant_type=password&{user}&scope=read%20write%20trust&{secret}");
    go_through(&desk, (FORM, None), first, |token| {
        format!("grant_type=refresh_token&refresh_token={token}&{secret}")
    })
    .await;
    // client-oauth2: Basic always, when it refreshes too.
    let first = format!("scope=read%20write%20trust&{user}&grant_type=password");
    go_through(&desk, (FORM, Some(&line)), first, |token| {
        format!("refresh_token={token}&grant_type=refresh_token")
    })
    .await;
    // requests-oauthlib, told to leave Basic when it refreshes, and Authlib, which sends the scope again.
    let first = format!("grant_type=password&{user}&scope=read+write+trust&{secret}");
    go_through(&desk, (utf8, None), first, |token| {
        format!("grant_type=refresh_token&scope=read+write+trust&refresh_token={token}&{secret}")
    })
    .await;
}

#[tokio::test]
async fn case_2_what_they_read_of_a_failure() {
    let desk = Desk::open().await;
    let wrong = "grant_type=password&username=mira.holt%40northwind.example&password=wrong";
    let line = basic("fixstreamapp:fixstream");
    let reply = send(&desk, FORM, Some(&line), wrong.to_owned()).await;
    assert!(reply.header("content-type").is_some_and(|media| media.starts_with("application/json")));
    assert_eq!((reply.status, reply.json()["error"].as_str()), (400, Some("invalid_grant")));
    assert_eq!(reply.header("www-authenticate"), None, "a challenge would surface instead of the error");
}
