//! The client credentials grant (insights.md §2b).

use testkit::{demo, seconds};

use super::desk::{Desk, claims, jose_header, says};

const GRANT: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// A program with a grant of its own.
async fn open() -> Desk {
    let desk = Desk::open().await;
    desk.add_client("gateway", Some("a secret"), "client_credentials", "read write audit").await;
    desk
}

async fn token(desk: &Desk) -> String {
    desk.with_basic("gateway:a secret", &GRANT).await.text("access_token")
}

#[tokio::test]
async fn a_program_gets_a_token_in_its_own_name() {
    let desk = open().await;
    let reply = desk.with_basic("gateway:a secret", &[GRANT[0], ("scope", "write,read")]).await;
    let json = reply.json();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["access_token", "token_type", "expires_in", "scope", "jti"],
        "no refresh token, no user"
    );
    assert_eq!((json["token_type"].as_str(), json["expires_in"].as_u64()), (Some("bearer"), Some(3600)));
    assert_eq!(reply.text("scope"), "write read");
    assert_eq!((reply.header("cache-control"), reply.header("pragma")), (Some("no-store"), Some("no-cache")));
    let (said, access) = (claims(&reply.text("access_token")), reply.text("access_token"));
    let names: Vec<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["iss", "aud", "sub", "client_id", "scope", "iat", "exp", "jti"]);
    assert_eq!(
        (&said["sub"], &said["client_id"], &said["jti"]),
        (&"gateway".into(), &"gateway".into(), &json["jti"])
    );
    assert_eq!(jose_header(&access)["typ"], "at+jwt");
    let body = [GRANT[0], ("client_id", "gateway"), ("client_secret", "a secret")];
    assert_eq!(desk.form(&body).await.text("scope"), "read write audit", "all of the client's, in its order");
    assert_ne!(desk.form(&body).await.text("jti"), reply.text("jti"));
}

#[tokio::test]
async fn it_leaves_an_event_of_the_client_and_no_session() {
    let desk = open().await;
    desk.house.sql("DELETE FROM audit").await;
    let jti = desk.with_basic("gateway:a secret", &GRANT).await.text("jti");
    let told = desk.house.sql("SELECT action, actor_kind, outcome, target_id FROM audit").await;
    let told: Vec<Vec<String>> =
        told.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect();
    assert_eq!(told, [["token.issued", "client", "done", &jti]]);
    assert!(desk.house.sql("SELECT id FROM sessions").await.is_empty());
}

#[tokio::test]
async fn who_may_not_is_told_so_in_the_order_of_the_table() {
    let desk = open().await;
    desk.add_client("public", None, "client_credentials", "read").await;
    let unauthorized = says(400, "unauthorized_client", "Unauthorized grant type");
    let public = [GRANT[0], ("client_id", "public"), ("scope", "admin")];
    assert_eq!(desk.form(&public).await.said(), unauthorized, "a name proves nothing, whatever it asks for");
    let published = [&GRANT[..], &super::desk::client()].concat();
    assert_eq!(desk.form(&published).await.said(), unauthorized, "the demo's client has no such grant");
    let wrong = desk.with_basic("gateway:another", &GRANT).await;
    assert_eq!(wrong.said(), says(401, "invalid_client", "Bad client credentials"));
    let scope = desk.with_basic("gateway:a secret", &[GRANT[0], ("scope", "read admin")]).await;
    assert_eq!(scope.said(), says(400, "invalid_scope", "Invalid scope"));
    let password = desk.with_basic("gateway:a secret", &[("grant_type", "password")]).await;
    assert_eq!(password.said(), unauthorized);
}

#[tokio::test]
async fn it_proves_a_client_and_no_user() {
    let desk = open().await;
    let token = token(&desk).await;
    assert_eq!(
        desk.detail(&token).await.said(),
        says(403, "access_denied", "This credential does not belong to a user")
    );
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
    desk.add_client("fresh", Some("a secret"), "refresh_token", "read").await;
    let refused = desk.with_basic("fresh:a secret", &refresh).await;
    assert_eq!(refused.said(), says(400, "invalid_grant", "Invalid refresh token"));
    desk.house.advance(seconds(3600));
    assert_eq!(desk.detail(&token).await.said(), says(401, "invalid_token", "Access token expired"));
}

#[tokio::test]
async fn the_demos_backend_has_no_scopes_and_gets_none() {
    let desk = Desk::open().await;
    let credentials = format!("{}:{}", demo::BACKEND, demo::client_secret(demo::BACKEND));
    let reply = desk.with_basic(&credentials, &GRANT).await;
    assert_eq!(
        (reply.text("scope"), claims(&reply.text("access_token"))["scope"].as_str()),
        (String::new(), Some(""))
    );
}
