//! The sessions that are listed.

use std::time::Duration;

use app::sessions::sign_in::{Command, Through};
use serde_json::{Value, json};
use testkit::{Signed, demo, minutes, seconds};

use super::{bearer, me, mira};
use crate::kit::{Herald, bare};
use crate::other;

async fn sign_in(herald: &Herald, change: impl FnOnce(&mut Command)) -> Signed {
    let mut command = testkit::command(demo::NOOR, demo::password(demo::NOOR), Through::Native);
    change(&mut command);
    herald.at.try_command(command).await.ok().unwrap()
}

async fn listed(herald: &Herald, token: &str) -> Vec<Value> {
    herald.send(bearer(token)).await.json()["sessions"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_example_of_one_sign_in() {
    let herald = Herald::demo().await;
    herald.at.advance(minutes(15) + seconds(30));
    let mut command = testkit::command(demo::MIRA, demo::password(demo::MIRA), Through::Native);
    command.origin.user_agent = "Mozilla/5.0 (X11; Linux x86_64)".into();
    command.place = "PT".into();
    let signed = herald.at.try_command(command).await.ok().unwrap();
    let mut shown = herald.send(bearer(&signed.token)).await.shown();
    let id = &mut shown["body"]["sessions"][0]["id"];
    assert_eq!(*id, signed.opened.session.number);
    *id = "[number]".into();
    insta::assert_json_snapshot!("mira_signed_in", shown);
}

#[tokio::test]
async fn case_5_two_sessions_newest_first() {
    let herald = Herald::demo().await;
    let first = sign_in(&herald, |command| command.origin.user_agent = "one".into()).await;
    let same_moment = sign_in(&herald, |command| command.origin.user_agent = "two".into()).await;
    herald.at.advance(seconds(1));
    let last = sign_in(&herald, |command| command.origin.user_agent = "three".into()).await;
    for token in [&first.token, &same_moment.token, &last.token] {
        let agents: Vec<_> = listed(&herald, token).await.iter().map(|open| open["agent"].clone()).collect();
        assert_eq!(agents, ["three", "two", "one"]);
    }
    for session in listed(&herald, &first.token).await {
        let id = session["id"].as_i64().unwrap().to_string();
        assert_eq!(herald.send(me(&id)).await.status, 401);
        assert_eq!(herald.send(bearer(&id)).await.status, 401);
    }
}

#[tokio::test]
async fn case_6_one_ended_elsewhere() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let (stays, goes) = (sign_in(&herald, |_| ()).await, sign_in(&herald, |_| ()).await);
    assert_eq!(listed(&herald, &goes.token).await.len(), 2);
    let line = format!("Bearer {}", goes.token);
    assert_eq!(herald.send(bare("GET", "/auth/logout", &[("authorization", &line)])).await.status, 200);
    let left = listed(&herald, &stays.token).await;
    assert_eq!(left.iter().map(|open| open["id"].clone()).collect::<Vec<_>>(), [stays.opened.session.number]);
    assert_eq!(herald.send(bearer(&goes.token)).await.status, 401);
}

#[tokio::test]
async fn case_6_on_every_node() {
    let herald = Herald::demo().await;
    let beside = herald.another().await;
    let (stays, goes) = (sign_in(&herald, |_| ()).await, sign_in(&herald, |_| ()).await);
    beside.at.hear().await;
    assert_eq!(beside.send(bearer(&goes.token)).await.status, 200);
    let line = format!("Bearer {}", goes.token);
    assert_eq!(herald.send(bare("GET", "/auth/logout", &[("authorization", &line)])).await.status, 200);
    // Past the bound without a word of the feed, the store is asked; having heard of it, memory will do.
    herald.at.advance(herald.at.ctx.config.revocation_bound + Duration::from_millis(1));
    assert_eq!(beside.send(bearer(&goes.token)).await.status, 401);
    beside.at.hear().await;
    assert_eq!(beside.send(bearer(&goes.token)).await.status, 401);
    assert_eq!(listed(&beside, &stays.token).await.len(), 1);
}

#[tokio::test]
async fn case_6_one_that_has_run_out() {
    let herald = Herald::demo().await;
    sign_in(&herald, |_| ()).await;
    herald.at.advance(minutes(12 * 60));
    let fresh = sign_in(&herald, |_| ()).await;
    assert_eq!(listed(&herald, &fresh.token).await.len(), 1);
}

#[tokio::test]
async fn case_7_a_membership_removed() {
    let herald = Herald::demo().await;
    let to = async |tenant: &str| {
        let mut command = testkit::command(demo::MIRA, demo::password(demo::MIRA), Through::Native);
        command.tenant = Some(tenant.into());
        herald.at.try_command(command).await.ok().unwrap().token
    };
    let (north, contoso) = (to(demo::NORTHWIND).await, to(demo::CONTOSO).await);
    let tenants = async || -> Vec<Value> {
        listed(&herald, &north).await.iter().map(|open| open["tenant"].clone()).collect()
    };
    assert_eq!(tenants().await, ["contoso", "northwind"]);
    let (engine, tenant) = (herald.at.engine(), herald.at.tenant_id(demo::CONTOSO).await.uuid());
    let user = engine.uuid(herald.at.user_id(demo::MIRA).await.uuid());
    let tenant = engine.uuid(tenant);
    let leave = format!("DELETE FROM memberships WHERE user_id = {user} AND tenant_id = {tenant}");
    herald.at.change_user(demo::MIRA, &leave).await;
    assert_eq!(tenants().await, ["northwind"]);
    assert_eq!(herald.send(bearer(&contoso)).await.status, 401);
}

#[tokio::test]
async fn case_8_a_hundred_at_most() {
    let herald = Herald::demo().await;
    let mut last = None;
    for n in 0..120 {
        herald.at.advance(seconds(1));
        last = Some(sign_in(&herald, |command| command.origin.user_agent = n.to_string()).await);
    }
    let shown = listed(&herald, &last.unwrap().token).await;
    let agents: Vec<_> = shown.iter().map(|open| open["agent"].as_str().unwrap().to_owned()).collect();
    let newest: Vec<_> = (20..120).rev().map(|n| n.to_string()).collect();
    assert_eq!(agents, newest);
}

#[tokio::test]
async fn case_21_strange_agents() {
    let herald = Herald::demo().await;
    let agent = format!("\"quoted\" \\n \u{7}<script>\r\n{}", "ü".repeat(4096));
    let signed = sign_in(&herald, |command| command.origin.user_agent = agent).await;
    let shown = listed(&herald, &signed.token).await[0]["agent"].as_str().unwrap().to_owned();
    assert_eq!(shown.chars().count(), 512);
    assert!(shown.starts_with("\"quoted\" \\n <script>ü"), "{shown}");
    let none = sign_in(&herald, |command| command.origin.user_agent = String::new()).await;
    let agents: Vec<_> =
        listed(&herald, &none.token).await.iter().map(|open| open["agent"].clone()).collect();
    assert!(agents.contains(&json!("")));
}

#[tokio::test]
async fn sessions_of_oauth_are_interactive_too() {
    let herald = Herald::demo().await;
    let granted = herald.at.grant(demo::NOOR).await;
    assert_eq!(listed(&herald, &granted.token).await.len(), 1);
}

#[tokio::test]
async fn only_ones_own_are_listed() {
    let herald = Herald::demo().await;
    sign_in(&herald, |_| ()).await;
    assert_eq!(herald.send(me(mira())).await.json()["sessions"], json!([]));
}

#[tokio::test]
async fn another_world() {
    let herald = Herald::of(other::WORLD).await;
    let mut command = testkit::command("ada@alder.example", other::ADA_PASSWORD, Through::Native);
    command.origin.user_agent = String::new();
    let signed = herald.at.try_command(command).await.ok().unwrap();
    let mut shown = herald.send(bearer(&signed.token)).await.shown();
    let id = &mut shown["body"]["sessions"][0]["id"];
    assert_eq!(*id, signed.opened.session.number);
    *id = "[number]".into();
    insta::assert_json_snapshot!("ada_signed_in", shown);
    assert_eq!(herald.send(me(other::ADA)).await.json()["sessions"].as_array().unwrap().len(), 1);
}
