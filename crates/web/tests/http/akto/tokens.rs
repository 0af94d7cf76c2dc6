//! `POST /api/fetchApiTokens`.

use serde_json::{Value, json};
use testkit::{Engine, Setup, demo, minutes, seconds};

use super::{bound, call, gus, mira, otto};
use crate::kit::{Herald, with_body};
use crate::other;

const PATH: &str = "/api/fetchApiTokens";

async fn listed(herald: &Herald, key: &str) -> Vec<Value> {
    let answer = herald.send(call(PATH, key, "")).await;
    assert_eq!(answer.status, 200);
    answer.json()["apiTokenList"].as_array().unwrap().clone()
}

/// A key of mira's as `POST /v1/me/tokens` gives it.
async fn mint(herald: &Herald, body: &Value) -> String {
    let bearer = format!("Bearer {}", herald.at.sign_in(demo::MIRA).await.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let minted = herald.send(with_body("POST", "/v1/me/tokens", &headers, body.to_string())).await;
    assert_eq!(minted.status, 201);
    minted.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn case_01_miras_key_and_webhook() {
    let herald = Herald::demo().await;
    let mut shown = herald.send(call(PATH, mira(), "")).await.shown();
    for row in shown["body"]["apiTokenList"].as_array_mut().unwrap() {
        assert!(row["id"].as_i64().unwrap() > 0);
        row["id"] = "[number]".into();
    }
    insta::assert_json_snapshot!("tokens_of_mira", shown);
}

#[tokio::test]
async fn case_18_everybody_sees_his_own_alone() {
    let herald = Herald::demo().await;
    let keys = |rows: &[Value]| rows.iter().map(|row| row["key"].clone()).collect::<Vec<_>>();
    assert_eq!(keys(&listed(&herald, gus()).await), [json!(gus())]);
    assert_eq!(keys(&listed(&herald, otto()).await), [json!(otto())]);
    assert_eq!(listed(&herald, otto()).await[0]["accountId"], 1_712_000_222);
    let noor = herald.at.sign_in(demo::NOOR).await.token;
    assert_eq!(listed(&herald, &noor).await, [] as [Value; 0]);
    // Mira herself, signed in elsewhere, has nothing there.
    let mut command =
        testkit::command(demo::MIRA, demo::password(demo::MIRA), app::sessions::sign_in::Through::Native);
    command.tenant = Some("contoso".to_owned());
    let elsewhere = herald.at.try_command(command).await.unwrap().token;
    assert_eq!(listed(&herald, &elsewhere).await, [] as [Value; 0]);
}

#[tokio::test]
async fn case_18_only_what_lives_in_order() {
    let herald = Herald::demo().await;
    herald.at.advance(seconds(1));
    let short = mint(&herald, &json!({"name": "short", "utility": "CICD", "expires_in": 60})).await;
    herald.at.advance(seconds(1));
    mint(&herald, &json!({"name": "hidden", "utility": "BURP", "revealable": false})).await;
    let named = |rows: &[Value]| {
        rows.iter()
            .map(|row| format!("{} {} {}", row["name"], row["utility"], row["key"]).replace('"', ""))
            .collect::<Vec<_>>()
    };
    let first = format!("external_api EXTERNAL_API {}", mira());
    let hook = "alerts-prod SLACK https://hooks.slack.example/T0/B0/xyz";
    assert_eq!(
        named(&listed(&herald, mira()).await),
        [first.clone(), format!("short CICD {short}"), "hidden BURP ********".into(), hook.into()]
    );
    herald.at.advance(minutes(1));
    assert_eq!(named(&listed(&herald, mira()).await), [first, "hidden BURP ********".into(), hook.into()]);
}

#[tokio::test]
async fn case_19_a_lesser_key_does_not_give_the_greater_one_away() {
    let herald = Herald::demo().await;
    herald.at.advance(seconds(1));
    let body = json!({"name": "capped", "role": "guest", "utility": "EXTERNAL_API"});
    let capped = mint(&herald, &body).await;
    herald.at.advance(seconds(1));
    let other = json!({"name": "other cap", "role": "developer", "utility": "EXTERNAL_API"});
    let developer = mint(&herald, &other).await;
    let keys = |rows: Vec<Value>| rows.into_iter().map(|row| row["key"].clone()).collect::<Vec<_>>();
    let hook = json!("https://hooks.slack.example/T0/B0/xyz");
    let hidden = json!("********");
    assert_eq!(
        keys(listed(&herald, &capped).await),
        [hidden.clone(), json!(capped), hidden.clone(), hidden.clone()]
    );
    assert_eq!(keys(listed(&herald, mira()).await), [json!(mira()), json!(capped), json!(developer), hook]);
}

#[tokio::test]
async fn case_19_a_bound_key_does_not_give_a_wider_one_away() {
    let herald = Herald::demo().await;
    herald.at.advance(seconds(1));
    let both = bound(&herald, "read write").await;
    herald.at.advance(seconds(1));
    let writes = bound(&herald, "write").await;
    let keys = |rows: Vec<Value>| rows.into_iter().map(|row| row["key"].clone()).collect::<Vec<_>>();
    let hook = json!("https://hooks.slack.example/T0/B0/xyz");
    let hidden = json!("********");
    let all = [json!(mira()), json!(both), json!(writes)];
    assert_eq!(keys(listed(&herald, &both).await), [hidden.clone(), all[1].clone(), all[2].clone(), hidden]);
    assert_eq!(keys(listed(&herald, mira()).await), [&all[..], &[hook]].concat());
}

#[tokio::test]
async fn case_19_a_native_key_is_shown_to_nobody() {
    let herald = Herald::demo().await;
    herald.at.advance(seconds(1));
    let native = mint(&herald, &json!({"name": "native"})).await;
    for key in [mira(), &native] {
        let rows = listed(&herald, key).await;
        assert_eq!(rows[1]["key"], "********");
        assert_eq!((&rows[1]["name"], &rows[1]["utility"]), (&json!("native"), &json!("EXTERNAL_API")));
    }
}

#[tokio::test]
async fn a_key_under_another_master_key_is_not_shown_and_the_rest_is() {
    let herald = Herald::demo().await;
    let sealed = herald.at.engine().bytes(&[1_u8; 64]);
    herald.at.sql(&format!("UPDATE tokens SET sealed = {sealed} WHERE name = 'external_api'")).await;
    let rows = listed(&herald, mira()).await;
    assert_eq!((&rows[0]["key"], rows.len()), (&json!("********"), 2));
    assert_eq!(rows[1]["utility"], "SLACK");
}

#[tokio::test]
async fn another_worlds_tokens() {
    let herald = Herald::of(other::WORLD).await;
    let mut rows = listed(&herald, other::BO).await;
    for row in &mut rows {
        row["id"] = "[number]".into();
    }
    insta::assert_json_snapshot!("tokens_of_bo", rows);
    assert_eq!(listed(&herald, other::ADA_IN_BIRCH).await[0]["accountId"], 900);
}

#[tokio::test]
async fn on_postgres_too() {
    let herald = Herald::with(Setup::on(Engine::Postgres)).await;
    let rows = listed(&herald, mira()).await;
    assert_eq!((rows.len(), &rows[0]["key"]), (2, &json!(mira())));
}
