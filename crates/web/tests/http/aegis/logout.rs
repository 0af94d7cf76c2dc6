//! And out: exactly what was presented.

use testkit::demo;

use super::{get, gus, mira, otto};
use crate::kit::{Herald, bare};
use crate::other;

const ME: &str = "/auth/me";
const OUT: &str = "/auth/logout";

#[tokio::test]
async fn case_4_a_session() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let (goes, stays) = (herald.at.sign_in(demo::MIRA).await, herald.at.sign_in(demo::MIRA).await);
    for token in [&goes.token, &stays.token] {
        assert_eq!(herald.send(get(ME, token)).await.status, 200);
    }
    insta::assert_json_snapshot!("out", herald.send(get(OUT, &goes.token)).await.shown());
    assert_eq!(herald.send(get(OUT, &goes.token)).await.status, 401);
    assert_eq!(herald.send(get(ME, &goes.token)).await.status, 401);
    assert_eq!(herald.send(get(ME, &stays.token)).await.status, 200);
    assert_eq!(herald.send(get(ME, mira())).await.status, 200);
}

#[tokio::test]
async fn case_4_an_oauth_token_ends_its_family_and_session() {
    let herald = Herald::demo().await;
    let (goes, stays) = (herald.at.grant(demo::MIRA).await, herald.at.grant(demo::MIRA).await);
    assert_eq!(herald.send(get(OUT, &goes.token)).await.status, 200);
    assert_eq!(herald.send(get(ME, &goes.token)).await.status, 401);
    assert_eq!(herald.send(get(ME, &stays.token)).await.status, 200);
    let ended = "SELECT (SELECT COUNT(*) FROM sessions WHERE ended_at IS NOT NULL), \
                 (SELECT COUNT(*) FROM families WHERE ended_at IS NOT NULL)";
    let one = Some("1".to_owned());
    assert_eq!(herald.at.sql(ended).await, [[one.clone(), one]]);
    let form = format!("grant_type=refresh_token&refresh_token={}", goes.refresh.unwrap());
    let basic = "Basic Zml4c3RyZWFtYXBwOmZpeHN0cmVhbQ==";
    let headers = [("authorization", basic), ("content-type", "application/x-www-form-urlencoded")];
    let answer = herald.send(crate::kit::with_body("POST", "/oauth/token", &headers, form)).await;
    assert_eq!((answer.status.as_u16(), answer.json()["error"].clone()), (400, "invalid_grant".into()));
}

#[tokio::test]
async fn case_5_a_key_alone() {
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let session = herald.at.sign_in(demo::GUS).await.token;
    assert_eq!(herald.send(get(ME, gus())).await.status, 200);
    assert_eq!(herald.send(get(OUT, gus())).await.status, 200);
    for request in [get(ME, gus()), get("/account/me", gus()), get(OUT, gus())] {
        assert_eq!(herald.send(request).await.status, 401);
    }
    for alive in [session.as_str(), mira(), otto()] {
        assert_eq!(herald.send(get(ME, alive)).await.status, 200);
    }
}

#[tokio::test]
async fn case_5_head_and_prefetch_end_nothing() {
    let herald = Herald::demo().await;
    let line = format!("Bearer {}", mira());
    let head = herald.send(bare("HEAD", OUT, &[("authorization", &line)])).await;
    assert_eq!((head.status.as_u16(), head.header("allow")), (405, Some("GET")));
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("Purpose", "Prefetch"),
    ] {
        let answer = herald.send(bare("GET", OUT, &[("authorization", &line), (name, value)])).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!("prefetch", answer.shown()); }
    }
    assert_eq!(herald.send(get(ME, mira())).await.status, 200);
    let other = bare("GET", OUT, &[("authorization", &line), ("sec-purpose", "")]);
    assert_eq!(herald.send(other).await.status, 200);
}

#[tokio::test]
async fn case_5_a_cookie_never_counts() {
    let herald = Herald::demo().await;
    let session = herald.at.sign_in(demo::MIRA).await.token;
    let cookie = format!("__Host-herald={session}");
    assert_eq!(herald.send(bare("GET", OUT, &[("cookie", &cookie)])).await.status, 401);
    assert_eq!(herald.send(get(ME, &session)).await.status, 200);
}

#[tokio::test]
async fn case_27_two_identities_end_nothing() {
    let herald = Herald::demo().await;
    let line = format!("Bearer {}", mira());
    let answer = herald.send(bare("GET", OUT, &[("authorization", &line), ("x-api-key", gus())])).await;
    assert_eq!(answer.status, 400);
    assert_eq!(herald.send(get(ME, mira())).await.status, 200);
    assert_eq!(herald.send(get(ME, gus())).await.status, 200);
}

#[tokio::test]
async fn case_28_one_event_each() {
    let herald = Herald::demo().await;
    let session = herald.at.sign_in(demo::NOOR).await.token;
    for token in [session.as_str(), gus(), gus()] {
        herald.send(get(OUT, token)).await;
    }
    let ends = "SELECT action, outcome FROM audit WHERE action IN ('session.ended', 'token.revoked') ORDER BY action";
    let row = |action: &str| [Some(action.to_owned()), Some("done".to_owned())];
    assert_eq!(herald.at.sql(ends).await, [row("session.ended"), row("token.revoked")]);
}

#[tokio::test]
async fn another_world() {
    let herald = Herald::of(other::WORLD).await;
    assert_eq!(herald.send(get(OUT, other::BO_AS_GUEST)).await.status, 200, "a cap does not keep one in");
    assert_eq!(herald.send(get(ME, other::BO_AS_GUEST)).await.status, 401);
    assert_eq!(herald.send(get(ME, other::BO)).await.status, 200);
    assert_eq!(herald.send(get(OUT, other::DI)).await.status, 200);
    assert_eq!(herald.send(get(OUT, other::OF_ALDER)).await.status, 403);
}
