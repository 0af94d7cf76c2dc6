//! The detail, whole.

use testkit::demo;

use crate::oauth::desk::Desk;
use crate::oauth::snapshots::shown;

async fn of(desk: &Desk, email: &str) -> String {
    let (token, _) = desk.sign_in(email).await;
    named(desk, &token).await
}

/// With the ids that are made anew named by what they are of.
async fn named(desk: &Desk, token: &str) -> String {
    let mut text = shown(&desk.detail(token).await, &[]);
    for table in ["tenants", "sites"] {
        for row in desk.house.sql(&format!("SELECT id, key FROM {table}")).await {
            text = text.replace(row[0].as_deref().unwrap(), &format!("({})", row[1].as_deref().unwrap()));
        }
    }
    text
}

#[tokio::test]
async fn mira_of_the_demo_world() {
    insta::assert_snapshot!(of(&Desk::open().await, demo::MIRA).await);
}

#[tokio::test]
async fn noor_of_the_demo_world() {
    insta::assert_snapshot!(of(&Desk::open().await, demo::NOOR).await);
}

#[tokio::test]
async fn ragu_of_the_demo_world_whose_role_is_built_on_another() {
    insta::assert_snapshot!(of(&Desk::open().await, demo::RAGU).await);
}

const OTHER: &str = include_str!("world.toml");

async fn of_the_other_world(username: &str) -> String {
    let desk = Desk::of_world(OTHER).await;
    let fields = [("grant_type", "password"), ("username", username), ("password", "a kiln burns all night")];
    let reply = desk.with_basic("kiln%2Bwatch%3A1:50%25+more%3A+a%2Bb", &fields).await;
    assert_eq!(reply.text("scope"), "trust read", "in the client's order");
    named(&desk, &reply.text("access_token")).await
}

#[tokio::test]
async fn ida_of_another_world() {
    insta::assert_snapshot!(of_the_other_world("ida@zinc.example").await);
}

#[tokio::test]
async fn jo_of_another_world_whose_default_tenant_put_her_out() {
    insta::assert_snapshot!(of_the_other_world("Jo@zinc.example").await);
}

#[tokio::test]
async fn a_client_without_scopes_gets_a_token_that_reads_nothing() {
    let desk = Desk::of_world(OTHER).await;
    let fields =
        [("grant_type", "password"), ("username", "jo@zinc.example"), ("password", "a kiln burns all night")];
    let reply = desk.form(&[&fields[..], &[("client_id", "public")]].concat()).await;
    assert_eq!(reply.text("scope"), "");
    assert_eq!(desk.detail(&reply.text("access_token")).await.said().1, "insufficient_scope");
    let again = [("grant_type", "refresh_token"), ("refresh_token", &reply.text("refresh_token"))];
    let again = desk.form(&[&again[..], &[("client_id", "public")]].concat()).await;
    assert_eq!(again.text("scope"), "");
    // A client without the refresh grant has a refresh token that nobody takes.
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "hr_x")];
    let refused = desk.with_basic("kiln%2Bwatch%3A1:50%25+more%3A+a%2Bb", &fields).await;
    assert_eq!(refused.said().1, "unauthorized_client");
}
