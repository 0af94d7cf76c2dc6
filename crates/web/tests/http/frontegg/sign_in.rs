//! `POST /auth/v1/user`.

use domain::EmailAddress;
use serde_json::json;
use testkit::{Engine, Setup, demo, minutes};

use super::{COOKIE, INVALID, LOGOUT, REFRESH, SIGN_IN, Signed, UNAUTHORIZED, credentials, me, post, said};
use crate::kit::{Answer, Herald, bare, with_body};

async fn attempt(herald: &Herald, email: &str, password: &str) -> Answer {
    herald.send(post(SIGN_IN, credentials(email, password))).await
}

#[tokio::test]
async fn the_answer_of_the_contract() {
    let herald = Herald::demo().await;
    let answer = herald
        .send(post(SIGN_IN, credentials(" MIRA.Holt@northwind.example ", demo::password(demo::MIRA))))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("frontegg-trace-id"), answer.header("x-request-id"));
    let signed = Signed::of(answer);
    let wanted = json!({"tokenType":"bearer","mfaRequired":false,"mfaEnrolled":false,"accessToken":signed.access,
     "refreshToken":signed.refresh,"expiresIn":3600,"expires":"2026-11-24T09:00:00.000Z",
     "userId":"0c7e54a2-2b0f-4a37-9a51-6f6a0a9d1c01","userEmail":"mira.holt@northwind.example","emailVerified":true});
    assert_eq!(std::str::from_utf8(&signed.answer.body).unwrap(), wanted.to_string());
    assert_eq!(
        signed.answer.header("set-cookie").unwrap(),
        format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000", signed.refresh)
    );
}

#[tokio::test]
async fn the_cookie_is_secure_behind_tls() {
    let setup =
        Setup::on(Engine::Sqlite).config(|config| config.public_url = "https://id.northwind.example".into());
    let herald = Herald::with(setup).await;
    let signed = herald.signed_in(demo::MIRA).await;
    assert!(signed.answer.header("set-cookie").unwrap().ends_with("; Max-Age=2592000; Secure"));
    assert_eq!(signed.claims()["iss"], "https://id.northwind.example");
}

#[tokio::test]
async fn case_2_at_every_mount() {
    let herald = Herald::demo().await;
    for path in [format!("{SIGN_IN}/"), format!("/frontegg{SIGN_IN}"), format!("/frontegg{SIGN_IN}/")] {
        let body = credentials(demo::OTTO, demo::password(demo::OTTO));
        let signed = Signed::of(herald.send(post(&path, body)).await);
        assert_eq!(herald.status_of_me(&signed.access).await, 200, "{path}");
    }
}

#[tokio::test]
async fn case_9_all_that_is_wrong_is_alike() {
    let herald = Herald::demo().await;
    let otto = demo::password(demo::OTTO);
    herald
        .at
        .change_user(demo::NOOR, &format!("UPDATE users SET active = FALSE WHERE email = '{}'", demo::NOOR))
        .await;
    let gone = format!(
        "DELETE FROM membership_roles WHERE user_id = (SELECT id FROM users WHERE email = '{0}'); \
         DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email = '{0}')",
        demo::RAGU
    );
    herald.at.change_user(demo::RAGU, &gone).await;
    let mut alike = Vec::new();
    for (email, password) in [
        (demo::MIRA, "wrong"),
        (demo::MIRA, otto),
        ("nobody@northwind.example", otto),
        ("no address at all", otto),
        ("", otto),
        (demo::NOOR, demo::password(demo::NOOR)),
        (demo::RAGU, demo::password(demo::RAGU)),
        (demo::ROOT, demo::password(demo::ROOT)),
    ] {
        let before = herald.at.ctx.hasher.work_done();
        let answer = attempt(&herald, email, password).await;
        assert_eq!(said(&answer), (401, INVALID), "{email}");
        assert!(answer.header("set-cookie").is_none() && answer.header("www-authenticate").is_none());
        alike.push(herald.at.ctx.hasher.work_done() - before);
    }
    // The same work for each: the pool hashes for the unknown, too.
    assert!(alike[0] > 0 && alike.iter().all(|one| *one == alike[0]), "{alike:?}");
}

#[tokio::test]
async fn case_10_only_the_right_password_learns_of_the_lock() {
    const LOCKED: &str = r#"{"errors":["User is locked out. To unlock user, please contact your administrators"],"errorCode":"ER-01034"}"#;
    let herald = Herald::demo().await;
    herald.at.hear().await;
    let noor = herald.signed_in(demo::NOOR).await;
    assert_eq!(herald.status_of_me(&noor.access).await, 200);
    let email = EmailAddress::parse(demo::NOOR).unwrap();
    app::users::lock::run(&herald.at.ctx, email, true).await.unwrap();
    assert_eq!(said(&herald.send(me(&noor.access)).await), (401, UNAUTHORIZED));
    assert_eq!(said(&herald.refreshed(&noor.refresh).await), (401, UNAUTHORIZED));
    assert_eq!(said(&attempt(&herald, demo::NOOR, demo::password(demo::NOOR)).await), (401, LOCKED));
    assert_eq!(said(&attempt(&herald, demo::NOOR, "wrong").await), (401, INVALID));
    let email = EmailAddress::parse(demo::NOOR).unwrap();
    app::users::lock::run(&herald.at.ctx, email, false).await.unwrap();
    assert_eq!(attempt(&herald, demo::NOOR, demo::password(demo::NOOR)).await.status, 200);
    // A lock ends for good what was open.
    assert_eq!(said(&herald.send(me(&noor.access)).await), (401, UNAUTHORIZED));
}

#[tokio::test]
async fn case_11_bodies() {
    const NOT_JSON: (u16, &str) = (400, r#"{"errors":["Invalid input json"],"errorCode":"ER-00006"}"#);
    const NO_EMAIL: (u16, &str) =
        (400, r#"{"errors":["email must be a string"],"errorCode":"ER-004a5c1ae5"}"#);
    const EMPTY: (u16, &str) =
        (400, r#"{"errors":["password should not be empty"],"errorCode":"ER-008897167d"}"#);
    const BOTH: (u16, &str) = (
        400,
        r#"{"errors":["email must be a string","password should not be empty"],"errorCode":"ER-004a5c1ae5"}"#,
    );
    let herald = Herald::demo().await;
    let before = herald.at.ctx.hasher.work_done();
    let deep = format!(r#"{{"email":{}1{}}}"#, "[".repeat(100), "]".repeat(100));
    for (body, wanted) in [
        ("{", NOT_JSON),
        ("[]", NOT_JSON),
        ("null", NOT_JSON),
        (r#"{"email":"a\u0000","password":"x"}"#, NOT_JSON),
        (&deep, NOT_JSON),
        ("", BOTH),
        ("{}", BOTH),
        (r#"{"email":null}"#, BOTH),
        (r#"{"password":"x"}"#, NO_EMAIL),
        (r#"{"email":["a"],"password":"x"}"#, NO_EMAIL),
        (r#"{"email":"a@b.example","password":""}"#, EMPTY),
        (r#"{"email":"a@b.example"}"#, EMPTY),
        (r#"{"email":"a@b.example","password":{}}"#, (400, r#"{"errors":["password must be a string"]}"#)),
    ] {
        assert_eq!(said(&herald.send(post(SIGN_IN, body.to_owned())).await), wanted, "{body}");
    }
    let long = "x".repeat(10_000);
    let texts =
        (400, r#"{"errors":["email must be at most 254 characters","password must be at most 1024 bytes"]}"#);
    assert_eq!(said(&attempt(&herald, &long, &long).await), texts);
    let huge = attempt(&herald, demo::MIRA, &"x".repeat(10 * 1024 * 1024)).await;
    assert_eq!(said(&huge), (413, r#"{"errors":["Payload Too Large"]}"#));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = herald.send(with_body("POST", SIGN_IN, &form, "email=a&password=b")).await;
    assert_eq!(said(&answer), (415, r#"{"errors":["Unsupported Media Type"]}"#));
    assert_eq!(herald.at.ctx.hasher.work_done(), before, "nothing was hashed");
}

#[tokio::test]
async fn fields_of_no_concern_are_ignored() {
    let herald = Herald::demo().await;
    let body = json!({"email": demo::MIRA, "password": demo::password(demo::MIRA), "recaptchaToken": 5,
        "invitationToken": null, "emailMetadata": {}, "tenantId": herald.at.tenant_id(demo::CONTOSO).await.to_string()});
    let headers = [super::JSON, ("authorization", "Bearer garbage"), ("cookie", "fe_refresh_x=y")];
    let signed = Signed::of(herald.send(with_body("POST", SIGN_IN, &headers, body.to_string())).await);
    assert_eq!(signed.claims()["tenantId"], super::NORTHWIND);
}

#[tokio::test]
async fn case_21_and_23_a_second_factor() {
    let herald = Herald::demo().await;
    let answer = attempt(&herald, demo::TOVA, demo::password(demo::TOVA)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("set-cookie").is_none());
    let body = answer.json();
    let token = body["mfaToken"].as_str().unwrap().to_owned();
    let device = body["mfaDevices"]["authenticators"][0]["id"].as_str().unwrap().to_owned();
    assert!(uuid::Uuid::try_parse(&device).is_ok());
    let wanted = json!({"tokenType":"bearer","mfaRequired":true,"mfaToken":token,"mfaEnrolled":true,
     "mfaDevices":{"webauthn":[],"phones":[],"authenticators":[{"id":device}],"emails":[]},
     "accessToken":"","refreshToken":"","expiresIn":0,"expires":"2026-11-24T08:00:00.000Z"});
    assert_eq!(std::str::from_utf8(&answer.body).unwrap(), wanted.to_string());
    assert_eq!(said(&herald.send(me(&token)).await), (401, UNAUTHORIZED));
    assert_eq!(said(&herald.refreshed(&token).await), (401, UNAUTHORIZED));
    let again = attempt(&herald, demo::TOVA, demo::password(demo::TOVA)).await.json();
    assert_eq!(again["mfaDevices"], body["mfaDevices"]);
    assert_ne!(again["mfaToken"], body["mfaToken"]);
    assert_eq!(said(&attempt(&herald, demo::TOVA, "wrong").await), (401, INVALID));
}

#[tokio::test]
async fn who_tries_too_often_waits() {
    let herald = Herald::demo().await;
    for _ in 0..60 {
        assert_eq!(herald.send(post(SIGN_IN, "{}")).await.status, 400);
    }
    let refused = attempt(&herald, demo::MIRA, demo::password(demo::MIRA)).await;
    assert_eq!(said(&refused), (429, r#"{"errors":["Too many requests"]}"#));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    // Who is signed in goes on.
    assert_eq!(herald.send(post(LOGOUT, "")).await.status, 201);
    assert_eq!(herald.send(post(REFRESH, "")).await.status, 401);
    herald.at.advance(minutes(1));
    assert_eq!(attempt(&herald, demo::MIRA, demo::password(demo::MIRA)).await.status, 200);
}

#[tokio::test]
async fn a_full_password_queue_is_said_at_once() {
    let setup = Setup::on(Engine::Sqlite).config(|config| {
        config.hasher = app::passwords::HasherConfig {
            memory_kib: 65536,
            passes: 3,
            parallelism: 1,
            threads: 1,
            queue: 1,
        };
    });
    let herald = Herald::with(setup).await;
    let knocks =
        (0..12).map(|n| herald.send(post(SIGN_IN, credentials(&format!("{n}@northwind.example"), "wrong"))));
    let answers = testkit::join_all(knocks).await;
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status != 401).collect();
    assert!(!busy.is_empty());
    for answer in busy {
        assert_eq!(said(answer), (503, r#"{"errors":["Service unavailable"]}"#));
        assert!(answer.header("retry-after").is_some());
    }
}

#[tokio::test]
async fn too_many_failures_look_like_a_wrong_password() {
    let herald = Herald::demo().await;
    let open = herald.signed_in(demo::MIRA).await;
    for _ in 0..10 {
        assert_eq!(attempt(&herald, demo::MIRA, "wrong").await.status, 401);
    }
    assert_eq!(said(&attempt(&herald, demo::MIRA, demo::password(demo::MIRA)).await), (401, INVALID));
    let shown = herald.send(me(&open.access)).await.json();
    assert_eq!(shown["isLocked"], false);
    herald.at.advance(minutes(16));
    assert_eq!(attempt(&herald, demo::MIRA, demo::password(demo::MIRA)).await.status, 200);
}

#[tokio::test]
async fn get_is_no_sign_in() {
    let herald = Herald::demo().await;
    let answer = herald.send(bare("GET", SIGN_IN, &[])).await;
    assert_eq!(said(&answer), (405, r#"{"errors":["Method Not Allowed"]}"#));
    assert_eq!(answer.header("allow"), Some("POST"));
}
