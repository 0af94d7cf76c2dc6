//! Shut out, and let in again.

use serde_json::json;
use testkit::{Engine, demo};

use super::{call, get, mira, otto};
use crate::kit::{Herald, bare};

async fn set(herald: &Herald, email: &str, by: &str, active: bool) -> u16 {
    let body = format!(r#"{{"isActive":{active}}}"#);
    call(herald, "PUT", &format!("/api/users/{email}"), by, &body).await.status.as_u16()
}

async fn shown(herald: &Herald, email: &str, by: &str) -> serde_json::Value {
    herald.send(get(&format!("/api/users/{email}"), by)).await.json()[0]["isActive"].take()
}

/// The status of a credential at the doors of all dialects that take it.
async fn doors(herald: &Herald, token: &str) -> Vec<u16> {
    let line = format!("Bearer {token}");
    let mut all = Vec::new();
    for (method, path, header) in [
        ("GET", "/v1/me", ("authorization", &*line)),
        ("POST", "/api/me", ("x-api-key", token)),
        ("GET", "/account/me", ("authorization", &*line)),
        ("GET", "/api/v2/users/loggedIn/detail", ("authorization", &*line)),
        ("GET", "/identity/resources/users/v3/me", ("authorization", &*line)),
        ("GET", "/auth/me", ("authorization", &*line)),
    ] {
        all.push(herald.send(bare(method, path, &[header])).await.status.as_u16());
    }
    all
}

const SHUT: [u16; 6] = [401, 403, 401, 401, 401, 401];

#[tokio::test]
async fn case_20_in_all_dialects_and_back() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let session = herald.at.sign_in(demo::NOOR).await.token;
    let made = call(&herald, "POST", "/api/tokens/local", &session, r#"{"role":"member"}"#).await.json();
    let signed = made["token"].as_str().unwrap();
    let keyed = [("authorization", format!("Bearer {session}")), ("content-type", "application/json".into())];
    let keyed: Vec<_> = keyed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = herald.send(crate::kit::with_body("POST", "/v1/me/tokens", &keyed, r#"{"name":"k"}"#)).await;
    let key = key.json()["token"].as_str().unwrap().to_owned();
    let by_key = [200, 200, 200, 200, 403, 200];
    for _ in 0..2 {
        assert_eq!(doors(&herald, &session).await, [200; 6]);
        assert_eq!(doors(&herald, signed).await, by_key);
        assert_eq!(doors(&herald, &key).await, by_key);
    }
    assert_eq!(set(&herald, demo::NOOR, mira(), false).await, 200);
    for token in [&*session, signed, &*key] {
        assert_eq!(doors(&herald, token).await, SHUT);
    }
    assert!(herald.at.try_sign_in(demo::NOOR, demo::password(demo::NOOR)).await.is_err());
    assert_eq!(shown(&herald, demo::NOOR, mira()).await, false);
    assert_eq!(set(&herald, demo::NOOR, mira(), true).await, 200);
    assert_eq!(doors(&herald, &session).await, SHUT, "what was ended stays ended");
    assert_eq!(doors(&herald, signed).await, by_key);
    assert_eq!(doors(&herald, &key).await, by_key);
    assert_eq!(shown(&herald, demo::NOOR, mira()).await, true);
    herald.at.sign_in(demo::NOOR).await;
}

#[tokio::test]
async fn case_20_a_lock_ends_with_it() {
    let herald = Herald::demo().await;
    let email = domain::EmailAddress::parse(demo::RAGU).unwrap();
    app::users::lock::run(&herald.at.ctx, email, true).await.unwrap();
    assert_eq!(shown(&herald, demo::RAGU, mira()).await, false);
    assert_eq!(set(&herald, demo::RAGU, mira(), true).await, 200);
    assert_eq!(shown(&herald, demo::RAGU, mira()).await, true);
    herald.at.sign_in(demo::RAGU).await;
    let guest = domain::EmailAddress::parse(demo::MIRA).unwrap();
    let other = "[[user]]\nemail = \"second@northwind.example\"\npassword = \"second of them all\"\n\
                 [[user.membership]]\ntenant = \"northwind\"\nroles = [\"admin\"]\n";
    herald.apply(other).await;
    app::users::lock::run(&herald.at.ctx, guest, true).await.unwrap();
    let second = herald.at.try_sign_in("second@northwind.example", "second of them all").await.unwrap().token;
    let answer =
        call(&herald, "POST", &format!("/api/users/{}", demo::MIRA), &second, r#"{"isActive":true}"#).await;
    assert_eq!(answer.json(), json!({"role": "admin", "isActive": false}), "she is another tenant's too");
}

#[tokio::test]
async fn case_22_elsewhere_lives_on() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let sign_in = async |tenant: &str| {
        let through = app::sessions::sign_in::Through::Native;
        let mut command = testkit::command(demo::MIRA, demo::password(demo::MIRA), through);
        command.tenant = Some(tenant.to_owned());
        herald.at.try_command(command).await.unwrap().token
    };
    let (there, here) = (sign_in(demo::CONTOSO).await, sign_in(demo::NORTHWIND).await);
    assert_eq!(doors(&herald, &there).await, [200; 6]);
    assert_eq!(set(&herald, demo::MIRA, otto(), false).await, 200);
    assert_eq!(doors(&herald, &there).await, SHUT);
    assert_eq!(doors(&herald, &here).await, [200; 6]);
    assert_eq!(herald.send(get("/auth/me", mira())).await.status, 200);
    assert_eq!(shown(&herald, demo::MIRA, otto()).await, false);
    assert_eq!(shown(&herald, demo::MIRA, mira()).await, true);
}

#[tokio::test]
async fn a_deactivated_person_elsewhere_on_postgres() {
    let herald = Herald::with(testkit::Setup::on(Engine::Postgres)).await;
    assert_eq!(set(&herald, demo::TOVA, mira(), false).await, 200);
    assert_eq!(shown(&herald, demo::TOVA, mira()).await, false);
    assert_eq!(set(&herald, demo::TOVA, mira(), true).await, 200);
    for pattern in ["*%00*", "%00", "tova*", "*berg*"] {
        let answer = herald.send(get(&format!("/api/users/{pattern}"), mira())).await;
        let found = usize::from(!pattern.contains("%00"));
        assert_eq!(
            (answer.status.as_u16(), answer.json().as_array().unwrap().len()),
            (200, found),
            "{pattern}"
        );
    }
    let delete = call(&herald, "DELETE", &format!("/api/users/{}", demo::TOVA), mira(), "").await;
    assert_eq!(delete.status, 200);
}
