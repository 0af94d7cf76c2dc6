//! What is answered.

use serde_json::json;
use testkit::{demo, hours};

use super::{me, mira, otto};
use crate::kit::{Herald, bare, raw};
use crate::other;

#[tokio::test]
async fn case_01_the_examples() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("mira", herald.send(me(mira())).await.shown());
    insta::assert_json_snapshot!("otto", herald.send(me(otto())).await.shown());
}

#[tokio::test]
async fn case_03_blanks_around_the_value() {
    let herald = Herald::demo().await;
    let usual = herald.send(me(mira())).await;
    for value in [format!("  {}", mira()), format!("{}\t ", mira()), format!("\t{}\t", mira())] {
        assert_eq!(herald.send(me(&value)).await.body, usual.body);
    }
    for name in ["X-API-KEY", "X-Api-Key", "x-api-key"] {
        let request =
            raw("POST", "/api/me", [(name, mira().as_bytes())]).body(axum::body::Body::empty()).unwrap();
        assert_eq!(herald.send(request).await.body, usual.body);
    }
}

#[tokio::test]
async fn case_09_all_six_people() {
    let herald = Herald::demo().await;
    for (email, role) in [
        (demo::MIRA, "ADMIN"),
        (demo::NOOR, "MEMBER"),
        (demo::RAGU, "DEVELOPER"),
        (demo::GUS, "GUEST"),
        (demo::TOVA, "DEVELOPER"),
        (demo::OTTO, "ADMIN"),
    ] {
        let token = herald.at.sign_in(email).await.token;
        let user = herald.send(me(&token)).await.json()["user"].clone();
        assert_eq!((&user["login"], &user["role"]), (&json!(email), &json!(role)));
        let accounts = match email {
            demo::MIRA => json!({"1712000111": "Northwind Traders", "1712000222": "Contoso Logistics"}),
            demo::OTTO => json!({"1712000222": "Contoso Logistics"}),
            _ => json!({"1712000111": "Northwind Traders"}),
        };
        assert_eq!(user["accounts"], accounts, "{email}");
    }
}

#[tokio::test]
async fn case_09_who_leaves_a_tenant_has_it_no_more() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    for _ in 0..2 {
        let accounts = herald.send(me(mira())).await.json()["user"]["accounts"].clone();
        assert_eq!(accounts.as_object().unwrap().len(), 2);
    }
    let engine = herald.at.engine();
    let mira_id = engine.uuid(herald.at.user_id(demo::MIRA).await.uuid());
    let contoso = engine.uuid(herald.at.tenant_id(demo::CONTOSO).await.uuid());
    let leave = format!("DELETE FROM memberships WHERE user_id = {mira_id} AND tenant_id = {contoso}");
    herald.at.change_user(demo::MIRA, &leave).await;
    let accounts = herald.send(me(mira())).await.json()["user"]["accounts"].clone();
    assert_eq!(accounts, json!({"1712000111": "Northwind Traders"}));
}

#[tokio::test]
async fn another_world() {
    let herald = Herald::of(other::WORLD).await;
    for (name, key) in [
        ("ada_a_guest_as_the_other_role_has_no_base", other::ADA),
        ("ada_in_birch_a_custom_administrator", other::ADA_IN_BIRCH),
        ("bo_by_his_stronger_custom_role", other::BO),
        ("bo_capped_shows_his_own_role", other::BO_AS_GUEST),
        ("cy_with_a_role_without_a_base_alone", other::CY),
        ("di_without_access", other::DI),
    ] {
        insta::assert_json_snapshot!(name, herald.send(me(key)).await.json());
    }
}

#[tokio::test]
async fn an_answer_that_is_kept_ends_with_a_membership() {
    let herald = Herald::of(other::WORLD).await;
    herald.at.hear().await;
    let before = herald.send(me(other::HAL_TO_0900)).await;
    assert_eq!(before.json()["user"]["accounts"], json!({"900": "Birch", "901": "Alder & Söhne \"GmbH\""}));
    assert_eq!(before.json()["user"]["name"], "Hal");
    herald.at.advance(hours(1));
    herald.at.hear().await;
    assert_eq!(herald.send(me(other::HAL_TO_0900)).await.status, 403);
}

#[tokio::test]
async fn what_the_web_client_sends_beside_it_is_ignored() {
    let herald = Herald::demo().await;
    let usual = herald.send(me(mira())).await;
    let headers = [
        ("x-api-key", mira()),
        ("x-context-source", "API"),
        ("account", "1712000222"),
        ("access-token", "eyJhbGciOiJIUzI1NiJ9.e30.x"),
        ("authorization", "Basic bWlyYTp4"),
        ("cookie", "__Host-herald=x"),
    ];
    assert_eq!(herald.send(bare("POST", "/api/me?accountId=1712000222", &headers)).await.body, usual.body);
}
