//! The server of the tests is the server.
#![cfg(feature = "http")]

use herald_testkit::{Engine, Server, demo, minutes};

#[tokio::test]
async fn people_sign_in_and_are_known() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::on(engine).await;
        let mira = server.mira().await;
        let me = server.get("/v1/me").by(&mira).send().await.expect(200).json();
        assert!(me.to_string().contains(demo::MIRA), "{me}");
        server.get("/v1/me").api_key(demo::key(demo::MIRA)).send().await.expect(200);
        server.get("/v1/me").send().await.expect(401);
        server.advance(minutes(13 * 60));
        server.tick().await;
        server.get("/v1/me").by(&mira).send().await.expect(401);
    }
}

#[tokio::test]
async fn everybody_of_the_demo_comes_in() {
    let server = Server::start().await;
    for email in [demo::MIRA, demo::NOOR, demo::RAGU, demo::GUS, demo::TOVA, demo::OTTO, demo::ROOT] {
        let actor = server.sign_in(email).await;
        server.get("/v1/me").by(&actor).send().await.expect(200);
    }
    let another = server.another().await;
    another
        .get("/v1/me")
        .by(&server.sign_in_to(demo::MIRA, Some(demo::CONTOSO)).await)
        .send()
        .await
        .expect(200);
}
