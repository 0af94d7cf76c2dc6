//! Sign-ins that the password grant refuses, and what they tell a stranger.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::header::CONTENT_TYPE;
use testkit::{Engine, Setup, demo, hours, minutes};

use super::desk::{Desk, Reply, TOKEN, client, encoded, post, says};

const WRONG: &str = "not the password at all";

fn bad_credentials() -> (u16, String, String) {
    says(400, "invalid_grant", "Bad credentials")
}

/// Changes a column of a user.
async fn set(desk: &Desk, email: &str, change: &str) {
    let id = desk.house.engine().uuid(desk.house.user_id(email).await.uuid());
    desk.house.change_user(email, &format!("UPDATE users SET {change} WHERE id = {id}")).await;
}

#[tokio::test]
async fn case_6_one_answer_and_the_same_work_for_whoever_is_not_let_in() {
    let desk = Desk::open().await;
    set(&desk, demo::RAGU, "password_hash = NULL").await;
    set(&desk, demo::NOOR, "active = FALSE").await;
    let long = "x".repeat(1_000_000);
    let mut bodies = std::collections::HashSet::new();
    let mut work = std::collections::HashSet::new();
    let attempts = [
        (demo::GUS, WRONG),
        ("nobody@northwind.example", WRONG),
        ("no address", WRONG),
        (demo::ROOT, demo::password(demo::ROOT)),
        (demo::RAGU, demo::password(demo::RAGU)),
        (demo::NOOR, demo::password(demo::NOOR)),
        (demo::GUS, &long),
        (&long[..300], WRONG),
    ];
    for (email, password) in attempts {
        let before = desk.house.ctx.hasher.work_done();
        let reply = desk.password(email, password, &[]).await;
        assert_eq!(reply.said(), bad_credentials(), "{email:.40} {password:.20}");
        work.insert(desk.house.ctx.hasher.work_done() - before);
        bodies.insert(reply.body);
    }
    assert_eq!(bodies.len(), 1);
    assert_eq!(work.len(), 1, "one hash each, of the same cost: {work:?}");
    assert!(!work.contains(&0));
}

#[tokio::test]
async fn case_7_what_is_told_only_after_the_right_password() {
    let desk = Desk::open().await;
    let try_both = async |email| {
        let right = desk.password(email, demo::password(email), &[]).await.said();
        let wrong = desk.password(email, WRONG, &[]).await.said();
        (right, wrong)
    };
    let mfa = says(400, "invalid_grant", "Multi-factor sign-in is required");
    assert_eq!(try_both(demo::TOVA).await, (mfa.clone(), bad_credentials()));
    set(&desk, demo::GUS, "locked = TRUE").await;
    let locked = says(400, "invalid_grant", "User account is locked");
    assert_eq!(try_both(demo::GUS).await, (locked, bad_credentials()));
    set(&desk, demo::NOOR, "active = FALSE").await;
    assert_eq!(try_both(demo::NOOR).await, (bad_credentials(), bad_credentials()));
    desk.house.sql("UPDATE tenants SET mfa_enforce = 'Force' WHERE key = 'contoso'").await;
    assert_eq!(try_both(demo::OTTO).await, (mfa.clone(), bad_credentials()));
    assert_eq!(try_both(demo::MIRA).await, (mfa, bad_credentials()), "contoso forces its guests too");
}

#[tokio::test]
async fn case_9_a_wrong_secret_is_challenged_for_basic_wherever_it_stood() {
    let desk = Desk::open().await;
    let fields =
        [("grant_type", "password"), ("username", demo::GUS), ("password", demo::password(demo::GUS))];
    let in_form = [&fields[..], &[("client_id", demo::CLIENT), ("client_secret", "fixstreaM")]].concat();
    let replies = [desk.form(&in_form).await, desk.with_basic("fixstreamapp:fixstreaM", &fields).await];
    for reply in replies {
        assert_eq!(reply.said(), says(401, "invalid_client", "Bad client credentials"));
        assert_eq!(reply.header("www-authenticate"), Some("Basic realm=\"herald\""));
        assert_eq!(reply.header("pragma"), Some("no-cache"));
    }
}

#[tokio::test]
async fn case_10_the_storefront_may_not_ask_for_passwords() {
    let desk = Desk::open().await;
    let id = "7f4b6f0e-52c4-4c37-8f0a-2d6c1c5b9e01";
    let storefront = [("client_id", id), ("client_secret", demo::client_secret(id))];
    let reply = desk.form(&[&[("grant_type", "password")][..], &storefront].concat()).await;
    assert_eq!(reply.said(), says(400, "unauthorized_client", "Unauthorized grant type"));
    let reply = desk.form(&[&[("grant_type", "refresh_token")][..], &storefront].concat()).await;
    assert_eq!(reply.said(), says(400, "unauthorized_client", "Unauthorized grant type"));
}

async fn from(desk: &Desk, address: &str, email: &str, password: &str) -> Reply {
    let fields = [("grant_type", "password"), ("username", email), ("password", password)];
    let form = encoded(&[&fields[..], &client()].concat());
    let mut request =
        post(TOKEN).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.into()).unwrap();
    let peer: SocketAddr = format!("{address}:4711").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    desk.send(request).await
}

#[tokio::test]
async fn case_13_failures_lock_out_for_a_while_and_nobody_else() {
    let desk = Desk::open().await;
    for _ in 0..20 {
        assert_eq!(desk.password(demo::GUS, WRONG, &[]).await.said(), bad_credentials());
    }
    let right = demo::password(demo::GUS);
    assert_eq!(desk.password(demo::GUS, right, &[]).await.said(), bad_credentials());
    desk.sign_in(demo::NOOR).await;
    desk.house.advance(minutes(16));
    assert_eq!(desk.password(demo::GUS, right, &[]).await.status, 200);
}

#[tokio::test]
async fn case_13_an_address_has_its_share_and_no_more() {
    let desk = Desk::with(Setup::on(Engine::Sqlite), |config| config.sign_in_per_ip = 5).await;
    for _ in 0..5 {
        assert_eq!(from(&desk, "192.0.2.1", demo::GUS, WRONG).await.said(), bad_credentials());
    }
    let refused = from(&desk, "192.0.2.1", demo::GUS, demo::password(demo::GUS)).await;
    assert_eq!(refused.said(), says(429, "temporarily_unavailable", "Too many attempts"));
    assert_eq!(refused.header("pragma"), Some("no-cache"));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(from(&desk, "192.0.2.2", demo::GUS, demo::password(demo::GUS)).await.status, 200);
    desk.house.advance(hours(1));
    assert_eq!(from(&desk, "192.0.2.1", demo::GUS, demo::password(demo::GUS)).await.status, 200);
}

#[tokio::test]
async fn case_13_a_full_hashing_pool_asks_to_wait() {
    let none = |config: &mut app::Config| {
        config.hasher.threads = 1;
        config.hasher.queue = 1;
        config.hasher.memory_kib = 64 * 1024;
        config.hasher.passes = 8;
    };
    let desk = Desk::with(Setup::on(Engine::Sqlite).config(none), |config| config.sign_in_per_ip = 0).await;
    let attempts = (0..8).map(|n| {
        let email = format!("nobody{n}@northwind.example");
        let desk = &desk;
        async move { desk.password(&email, WRONG, &[]).await }
    });
    let replies = futures_util::future::join_all(attempts).await;
    let full: Vec<&Reply> = replies.iter().filter(|reply| reply.status == 429).collect();
    assert!(!full.is_empty() && full.len() < replies.len());
    for reply in full {
        assert_eq!(reply.said(), says(429, "temporarily_unavailable", "Too many attempts"));
        assert!(reply.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    }
}

#[tokio::test]
async fn a_client_secret_is_not_for_guessing() {
    let desk = Desk::with(Setup::on(Engine::Sqlite), |config| config.sign_in_per_ip = 5).await;
    let guess = || {
        let form =
            encoded(&[("grant_type", "password"), ("client_id", "fixstreamapp"), ("client_secret", "x")]);
        post(TOKEN).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.into()).unwrap()
    };
    for _ in 0..5 {
        assert_eq!(desk.send(guess()).await.said(), says(401, "invalid_client", "Bad client credentials"));
    }
    assert_eq!(desk.send(guess()).await.said(), says(429, "temporarily_unavailable", "Too many attempts"));
    assert_eq!(
        desk.password(demo::GUS, demo::password(demo::GUS), &[]).await.status,
        200,
        "its owner still signs in"
    );
    let told = desk.house.sql("SELECT COUNT(*) FROM audit WHERE action = 'client.refused'").await;
    assert_eq!(told[0][0].as_deref(), Some("5"));
}
