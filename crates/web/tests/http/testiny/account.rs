//! What is answered, sessions apart.

use std::time::Duration;

use app::tokens::mint;
use serde_json::{Value, json};
use testkit::{demo, hours, minutes};

use super::{PATH, bearer, gus, me, mira, otto};
use crate::kit::{Herald, bare, with_body};
use crate::other;

#[tokio::test]
async fn case_1_both_addresses() {
    let herald = Herald::demo().await;
    let answer = herald.send(me(mira())).await;
    insta::assert_json_snapshot!("mira", answer.shown());
    let other = herald.send(bare("GET", "/api/v1/account/me", &[("x-api-key", mira())])).await;
    assert_eq!(other.body, answer.body);
}

#[tokio::test]
async fn case_2_otto_sees_his_own() {
    let herald = Herald::demo().await;
    let mut shown = herald.send(me(otto())).await.shown();
    assert!(shown["body"]["userId"].as_i64().unwrap() > 0);
    shown["body"]["userId"] = "[varies]".into();
    insta::assert_json_snapshot!("otto", shown);
}

#[tokio::test]
async fn case_3_the_scheme_in_lower_case() {
    let herald = Herald::demo().await;
    let line = format!("bearer   {}  ", gus());
    let answer = herald.send(bare("GET", PATH, &[("authorization", &line)])).await;
    assert_eq!((answer.status.as_u16(), answer.json()["firstName"].clone()), (200, json!("Gus")));
}

#[tokio::test]
async fn case_4_an_enrolled_user() {
    let herald = Herald::demo().await;
    let token = herald.at.sign_in(demo::TOVA).await.token;
    let body = herald.send(bearer(&token)).await.json();
    assert_eq!(body["authType"], "LOCAL_MFA");
    assert_eq!((&body["firstName"], &body["lastName"]), (&json!(""), &json!("")));
    assert_eq!(body["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn case_9_the_expiry_to_the_millisecond() {
    let herald = Herald::demo().await;
    herald.at.advance(Duration::from_micros(123_456));
    let command = mint::Command {
        name: "an hour".into(),
        role: None,
        lives: Some(hours(1)),
        utility: None,
        revealable: None,
    };
    let caller = herald.at.caller(mira()).await;
    let minted = mint::run(&herald.at.ctx, &caller, command).await.unwrap();
    let key = secrecy::ExposeSecret::expose_secret(&minted.key).to_owned();
    assert_eq!(herald.send(me(&key)).await.json()["tokenExpiresAt"], "2026-11-24T09:00:00.123Z");
}

#[tokio::test]
async fn case_10_a_membership_that_ends_is_not_counted_in() {
    let herald = Herald::demo().await;
    assert_eq!(herald.send(me(gus())).await.json()["tokenExpiresAt"], "9999-12-31T23:59:59.000Z");
}

#[tokio::test]
async fn case_11_every_field_in_every_answer() {
    const FIELDS: [&str; 9] = [
        "authType",
        "email",
        "firstName",
        "lastName",
        "quotas",
        "sessions",
        "tenantFeatures",
        "tokenExpiresAt",
        "userId",
    ];
    const SESSION: [&str; 5] = ["agent", "geo", "id", "loginAt", "tenant"];
    let names = |value: &Value| {
        let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    let demo = Herald::demo().await;
    let others = Herald::of(other::WORLD).await;
    let tova = demo.at.sign_in(demo::TOVA).await.token;
    let keys = [other::ADA, other::ADA_IN_BIRCH, other::BO, other::CY, other::BO_TO_0830, other::DI];
    let all = [mira(), gus(), otto(), &tova].map(|it| (&demo, it));
    for (herald, credential) in all.into_iter().chain(keys.map(|key| (&others, key))) {
        let body = herald.send(bearer(credential)).await.json();
        assert_eq!(names(&body), FIELDS, "{body}");
        for name in ["firstName", "lastName", "email", "authType", "tokenExpiresAt"] {
            assert!(body[name].is_string(), "{name} of {body}");
        }
        assert!(body["userId"].as_i64().unwrap() > 0);
        assert!(body["tenantFeatures"].is_array() && body["quotas"].is_object());
        for session in body["sessions"].as_array().unwrap() {
            assert_eq!(names(session), SESSION);
        }
    }
    let unnamed =
        [demo.send(me(otto())).await, demo.send(bearer(&tova)).await, others.send(me(other::CY)).await];
    for answer in unnamed {
        let body = answer.json();
        assert_eq!((&body["firstName"], &body["lastName"]), (&json!(""), &json!("")), "{body}");
    }
}

#[tokio::test]
async fn case_12_a_feature_gained() {
    let herald = Herald::of(other::WORLD).await;
    herald.at.hear().await;
    let features = async || herald.send(me(other::ADA)).await.json()["tenantFeatures"].clone();
    assert_eq!(features().await, json!(["alpha", "zeta"]));
    let more = other::WORLD.replace(r#"["zeta", "alpha"]"#, r#"["zeta", "beta", "alpha"]"#);
    herald.apply(&more).await;
    assert_eq!(features().await, json!(["alpha", "beta", "zeta"]));
}

#[tokio::test]
async fn case_13_tokens_used() {
    let herald = Herald::demo().await;
    let used = async || herald.send(me(mira())).await.json()["quotas"]["api_tokens"].clone();
    assert_eq!(used().await, json!({"limit": 100, "used": 2}));
    let caller = herald.at.caller(mira()).await;
    let command =
        mint::Command { name: "third".into(), role: None, lives: None, utility: None, revealable: None };
    let minted = mint::run(&herald.at.ctx, &caller, command).await.unwrap();
    assert_eq!(used().await["used"], 3);
    herald.at.sign_in(demo::NOOR).await;
    assert_eq!(used().await["used"], 3);
    app::tokens::revoke::run(&herald.at.ctx, &caller, minted.token.id).await.unwrap();
    assert_eq!(used().await["used"], 2);
}

#[tokio::test]
async fn case_13_a_webhook_and_a_sign_in_change_nothing() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let before = herald.send(me(mira())).await.body;
    let hook = "[[webhook]]\nowner = \"mira.holt@northwind.example\"\ntenant = \"northwind\"\n\
                name = \"second\"\nurl = \"https://hooks.example/2\"\nkind = \"SLACK\"\n";
    herald.apply(hook).await;
    herald.at.sign_in(demo::NOOR).await;
    assert_eq!(herald.send(me(mira())).await.body, before);
}

/// The figures are kept, and shared by all members: yet what this node writes shows at once, and what another one
/// writes within the bound.
#[tokio::test]
async fn what_is_used_is_never_older_than_the_bound() {
    const ONE_MORE: &str = "[[user]]\nemail = \"new@northwind.example\"\npassword = \"one more of them\"\n\
                            [[user.membership]]\ntenant = \"northwind\"\nroles = [\"guest\"]\n";
    let herald = Herald::demo().await;
    let beside = herald.another().await;
    let used = async |herald: &Herald| {
        herald.at.hear().await;
        let answers = [herald.send(me(mira())).await.json(), herald.send(me(gus())).await.json()];
        answers.map(|answer| answer["quotas"]["users"]["used"].as_i64().unwrap())
    };
    assert_eq!((used(&herald).await, used(&beside).await), ([5, 5], [5, 5]));
    herald.apply(ONE_MORE).await;
    assert_eq!((used(&herald).await, used(&beside).await), ([6, 6], [6, 6]));
    // Behind Herald's back, so that nobody is told.
    herald.at.sql("DELETE FROM users WHERE email = 'new@northwind.example'").await;
    herald.at.advance(herald.at.ctx.config.revocation_bound);
    assert_eq!((used(&herald).await, used(&beside).await), ([5, 5], [5, 5]));
}

#[tokio::test]
async fn another_world() {
    let herald = Herald::of(other::WORLD).await;
    for (name, key) in [
        ("ada_without_names", other::ADA),
        ("ada_in_birch_without_features_and_quotas", other::ADA_IN_BIRCH),
        ("bo_signs_in_elsewhere", other::BO),
        ("cy_with_empty_names", other::CY),
        ("bo_until_0830", other::BO_TO_0830),
    ] {
        insta::assert_json_snapshot!(name, herald.send(me(key)).await.shown());
    }
    let of_cap = herald.send(me(other::BO_AS_GUEST)).await;
    assert_eq!(of_cap.body, herald.send(me(other::BO)).await.body, "a cap takes nothing away");
    assert_eq!(herald.send(me(other::DI)).await.status, 200);
}

#[tokio::test]
async fn another_world_after_some_have_ended() {
    let herald = Herald::of(other::WORLD).await;
    let quotas = async || herald.send(me(other::ADA)).await.json()["quotas"].clone();
    let before = quotas().await;
    herald.at.advance(minutes(30) + Duration::from_millis(250));
    let after = quotas().await;
    assert_eq!(after["api_tokens"]["used"], before["api_tokens"]["used"].as_i64().unwrap() - 1);
    herald.at.advance(minutes(30));
    assert_eq!(quotas().await["users"]["used"], before["users"]["used"].as_i64().unwrap() - 1);
}

#[tokio::test]
async fn what_is_sent_besides_is_ignored() {
    let herald = Herald::demo().await;
    let usual = herald.send(me(mira())).await;
    let headers = [("x-api-key", mira()), ("accept", "text/html"), ("content-type", "nonsense")];
    let body = vec![b'{'; 1024 * 1024 + 1];
    let answer = herald.send(with_body("GET", "/account/me?userId=1&tenant=contoso", &headers, body)).await;
    assert_eq!(answer.body, usual.body);
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let herald = Herald::demo().await;
    let get = herald.send(me(mira())).await;
    let head = herald.send(bare("HEAD", PATH, &[("x-api-key", mira())])).await;
    assert_eq!((head.status, head.body.len()), (get.status, 0));
    for name in ["content-type", "cache-control"] {
        assert_eq!(head.header(name), get.header(name));
    }
    assert_eq!(head.header("content-length"), Some(get.body.len().to_string().as_str()));
}

#[tokio::test]
async fn case_23_calls_leave_nothing_behind() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    for _ in 0..10_000 {
        assert_eq!(herald.send(me(mira())).await.status, 200);
    }
    herald.at.tick().await;
    let rows = herald
        .at
        .sql("SELECT (SELECT COUNT(*) FROM sessions), (SELECT COUNT(last_login_at) FROM users)")
        .await;
    assert_eq!(rows, [[Some("0".to_owned()), Some("0".to_owned())]]);
}
