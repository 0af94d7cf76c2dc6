//! Password resets.

use domain::client::Scopes;
use serde_json::json;
use testkit::{Server, demo};

use super::{PASSWORD, mailing};

#[tokio::test]
async fn a_reset_ends_the_sessions_at_every_door() {
    let (server, mail) = mailing().await;
    let mira = server.mira().await;
    let client = server.client(demo::CLIENT).await;
    let scope = Scopes::of(&client.scopes);
    let through = app::sessions::sign_in::Through::Oauth { client, scope };
    let grant =
        server.try_command(testkit::command(demo::MIRA, demo::password(demo::MIRA), through)).await.unwrap();
    let through = app::sessions::sign_in::Through::Frontegg;
    let frontegg =
        server.try_command(testkit::command(demo::MIRA, demo::password(demo::MIRA), through)).await.unwrap();
    let doors = async |expected: [u16; 4]| {
        let mut got = Vec::new();
        for (path, token) in [
            ("/v1/me", &mira.token),
            ("/account/me", &mira.token),
            ("/api/v2/users/loggedIn/detail", &grant.token),
            ("/auth/me", &grant.token),
        ] {
            got.push(server.get(path).bearer(token).send().await.status.as_u16());
        }
        assert_eq!(got, expected);
    };
    doors([200; 4]).await;
    let asked =
        server.post("/v1/password-resets").json(&json!({"email": demo::MIRA})).send().await.expect(202);
    assert_eq!(asked.json(), json!({"status": "accepted"}));
    let token = mail.wait(1).await.token();
    let body = json!({"token": token, "password": PASSWORD});
    server.post("/v1/password-resets/complete").json(&body).send().await.expect(204);
    doors([401; 4]).await;
    for refresh in [grant.refresh, frontegg.refresh].into_iter().flatten() {
        let known = format!(
            "SELECT COUNT(*) FROM families f JOIN refresh_tokens t ON t.family_id = f.id WHERE f.ended_at IS NULL \
             AND t.digest = {}",
            server.engine().bytes(&app::principal::digest(&refresh))
        );
        assert_eq!(server.sql(&known).await[0][0].as_deref(), Some("0"));
    }
    let again = server.post("/v1/password-resets/complete").json(&body).send().await.expect(400);
    assert_eq!(again.json()["code"], "invalid_token");
    let body = json!({"email": demo::MIRA, "password": PASSWORD});
    server.post("/v1/sign-in").json(&body).send().await.expect(200);
}

#[tokio::test]
async fn known_or_not_the_answer_is_the_same() {
    let (server, _mail) = mailing().await;
    let ask = async |email: &str| {
        let answer = server.post("/v1/password-resets").json(&json!({ "email": email })).send().await;
        let mut headers = answer.headers.clone();
        assert!(headers.remove("x-request-id").is_some());
        (answer.status, headers, answer.body)
    };
    let known = ask(demo::NOOR).await;
    assert_eq!(known, ask("nobody@nowhere.example").await);
    assert_eq!(known, ask(demo::NOOR).await, "asked a moment ago");
    assert_eq!(known.0.as_u16(), 202);
    let odd =
        server.post("/v1/password-resets").json(&json!({"email": "no address"})).send().await.expect(400);
    assert_eq!(odd.json()["fields"][0]["field"], "email");
}

#[tokio::test]
async fn tries_are_counted_by_address() {
    let setup = testkit::Setup::on(testkit::Engine::Sqlite);
    let server = Server::with(setup, |web| web.sign_in_per_ip = 3).await;
    for (path, body) in [
        ("/v1/password-resets", json!({"email": "a@b.example"})),
        ("/v1/password-resets/complete", json!({"token": "hp_x", "password": PASSWORD})),
        ("/v1/invitations/accept", json!({"token": "hi_x", "password": PASSWORD})),
    ] {
        assert_ne!(server.post(path).json(&body).send().await.status.as_u16(), 429);
    }
    let over =
        server.post("/v1/password-resets").json(&json!({"email": "a@b.example"})).send().await.expect(429);
    assert!(over.header("retry-after").is_some());
}

#[tokio::test]
async fn a_link_for_somebody_else_is_handed_to_who_may() {
    let server = Server::start().await;
    let (mira, otto) = (server.mira().await, server.otto().await);
    let path = |id: domain::UserId| format!("/v1/users/{id}/password-reset");
    let (noor, mira_id) = (server.user_id(demo::NOOR).await, server.user_id(demo::MIRA).await);
    server.post(&path(noor)).by(&otto).send().await.expect(404);
    server.post(&path(mira_id)).by(&otto).send().await.expect(403);
    let made = server.post(&path(noor)).by(&mira).send().await.expect(201).json();
    assert_eq!(made["delivery"], "link");
    let token = testkit::mail::token(made["link"].as_str().unwrap());
    let body = json!({"token": token, "password": PASSWORD});
    server.post("/v1/password-resets/complete").json(&body).send().await.expect(204);
    let body = json!({"email": demo::NOOR, "password": PASSWORD});
    server.post("/v1/sign-in").json(&body).send().await.expect(200);
}
