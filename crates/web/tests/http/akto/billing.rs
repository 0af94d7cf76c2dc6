//! `POST /api/getCustomerStiggDetails`.

use serde_json::json;
use testkit::{Engine, Setup, demo};

use super::{call, gus, mira, otto, signing};
use crate::heard::Heard;
use crate::kit::{Answer, Herald};

const PATH: &str = "/api/getCustomerStiggDetails";
const BILLING: &str = "550e8400-e29b-41d4-a716-446655440000";
const NORTHWIND: &str = "3b0d2a51-7c1e-4b9a-9d57-0a3c6f2f1e01";

async fn ask(herald: &Herald, key: &str, customer: &str) -> Answer {
    herald.send(call(PATH, key, json!({"customerId": customer}).to_string())).await
}

#[tokio::test]
async fn case_20_the_vectors() {
    let herald = signing().await;
    insta::assert_json_snapshot!("customer_token", ask(&herald, mira(), BILLING).await.shown());
    assert_eq!(
        ask(&herald, mira(), &BILLING.to_uppercase()).await.body,
        ask(&herald, gus(), BILLING).await.body,
    );
    let tag = "312bf92385d7480dac25e4de4c2337588365f99692976a6cab7b082292b2311c";
    let token = format!("HMAC-SHA256 {NORTHWIND}:{tag}");
    assert_eq!(ask(&herald, mira(), NORTHWIND).await.json(), json!({"customerToken": token}));
}

#[tokio::test]
async fn case_20_what_is_no_id() {
    let herald = signing().await;
    for odd in [
        &format!("{{{BILLING}}}"),
        "550e8400",
        "zzzzzzzz-e29b-41d4-a716-446655440000",
        &format!(" {BILLING}"),
    ] {
        let answer = ask(&herald, mira(), odd).await;
        assert_eq!(answer.status, 422, "{odd}");
        assert_eq!(answer.body, r#"{"actionErrors":["Org id is not of the form uuid"]}"#, "{odd}");
    }
    for (body, text) in [
        ("", "customerId is required"),
        ("{}", "customerId is required"),
        (r#"{"customerId":null}"#, "customerId is required"),
        (r#"{"customerId":["x"]}"#, "customerId is required"),
        (r#"{"customerId":" "}"#, "Empty org id found"),
    ] {
        let answer = herald.send(call(PATH, mira(), body)).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (422, json!({"actionErrors": [text]})), "{body}");
    }
}

#[tokio::test]
async fn case_20_the_unknown_and_the_foreign_look_alike() {
    let herald = signing().await;
    let unknown = ask(&herald, otto(), "01a20244-e800-7c11-9a3e-5d0f6b7a8c21").await;
    insta::assert_json_snapshot!("no_such_organization", unknown.shown());
    for foreign in [BILLING, NORTHWIND] {
        assert_eq!(ask(&herald, otto(), foreign).await.body, unknown.body);
    }
    // Mira is a guest of contoso, and may ask for it with the key of northwind; gus is not.
    let contoso = herald.at.tenant_id(demo::CONTOSO).await.to_string();
    assert_eq!(ask(&herald, mira(), &contoso).await.status, 200);
    assert_eq!(ask(&herald, gus(), &contoso).await.body, unknown.body);
    let (user, tenant) = (herald.at.user_id(demo::MIRA).await, herald.at.tenant_id(demo::CONTOSO).await);
    let engine = herald.at.engine();
    let sql = format!(
        "UPDATE memberships SET active = FALSE WHERE user_id = {} AND tenant_id = {}",
        engine.uuid(user.uuid()),
        engine.uuid(tenant.uuid())
    );
    herald.at.change_user(demo::MIRA, &sql).await;
    assert_eq!(ask(&herald, mira(), &contoso).await.body, unknown.body, "no longer a member");
}

#[tokio::test]
async fn case_21_without_a_secret() {
    let herald = Herald::demo().await;
    insta::assert_json_snapshot!("no_secret", ask(&herald, mira(), BILLING).await.shown());
    // Who asks for another's is told no more than that.
    let foreign = ask(&herald, otto(), BILLING).await;
    assert_eq!(foreign.body, r#"{"actionErrors":["No such organization found"]}"#);
}

#[tokio::test]
async fn case_21_the_secret_is_not_in_an_answer() {
    let secret = "a signing secret that nobody may see";
    let setup = Setup::on(Engine::Sqlite).config(|config| config.stigg_signing_secret = Some(secret.into()));
    let herald = Herald::with(setup).await;
    for customer in [BILLING, NORTHWIND, "x", ""] {
        let answer = ask(&herald, mira(), customer).await;
        assert!(!String::from_utf8_lossy(&answer.body).contains(secret));
    }
    assert!(!format!("{:?}", herald.at.ctx.config).contains(secret));
}

#[tokio::test]
async fn case_21_the_secret_and_what_it_signs_are_in_no_log() {
    let heard = Heard::listen();
    let herald = signing().await;
    let signed = ask(&herald, mira(), BILLING).await.json()["customerToken"].as_str().unwrap().to_owned();
    for customer in [NORTHWIND, "x", "", "01a20244-e800-7c11-9a3e-5d0f6b7a8c21"] {
        ask(&herald, mira(), customer).await;
    }
    ask(&herald, "nobody", BILLING).await;
    herald.at.sql("PRAGMA legacy_alter_table = ON; ALTER TABLE tenants RENAME TO elsewhere").await;
    let away = ask(&herald, mira(), BILLING).await;
    assert_eq!(away.status, 503);
    let (logged, tag) = (heard.text(), signed.rsplit_once(':').unwrap().1);
    assert!(logged.contains(PATH), "something was logged: {logged}");
    for secret in ["test-signing-secret", tag, mira(), "nobody"] {
        assert!(!logged.contains(secret), "{secret}: {logged}");
    }
    let told = format!("{:?}", herald.at.sql("SELECT * FROM audit").await);
    assert!(!told.contains("test-signing-secret") && !told.contains(tag));
}

#[tokio::test]
async fn a_cap_goes_along_to_other_tenants() {
    let herald = Herald::of(WORLD).await;
    let other = "11111111-1111-4111-8111-111111111111";
    // The cap permits it in the key's own tenant, and her role there does; in the other one her role does not.
    let text = |answer: &Answer| answer.json()["actionErrors"][0].as_str().unwrap().to_owned();
    let own = ask(&herald, KIM, "22222222-2222-4222-8222-222222222222").await;
    assert_eq!(text(&own), "Stigg signing secret is not configured");
    assert_eq!(text(&ask(&herald, KIM, other).await), "No such organization found");
}

const KIM: &str = "kim-of-yew-00000000000000000000000000001";
const WORLD: &str = r#"
[[tenant]]
key = "yew"
name = "Yew"
billing_id = "22222222-2222-4222-8222-222222222222"
[[tenant]]
key = "ash"
name = "Ash"
billing_id = "11111111-1111-4111-8111-111111111111"
[[user]]
email = "kim@yew.example"
[[user.membership]]
tenant = "yew"
roles = ["admin"]
[[user.membership]]
tenant = "ash"
roles = ["no_access"]
[[token]]
owner = "kim@yew.example"
tenant = "yew"
name = "k"
role = "guest"
secret = "kim-of-yew-00000000000000000000000000001"
"#;
