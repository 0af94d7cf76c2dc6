//! `POST /auth/v1/user/token/refresh`.

use serde_json::json;
use testkit::{demo, minutes, seconds};

use super::{COOKIE, ENVIRONMENT, JSON, NORTHWIND, REFRESH, Signed, UNAUTHORIZED, me, post, said};
use crate::kit::{Answer, Herald, bare, with_body};

async fn by_cookie(herald: &Herald, cookie: &str, body: &'static str) -> Answer {
    herald.send(with_body("POST", REFRESH, &[JSON, ("cookie", cookie)], body)).await
}

#[tokio::test]
async fn case_16_by_cookie_of_each_name_and_by_body() {
    let herald = Herald::demo().await;
    let mut signed = herald.signed_in(demo::MIRA).await;
    let sid = signed.claims()["sid"].clone();
    for name in [
        COOKIE.to_owned(),
        format!("fe_refresh_{}", ENVIRONMENT.replace('-', "")),
        format!("fe_refresh_{ENVIRONMENT}"),
    ] {
        for body in ["", "{}", r#"{"tenantId":null,"refreshToken":null}"#] {
            herald.at.advance(minutes(1));
            let answer = by_cookie(&herald, &format!("other=1; {name}={}", signed.refresh), body).await;
            assert_eq!(answer.status, 201, "{name} {body}");
            let next = Signed::of(answer);
            assert_ne!((&next.refresh, &next.access), (&signed.refresh, &signed.access));
            assert_eq!(
                next.answer.header("set-cookie").unwrap(),
                format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000", next.refresh)
            );
            signed = next;
        }
    }
    herald.at.advance(minutes(1));
    let next = Signed::of(herald.refreshed(&signed.refresh).await);
    assert_eq!(next.answer.status, 201);
    assert_eq!(next.answer.json()["expires"], "2026-11-24T09:10:00.000Z");
    assert_eq!((&next.claims()["sid"], &next.claims()["auth_time"]), (&sid, &json!(1_795_507_200)));
    assert_eq!(herald.status_of_me(&next.access).await, 200);
}

#[tokio::test]
async fn case_16_without_a_token_that_counts() {
    let herald = Herald::demo().await;
    let signed = herald.signed_in(demo::MIRA).await;
    let oauth = herald.at.grant(demo::MIRA).await;
    let long = format!("hr_{}", "x".repeat(5_000));
    let tokens = [
        "",
        "x",
        "hr_",
        "hr_unknown",
        &long,
        &signed.access,
        &oauth.token,
        oauth.refresh.as_deref().unwrap(),
    ];
    let bodies = tokens.map(|token| json!({"refreshToken": token}).to_string());
    for body in bodies.iter().map(String::as_str).chain(["", "{}"]) {
        let answer = herald.send(post(REFRESH, body.to_owned())).await;
        assert_eq!(said(&answer), (401, UNAUTHORIZED), "{body}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert!(answer.header("set-cookie").is_none());
    }
    for cookie in [
        "",
        "fe_refresh_=x",
        &format!("{COOKIE}="),
        &format!("{COOKIE}=hr_\u{fc}"),
        &format!("fe_refresh={}", signed.refresh),
    ] {
        assert_eq!(said(&by_cookie(&herald, cookie, "").await), (401, UNAUTHORIZED), "{cookie}");
    }
    // A token in the query or as bearer is none here.
    let path = format!("{REFRESH}?refreshToken={}", signed.refresh);
    assert_eq!(herald.send(post(&path, "")).await.status, 401);
    let bearer = format!("Bearer {}", signed.refresh);
    assert_eq!(herald.send(bare("POST", REFRESH, &[("authorization", &bearer)])).await.status, 401);
    assert_eq!(herald.refreshed(&signed.refresh).await.status, 201, "nothing of it ended the session");
}

#[tokio::test]
async fn bodies_that_do_not_fit() {
    let herald = Herald::demo().await;
    let signed = herald.signed_in(demo::MIRA).await;
    let cookie = format!("{COOKIE}={}", signed.refresh);
    let uuid = r#"{"errors":["tenantId must be a UUID"]}"#;
    for (body, wanted) in [
        ("{", r#"{"errors":["Invalid input json"],"errorCode":"ER-00006"}"#),
        ("[]", r#"{"errors":["Invalid input json"],"errorCode":"ER-00006"}"#),
        (r#"{"tenantId":"northwind"}"#, uuid),
        (r#"{"tenantId":5}"#, uuid),
        (r#"{"refreshToken":5}"#, r#"{"errors":["refreshToken must be a string"]}"#),
        (r#"{"refreshToken":"hr_other"}"#, r#"{"errors":["refreshToken must be the one of the cookie"]}"#),
    ] {
        assert_eq!(said(&by_cookie(&herald, &cookie, body).await), (400, wanted), "{body}");
    }
    let same = json!({"refreshToken": signed.refresh}).to_string();
    let request = with_body("POST", REFRESH, &[JSON, ("cookie", &cookie)], same);
    assert_eq!(herald.send(request).await.status, 201);
}

#[tokio::test]
async fn case_17_a_reply_lost_and_a_token_reused() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let first = herald.signed_in(demo::MIRA).await;
    let second = Signed::of(herald.refreshed(&first.refresh).await);
    herald.at.advance(seconds(9));
    let lost = Signed::of(herald.refreshed(&first.refresh).await);
    assert_eq!(lost.refresh, second.refresh, "within the grace the same successor");
    herald.at.advance(seconds(2));
    herald.at.hear().await;
    assert_eq!(herald.status_of_me(&second.access).await, 200);
    assert_eq!(said(&herald.refreshed(&first.refresh).await), (401, UNAUTHORIZED));
    assert_eq!(said(&herald.refreshed(&second.refresh).await), (401, UNAUTHORIZED));
    for token in [&first.access, &second.access, &lost.access] {
        assert_eq!(said(&herald.send(me(token)).await), (401, UNAUTHORIZED));
    }
    let again = herald.signed_in(demo::MIRA).await;
    assert_eq!(herald.status_of_me(&again.access).await, 200);
}

#[tokio::test]
async fn case_17_a_successor_in_use_ends_the_grace() {
    let herald = Herald::demo().await;
    let first = herald.signed_in(demo::MIRA).await;
    let second = Signed::of(herald.refreshed(&first.refresh).await);
    let third = Signed::of(herald.refreshed(&second.refresh).await);
    assert_eq!(said(&herald.refreshed(&first.refresh).await), (401, UNAUTHORIZED));
    assert_eq!(said(&herald.refreshed(&third.refresh).await), (401, UNAUTHORIZED));
}

#[tokio::test]
async fn case_18_parallel_refreshes_agree() {
    let herald = Herald::demo().await;
    let signed = herald.signed_in(demo::MIRA).await;
    let answers = testkit::join_all((0..32).map(|_| herald.refreshed(&signed.refresh))).await;
    let tokens: Vec<_> = answers.into_iter().map(Signed::of).collect();
    assert!(tokens.iter().all(|one| one.refresh == tokens[0].refresh));
    for one in &tokens {
        assert_eq!(herald.status_of_me(&one.access).await, 200);
    }
    assert_eq!(herald.refreshed(&tokens[0].refresh).await.status, 201);
}

#[tokio::test]
async fn case_19_another_account() {
    const FOREIGN: &str = r#"{"errors":["Tenant is not assigned to the user"],"errorCode":"ER-01008"}"#;
    let herald = Herald::demo().await;
    let contoso = herald.at.tenant_id(demo::CONTOSO).await.to_string();
    let mira = herald.signed_in(demo::MIRA).await;
    let noor = herald.signed_in(demo::NOOR).await;
    let into = |token: &str, tenant: &str| {
        post(REFRESH, json!({"refreshToken": token, "tenantId": tenant}).to_string())
    };
    for tenant in [contoso.as_str(), "00000000-0000-4000-8000-000000000000"] {
        assert_eq!(said(&herald.send(into(&noor.refresh, tenant)).await), (404, FOREIGN), "{tenant}");
    }
    herald.at.advance(minutes(1));
    assert_eq!(herald.refreshed(&noor.refresh).await.status, 201, "nothing rotated");

    let there = Signed::of(herald.send(into(&mira.refresh, &contoso)).await);
    let claims = there.claims();
    assert_eq!((&claims["tenantId"], &claims["roles"]), (&contoso.clone().into(), &json!(["guest"])));
    assert!(!claims["permissions"].as_array().unwrap().contains(&"users:write".into()));
    assert_eq!(claims["sid"], mira.claims()["sid"]);
    let shown = herald.send(me(&there.access)).await.json();
    assert_eq!(shown["tenantId"], contoso.as_str());
    // What is in hand keeps its own; who stays, stays there; the next sign-in goes home.
    assert_eq!(herald.send(me(&mira.access)).await.json()["tenantId"], NORTHWIND);
    herald.at.advance(minutes(1));
    let stays = Signed::of(herald.refreshed(&there.refresh).await);
    assert_eq!(stays.claims()["tenantId"], contoso.as_str());
    assert_eq!(herald.signed_in(demo::MIRA).await.claims()["tenantId"], NORTHWIND);
    let home = Signed::of(herald.send(into(&stays.refresh, &NORTHWIND.to_uppercase())).await);
    assert_eq!(home.claims()["roles"], json!(["admin"]));
}

#[tokio::test]
async fn an_account_that_forces_a_second_factor_is_not_entered_without_one() {
    let herald = Herald::demo().await;
    let contoso = herald.at.tenant_id(demo::CONTOSO).await.to_string();
    let mira = herald.signed_in(demo::MIRA).await;
    herald.at.sql("UPDATE tenants SET mfa_enforce = 'Force' WHERE key = 'contoso'").await;
    let into =
        |tenant: &str| post(REFRESH, json!({"refreshToken": mira.refresh, "tenantId": tenant}).to_string());
    assert_eq!(said(&herald.send(into(&contoso)).await), (403, super::FORBIDDEN));
    assert_eq!(Signed::of(herald.send(into(NORTHWIND)).await).claims()["tenantId"], NORTHWIND);
}

#[tokio::test]
async fn a_session_never_outlives_its_end() {
    let herald = Herald::demo().await;
    let mut signed = herald.signed_in(demo::MIRA).await;
    herald.at.advance(testkit::days(29));
    signed = Signed::of(herald.refreshed(&signed.refresh).await);
    herald.at.advance(testkit::hours(23) + minutes(30));
    signed = Signed::of(herald.refreshed(&signed.refresh).await);
    assert_eq!(signed.answer.json()["expiresIn"], 1800);
    herald.at.advance(minutes(30));
    assert_eq!(said(&herald.refreshed(&signed.refresh).await), (401, UNAUTHORIZED));
    assert_eq!(said(&herald.send(me(&signed.access)).await), (401, UNAUTHORIZED));
}
