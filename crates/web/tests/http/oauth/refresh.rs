//! The refresh grant: rotation, a lost reply, reuse.

use futures_util::future::join_all;
use testkit::{Engine, Setup, days, demo, minutes, seconds};

use super::desk::{Desk, claims, says};

fn invalid() -> (u16, String, String) {
    says(400, "invalid_grant", "Invalid refresh token")
}

#[tokio::test]
async fn case_14_three_new_tokens_and_the_old_access_token_lives_on() {
    let desk = Desk::open().await;
    let first = desk.password(demo::MIRA, demo::password(demo::MIRA), &[]).await;
    desk.house.advance(seconds(60));
    let second = desk.refresh(&first.text("refresh_token"), &[]).await;
    for key in ["access_token", "refresh_token", "jti"] {
        assert_ne!(first.text(key), second.text(key), "{key}");
    }
    assert_eq!(second.json()["user"], first.json()["user"]);
    assert_eq!(
        (second.text("scope"), second.json()["expires_in"].as_u64()),
        ("read write trust".into(), Some(3600))
    );
    assert_eq!(second.header("pragma"), Some("no-cache"));
    assert_eq!(claims(&second.text("access_token"))["jti"], second.json()["jti"]);
    for token in [first.text("access_token"), second.text("access_token")] {
        assert_eq!(desk.detail(&token).await.status, 200);
    }
    desk.house.advance(seconds(3_541));
    assert_eq!(desk.detail(&first.text("access_token")).await.said().2, "Access token expired");
    assert_eq!(desk.detail(&second.text("access_token")).await.status, 200);
}

#[tokio::test]
async fn case_14_no_last_login_and_no_new_session() {
    let desk = Desk::open().await;
    let (_, refresh) = desk.sign_in(demo::NOOR).await;
    let signed_in = desk.house.now().rfc3339_millis();
    desk.house.advance(seconds(60));
    let access = desk.refresh(&refresh, &[]).await.text("access_token");
    assert_eq!(desk.detail(&access).await.text("lastLoginTime"), signed_in);
    assert_eq!(desk.house.sql("SELECT id FROM sessions").await.len(), 1);
}

#[tokio::test]
async fn case_15_a_lost_reply_gets_the_same_successor_and_later_the_family_ends() {
    let desk = Desk::open().await;
    let (_, retired) = desk.sign_in(demo::NOOR).await;
    let (other, _) = desk.sign_in(demo::NOOR).await;
    let first = desk.refresh(&retired, &[]).await;
    desk.house.advance(seconds(2));
    let again = desk.refresh(&retired, &[]).await;
    assert_eq!(again.text("refresh_token"), first.text("refresh_token"));
    assert_ne!(again.text("access_token"), first.text("access_token"));

    desk.house.advance(seconds(9));
    // From now on the read model may answer: it has to let go of them all the same.
    desk.house.hear().await;
    for token in [first.text("access_token"), again.text("access_token")] {
        assert_eq!(desk.detail(&token).await.status, 200);
    }
    assert_eq!(desk.refresh(&retired, &[]).await.said(), invalid(), "11 s after its rotation");
    assert_eq!(desk.refresh(&first.text("refresh_token"), &[]).await.said(), invalid());
    for token in [first.text("access_token"), again.text("access_token")] {
        assert_eq!(desk.detail(&token).await.said(), says(401, "invalid_token", "Invalid access token"));
    }
    let ended = desk.house.sql("SELECT id FROM sessions WHERE ended_at IS NOT NULL").await;
    assert_eq!(ended.len(), 1, "the session of this sign-in");
    assert_eq!(desk.detail(&other).await.status, 200, "other sign-ins live on");
    let audited = desk.house.sql("SELECT action FROM audit WHERE action = 'session.reused'").await;
    assert_eq!(audited.len(), 1);
}

#[tokio::test]
async fn case_15_the_tenth_second_is_still_a_lost_reply() {
    let desk = Desk::open().await;
    let (_, retired) = desk.sign_in(demo::NOOR).await;
    let first = desk.refresh(&retired, &[]).await;
    desk.house.advance(seconds(10));
    assert_eq!(desk.refresh(&retired, &[]).await.text("refresh_token"), first.text("refresh_token"));
}

#[tokio::test]
async fn case_16_within_the_grace_but_the_successor_used_is_reuse() {
    let desk = Desk::open().await;
    let (_, retired) = desk.sign_in(demo::NOOR).await;
    let second = desk.refresh(&retired, &[]).await.text("refresh_token");
    let third = desk.refresh(&second, &[]).await;
    assert_eq!(desk.refresh(&retired, &[]).await.said(), invalid());
    assert_eq!(desk.refresh(&third.text("refresh_token"), &[]).await.said(), invalid());
    assert_eq!(desk.detail(&third.text("access_token")).await.status, 401);
}

testkit::on_both_engines!(
    case_17_fifty_parallel_refreshes_agree_and_so_they_do_after_a_restart,
    case_17_two_nodes_agree,
);

async fn case_17_two_nodes_agree(engine: Engine) {
    let desk = Desk::with(Setup::on(engine), |_| ()).await;
    let other = desk.another().await;
    let (_, token) = desk.sign_in(demo::MIRA).await;
    let nodes = [&desk, &other];
    let replies = join_all((0..32).map(|call| nodes[call % 2].refresh(&token, &[]))).await;
    let of =
        |name: &str| replies.iter().map(|reply| reply.text(name)).collect::<std::collections::HashSet<_>>();
    assert_eq!((of("refresh_token").len(), of("jti").len()), (1, 32));
    for (call, reply) in replies.iter().enumerate() {
        assert_eq!((reply.status, &reply.json()["scope"]), (200, &"read write trust".into()));
        assert_eq!(nodes[(call + 1) % 2].detail(&reply.text("access_token")).await.status, 200);
    }
}

async fn case_17_fifty_parallel_refreshes_agree_and_so_they_do_after_a_restart(engine: Engine) {
    let desk = Desk::with(Setup::on(engine), |_| ()).await;
    let (_, token) = desk.sign_in(demo::MIRA).await;
    let replies = join_all((0..50).map(|_| desk.refresh(&token, &[]))).await;
    let successors: std::collections::HashSet<String> =
        replies.iter().map(|reply| reply.text("refresh_token")).collect();
    let access: std::collections::HashSet<String> = replies.iter().map(|reply| reply.text("jti")).collect();
    assert_eq!((successors.len(), access.len()), (1, 50));

    let restarted = desk.another().await;
    let after = restarted.refresh(&token, &[]).await;
    assert!(successors.contains(&after.text("refresh_token")));
    for token in
        [replies[0].text("access_token"), replies[49].text("access_token"), after.text("access_token")]
    {
        assert_eq!(restarted.detail(&token).await.status, 200);
    }

    desk.house.advance(seconds(11));
    let again = desk.another().await;
    assert_eq!(again.refresh(&token, &[]).await.said(), invalid(), "reuse is remembered across a restart");
    assert_eq!(again.refresh(&after.text("refresh_token"), &[]).await.said(), invalid());
    assert_eq!(again.detail(&after.text("access_token")).await.status, 401);
}

#[tokio::test]
async fn case_18_another_clients_token_is_unknown_and_unhurt() {
    let desk = Desk::open().await;
    desk.add_client("other", Some("a secret"), "password refresh_token", "read write trust").await;
    let (_, token) = desk.sign_in(demo::NOOR).await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
    assert_eq!(desk.with_basic("other:a secret", &fields).await.said(), invalid());
    assert_eq!(desk.refresh(&token, &[]).await.status, 200);
}

#[tokio::test]
async fn case_18_never_wider_than_first_granted() {
    let desk = Desk::open().await;
    let narrow = [("scope", "read write")];
    let token = desk.password(demo::NOOR, demo::password(demo::NOOR), &narrow).await.text("refresh_token");
    let wide = says(400, "invalid_scope", "Invalid scope");
    assert_eq!(desk.refresh(&token, &[("scope", "read trust")]).await.said(), wide);
    assert_eq!(desk.refresh(&token, &[("scope", "admin")]).await.said(), wide);
    let narrower = desk.refresh(&token, &[("scope", "write")]).await;
    assert_eq!(narrower.text("scope"), "write", "the presented token stayed good");
    assert_eq!(desk.detail(&narrower.text("access_token")).await.status, 403);
    let original = desk.refresh(&narrower.text("refresh_token"), &[("scope", "write,read")]).await;
    assert_eq!(original.text("scope"), "write read");
    assert_eq!(desk.refresh(&original.text("refresh_token"), &[]).await.text("scope"), "read write");
}

#[tokio::test]
async fn case_19_who_may_no_longer_sign_in_may_no_longer_refresh() {
    let user = "(SELECT id FROM users WHERE email = 'noor.aziz@northwind.example')";
    let changes = [
        format!("UPDATE users SET locked = TRUE WHERE id = {user}"),
        format!("UPDATE users SET active = FALSE WHERE id = {user}"),
        format!("UPDATE memberships SET active = FALSE WHERE user_id = {user}"),
        format!("UPDATE memberships SET expires_at = 1 WHERE user_id = {user}"),
        format!(
            "DELETE FROM membership_roles WHERE user_id = {user}; DELETE FROM membership_sites WHERE user_id = {user}; \
             DELETE FROM memberships WHERE user_id = {user}"
        ),
    ];
    for change in changes {
        let desk = Desk::open().await;
        let (_, token) = desk.sign_in(demo::NOOR).await;
        desk.house.change_user(demo::NOOR, &change).await;
        assert_eq!(desk.refresh(&token, &[]).await.said(), invalid(), "{change}");
    }
}

#[tokio::test]
async fn case_19_a_password_set_anew_ends_what_came_of_the_old_one() {
    let desk = Desk::open().await;
    let (access, refresh) = desk.sign_in(demo::NOOR).await;
    let email = domain::EmailAddress::parse(demo::NOOR).unwrap();
    app::users::set_password::run(&desk.house.ctx, email, &"an entirely new one".into()).await.unwrap();
    assert_eq!(desk.refresh(&refresh, &[]).await.said(), invalid());
    assert_eq!(desk.detail(&access).await.status, 401);
}

#[tokio::test]
async fn case_19_a_deleted_client_proves_nothing_any_more() {
    let desk = Desk::open().await;
    let (_, token) = desk.sign_in(demo::NOOR).await;
    desk.house.sql("UPDATE clients SET client_id = 'gone' WHERE client_id = 'fixstreamapp'").await;
    // The table's line 7 comes before anything that is said of the token.
    assert_eq!(desk.refresh(&token, &[]).await.said(), says(401, "invalid_client", "Bad client credentials"));
}

#[tokio::test]
async fn a_refresh_token_lives_to_its_end_and_never_past_the_absolute_one_of_the_sign_in() {
    let desk = Desk::open().await;
    let (_, early) = desk.sign_in(demo::NOOR).await;
    desk.house.advance(days(29));
    let late = desk.refresh(&early, &[]).await.text("refresh_token");
    desk.house.advance(minutes(24 * 60 - 10));
    let last = desk.refresh(&late, &[]).await;
    assert_eq!(last.json()["expires_in"], 600, "never past the sign-in's end");
    desk.house.advance(seconds(600));
    assert_eq!(desk.refresh(&last.text("refresh_token"), &[]).await.said(), invalid());
    assert_eq!(desk.detail(&last.text("access_token")).await.said().2, "Access token expired");
}

#[tokio::test]
async fn what_is_no_refresh_token_is_one_answer() {
    let desk = Desk::open().await;
    let (access, refresh) = desk.sign_in(demo::NOOR).await;
    let session = desk.house.sign_in(demo::NOOR).await.token;
    let long = format!("hr_{}", "x".repeat(100_000));
    for token in
        ["x", "hr_", "hr_unknown", &access, &session, &format!("{refresh}x"), demo::key(demo::MIRA), &long]
    {
        assert_eq!(desk.refresh(token, &[]).await.said(), invalid(), "{token:.30}");
    }
    assert_eq!(desk.refresh(&refresh, &[]).await.status, 200);
}
