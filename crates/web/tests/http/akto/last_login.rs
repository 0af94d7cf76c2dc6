//! `POST /api/fetchUserLastLoginTs`.

use serde_json::json;
use testkit::{demo, seconds};

use super::{call, gus, mira};
use crate::kit::Herald;

const PATH: &str = "/api/fetchUserLastLoginTs";

#[tokio::test]
async fn case_10_the_second_of_the_newest_sign_in() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("never_signed_in", herald.send(call(PATH, gus(), "")).await.shown());
    for _ in 0..10 {
        assert_eq!(herald.send(call(PATH, mira(), "")).await.json(), json!({"lastLoginTs": 0}));
    }
    herald.at.advance(seconds(930) + std::time::Duration::from_millis(999));
    let granted = herald.at.grant(demo::MIRA).await;
    let at = herald.at.now().as_secs();
    assert_eq!(at, 1_795_508_130);
    insta::assert_json_snapshot!("signed_in", herald.send(call(PATH, mira(), "")).await.shown());
    // Neither time nor a call moves it; a sign-in through another door does.
    herald.at.advance(seconds(60));
    assert!(granted.refresh.is_some());
    assert_eq!(herald.send(call(PATH, mira(), "")).await.json(), json!({"lastLoginTs": at}));
    let session = herald.at.sign_in(demo::MIRA).await.token;
    assert_eq!(herald.send(call(PATH, &session, "")).await.json(), json!({"lastLoginTs": at + 60}));
    assert_eq!(herald.send(call(PATH, gus(), "")).await.json(), json!({"lastLoginTs": 0}));
}

#[tokio::test]
async fn a_sign_in_is_seen_by_a_node_that_had_an_answer_ready() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    assert_eq!(herald.send(call(PATH, mira(), "")).await.json()["lastLoginTs"], 0);
    herald.at.advance(seconds(1));
    herald.at.sign_in(demo::MIRA).await;
    let at = herald.at.now().as_secs();
    assert_eq!(herald.send(call(PATH, mira(), "")).await.json()["lastLoginTs"], at);
}
