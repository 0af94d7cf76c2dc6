//! Another world than the demo's: no environment client, every optional thing set, roles of every make.

use serde_json::{Value, json};
use testkit::demo;

use super::{INVALID, SIGN_IN, Signed, credentials, me, part, post, said};
use crate::kit::Herald;

pub const WORLD: &str = include_str!("world.toml");

const PASSWORD: &str = "every picture hangs crooked";

async fn signed_in(herald: &Herald, email: &str) -> Signed {
    let answer = herald.send(post(SIGN_IN, credentials(email, PASSWORD))).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    Signed::of(answer)
}

#[tokio::test]
async fn everything_that_can_be_set_is_shown() {
    let herald = Herald::of(WORLD).await;
    let kim = signed_in(&herald, "kim@elm.example").await;
    let mut shown = herald.send(me(&kim.access)).await.json();
    let vendor = herald.at.ctx.vendor_id.to_string();
    for role in
        shown["tenants"].as_array_mut().unwrap().iter_mut().flat_map(|t| t["roles"].as_array_mut().unwrap())
    {
        assert_eq!(role["vendorId"], vendor.as_str());
        role["vendorId"] = "[vendor]".into();
        if !["guest", "developer"].contains(&role["key"].as_str().unwrap()) {
            role["id"] = "[made here]".into();
        }
    }
    insta::assert_json_snapshot!("kim", named(&herald, &shown).await);
    let mut claims = kim.claims();
    assert_eq!((&claims["aud"], &claims["iss"]), (&vendor.as_str().into(), &json!("http://127.0.0.1:8080")));
    for generated in ["jti", "sid", "aud"] {
        claims[generated] = format!("[{generated}]").into();
    }
    insta::assert_json_snapshot!("kim_claims", named(&herald, &claims).await);
}

/// Accounts by their keys, since their ids were made here.
async fn named(herald: &Herald, value: &Value) -> Value {
    let mut text = value.to_string();
    for key in ["elm", "oak"] {
        text = text.replace(&herald.at.tenant_id(key).await.to_string(), &format!("[{key}]"));
    }
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn without_an_environment_client_the_vendor_names_the_cookie() {
    let herald = Herald::of(WORLD).await;
    let lea = signed_in(&herald, "lea@elm.example").await;
    let name = format!("fe_refresh_{}=", herald.at.ctx.vendor_id.to_string().replacen('-', "", 1));
    assert!(lea.answer.header("set-cookie").unwrap().starts_with(&name));
    assert!(part(&lea.access, 0)["kid"].is_string());
}

#[tokio::test]
async fn the_first_account_is_the_default_one_or_the_lowest_number() {
    let herald = Herald::of(WORLD).await;
    let oak = herald.at.tenant_id("oak").await.to_string();
    let elm = herald.at.tenant_id("elm").await.to_string();
    let kim = signed_in(&herald, "kim@elm.example").await.claims();
    assert_eq!((&kim["tenantId"], &kim["tenantIds"]), (&elm.as_str().into(), &json!([oak, elm])));
    // Her default membership is disabled.
    let lea = signed_in(&herald, "lea@elm.example").await;
    assert_eq!(lea.claims()["tenantId"], oak.as_str());
    let shown = herald.send(me(&lea.access)).await.json();
    assert_eq!((&shown["tenantIds"], shown["tenants"].as_array().unwrap().len()), (&json!([oak]), 1));
    assert_eq!((&shown["name"], &shown["managedBy"]), (&json!(""), &json!("scim2")));
}

#[tokio::test]
async fn nobody_of_the_demo_is_here_and_no_account_no_sign_in() {
    let herald = Herald::of(WORLD).await;
    for (email, password) in [(demo::MIRA, demo::password(demo::MIRA)), ("max@elm.example", PASSWORD)] {
        let answer = herald.send(post(SIGN_IN, credentials(email, password))).await;
        assert_eq!(said(&answer), (401, INVALID), "{email}");
    }
}

#[tokio::test]
async fn a_forced_second_factor_holds_the_session_back() {
    let herald = Herald::of(WORLD).await;
    let answer = herald.send(post(SIGN_IN, credentials("nia@elm.example", PASSWORD))).await;
    let body = answer.json();
    assert_eq!(
        (answer.status.as_u16(), &body["mfaRequired"], &body["mfaEnrolled"]),
        (200, &json!(true), &json!(false))
    );
    assert_eq!((&body["accessToken"], &body["refreshToken"]), (&json!(""), &json!("")));
    assert!(body["mfaToken"].as_str().is_some_and(|token| !token.is_empty()));
    assert!(answer.header("set-cookie").is_none());
    // Who is let past by name needs none.
    let signed = signed_in(&herald, "pia@elm.example").await;
    assert_eq!(herald.send(me(&signed.access)).await.json()["mfaBypass"], true);
}
