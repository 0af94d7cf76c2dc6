//! Who am I.

use app::sessions::sign_in::Through;
use domain::client::Scopes;
use serde_json::json;
use testkit::demo;

use super::{get, mira};
use crate::kit::{Herald, bare};
use crate::other;

const ME: &str = "/auth/me";

#[tokio::test]
async fn case_1_all_six_people() {
    let herald = Herald::demo().await;
    for (email, role) in [
        (demo::MIRA, "admin"),
        (demo::NOOR, "member"),
        (demo::RAGU, "payments-review"),
        (demo::GUS, "view"),
        (demo::TOVA, "developer"),
        (demo::OTTO, "admin"),
    ] {
        let token = herald.at.sign_in(email).await.token;
        let expected = json!({"email": email, "role": role, "isActive": true});
        assert_eq!(herald.send(get(ME, &token)).await.json(), expected);
    }
    insta::assert_json_snapshot!("mira", herald.send(get(ME, mira())).await.shown());
}

#[tokio::test]
async fn case_2_the_scheme_is_read_loosely() {
    let herald = Herald::demo().await;
    for scheme in ["BEARER ", "bearer ", "Bearer  ", "bEaReR\t"] {
        let line = format!("{scheme}{}", mira());
        assert_eq!(herald.send(bare("GET", ME, &[("authorization", &line)])).await.status, 200, "{scheme}");
    }
    let line = format!("Bearer {}", mira());
    let twice = [("authorization", line.as_str()), ("authorization", &line)];
    assert_eq!(herald.send(bare("GET", ME, &twice)).await.status, 200);
}

#[tokio::test]
async fn another_world() {
    let herald = Herald::of(other::WORLD).await;
    for (key, email, role) in [
        (other::ADA, "ada@alder.example", "visitor"),
        (other::ADA_IN_BIRCH, "ada@alder.example", "overseer"),
        (other::BO, "bo@alder.example", "reviewer"),
        (other::BO_AS_GUEST, "bo@alder.example", "reviewer"),
        (other::CY, "cy@alder.example", "visitor"),
        (other::DI, "di@alder.example", "no_access"),
        (other::HAL_TO_0900, "hal@alder.example", "developer"),
    ] {
        let expected = json!({"email": email, "role": role, "isActive": true});
        assert_eq!(herald.send(get(ME, key)).await.json(), expected);
    }
}

#[tokio::test]
async fn case_17_a_new_role_shows_at_once() {
    let herald = Herald::of(other::WORLD).await;
    herald.at.hear().await;
    let role = async || herald.send(get(ME, other::DI)).await.json()["role"].clone();
    assert_eq!((role().await, role().await), (json!("no_access"), json!("no_access")));
    herald.apply(&other::WORLD.replace(r#"["no_access"]"#, r#"["guest"]"#)).await;
    assert_eq!(role().await, "view");
}

#[tokio::test]
async fn any_scope_will_do_here() {
    let herald = Herald::demo().await;
    let client = herald.at.client(demo::CLIENT).await;
    let through = Through::Oauth { client, scope: Scopes::parse("trust") };
    let command = testkit::command(demo::MIRA, demo::password(demo::MIRA), through);
    let token = herald.at.try_command(command).await.ok().unwrap().token;
    assert_eq!(herald.send(get(ME, &token)).await.json()["role"], "admin");
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let herald = Herald::demo().await;
    let get = herald.send(get(ME, mira())).await;
    let line = format!("Bearer {}", mira());
    let head = herald.send(bare("HEAD", ME, &[("authorization", &line)])).await;
    assert_eq!((head.status, head.body.len()), (get.status, 0));
    assert_eq!(head.header("content-type"), get.header("content-type"));
    assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()));
}
