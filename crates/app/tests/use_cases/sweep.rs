//! design.md §4: what has expired is swept in bounded batches; what lives, or may still be told of, stays.

use domain::standing::Dead;
use herald_app::sweep::{self, Bounds};
use herald_app::tokens::revoke;
use testkit::{Engine, Installation, Setup, days, demo, hours, minutes, on_both_engines, seconds};
use uuid::Uuid;

use crate::support::{dead, is_refused, lives, mint, named, refresh, right, try_in, value};

on_both_engines! {
    what_lives_stays,
    a_session_goes_a_week_after_its_end_with_all_that_hung_on_it,
    a_session_goes_however_it_ended,
    a_theft_is_noticed_as_long_as_the_session_lives,
    access_tokens_are_called_expired_for_a_day,
    lockouts_are_remembered_for_a_day,
    second_factors_that_nobody_gave_go,
    tokens_are_kept_for_auditors_and_the_worlds_for_ever,
    a_run_is_bounded_and_the_next_goes_on,
    the_feed_keeps_its_newest_numbers,
}

pub async fn count(it: &Installation, table: &str) -> u64 {
    value(it, &format!("SELECT COUNT(*) FROM {table}")).await.parse().unwrap()
}

/// A run that no earlier one holds up.
pub async fn swept(it: &Installation) -> String {
    it.advance(minutes(1));
    sweep::run(&it.ctx).await.unwrap().to_string()
}

async fn what_lives_stays(engine: Engine) {
    let it = Installation::on(engine).await;
    let (native, grant) = (it.sign_in(demo::MIRA).await, it.grant(demo::MIRA).await);
    let key = mint(&it, &native.token, named("kept")).await.unwrap();
    try_in(&it, demo::NOOR, "not the right password").await;
    let events = count(&it, "audit").await;
    assert_eq!(swept(&it).await, "");
    assert!(lives(&it, &native.token).await && lives(&it, &grant.token).await && lives(&it, &key).await);
    let mut presented = grant.refresh.unwrap();
    for _ in 0..3 {
        it.advance(days(9));
        presented = refresh(&it, &presented).await.unwrap().refresh;
        swept(&it).await;
    }
    assert_eq!(count(&it, "refresh_tokens").await, 4, "of a session that lives, the rotated ones too");
    assert!(refresh(&it, &presented).await.is_ok() && lives(&it, demo::key(demo::MIRA)).await);
    assert_eq!(count(&it, "audit").await, events, "nothing to tell");
}

async fn a_session_goes_a_week_after_its_end_with_all_that_hung_on_it(engine: Engine) {
    let it = Installation::with(Setup::on(engine).config(|c| c.tokens.refresh_ttl = days(2))).await;
    let grant = it.grant(demo::MIRA).await;
    let first = grant.refresh.unwrap();
    let second = refresh(&it, &first).await.unwrap();
    let numbers = value(&it, "SELECT n FROM feed_head").await;
    it.advance(days(9) - minutes(1));
    assert_eq!(swept(&it).await, "access_tokens: 2", "a week, not yet more");
    assert_eq!(swept(&it).await, "families: 1, refresh_tokens: 2, sessions: 1");
    assert_eq!(value(&it, "SELECT n FROM feed_head").await, numbers, "without a word in the feed");
    for presented in [&first, &second.refresh] {
        assert!(is_refused(&it, presented).await);
    }
    assert_eq!(dead(&it, &second.access).await, Some(Dead::Unknown));
    let again = it.grant(demo::MIRA).await;
    assert!(lives(&it, &again.token).await && refresh(&it, &again.refresh.unwrap()).await.is_ok());
}

async fn a_session_goes_however_it_ended(engine: Engine) {
    let it = Installation::on(engine).await;
    let (idle, out, ended) =
        (it.sign_in(demo::MIRA).await, it.sign_in(demo::MIRA).await, it.grant(demo::MIRA).await);
    let used = it.sign_in(demo::GUS).await;
    herald_app::sessions::sign_out::session(&it.ctx, &it.caller(&out.token).await).await.unwrap();
    herald_app::sessions::sign_out::session(&it.ctx, &it.caller(&ended.token).await).await.unwrap();
    for _ in 0..15 {
        it.advance(hours(11));
        assert!(lives(&it, &used.token).await);
        it.tick().await;
    }
    assert_eq!(swept(&it).await, "access_tokens: 1", "within the week");
    it.advance(hours(4));
    assert_eq!(swept(&it).await, "families: 1, refresh_tokens: 1, sessions: 2", "signed out");
    it.advance(hours(7));
    assert!(lives(&it, &used.token).await);
    it.tick().await;
    it.advance(hours(4));
    assert_eq!(swept(&it).await, "sessions: 1", "idle");
    assert_eq!(dead(&it, &idle.token).await, Some(Dead::Unknown));
    assert!(lives(&it, &used.token).await);
}

/// design.md §5: a reuse after the grace ends the family, however long ago the token was rotated.
async fn a_theft_is_noticed_as_long_as_the_session_lives(engine: Engine) {
    let it = Installation::with(Setup::on(engine).config(|c| c.tokens.refresh_ttl = days(2))).await;
    let stolen = it.grant(demo::MIRA).await.refresh.unwrap();
    let mut newest = refresh(&it, &stolen).await.unwrap();
    for _ in 0..14 {
        it.advance(days(1));
        newest = refresh(&it, &newest.refresh).await.unwrap();
    }
    assert_eq!(swept(&it).await, "access_tokens: 14", "all but the last two");
    assert!(lives(&it, &newest.access).await);
    assert!(is_refused(&it, &stolen).await);
    assert!(is_refused(&it, &newest.refresh).await && !lives(&it, &newest.access).await);
}

async fn access_tokens_are_called_expired_for_a_day(engine: Engine) {
    let it = Installation::on(engine).await;
    let grant = it.grant(demo::MIRA).await;
    it.advance(hours(25) - minutes(1));
    assert_eq!(swept(&it).await, "");
    assert_eq!(dead(&it, &grant.token).await, Some(Dead::Expired));
    assert_eq!(swept(&it).await, "access_tokens: 1");
    assert_eq!(dead(&it, &grant.token).await, Some(Dead::Unknown));
    assert!(refresh(&it, &grant.refresh.unwrap()).await.is_ok(), "its session lives on");
}

async fn lockouts_are_remembered_for_a_day(engine: Engine) {
    let it = Installation::with(Setup::on(engine).config(|c| c.lockout.attempts = 3)).await;
    let guess = || try_in(&it, demo::NOOR, "not the right password");
    for _ in 0..3 {
        guess().await;
    }
    try_in(&it, "nobody@northwind.example", "once").await;
    assert_eq!(swept(&it).await, "");
    assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials", "the lock is in force");
    it.advance(hours(24));
    for _ in 0..3 {
        guess().await;
    }
    it.advance(minutes(15));
    assert_eq!(swept(&it).await, "lockouts: 1", "the one of nobody's");
    assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials", "twice as long the second time");
    it.advance(hours(24) + minutes(28));
    assert_eq!(swept(&it).await, "");
    assert_eq!(swept(&it).await, "lockouts: 1");
    for _ in 0..3 {
        guess().await;
    }
    it.advance(minutes(15));
    assert_eq!(right(&it, demo::NOOR).await, "in", "as the first time");
}

async fn second_factors_that_nobody_gave_go(engine: Engine) {
    let it = Installation::on(engine).await;
    add_second_factors(&it, 1, 3).await;
    it.advance(days(1));
    assert_eq!(swept(&it).await, "mfa_tokens: 3");
}

/// Expired ones, made behind Herald's back.
pub async fn add_second_factors(it: &Installation, from: u128, count: u128) {
    let user = it.engine().uuid(it.user_id(demo::TOVA).await.uuid());
    let now = it.now().as_micros();
    let rows = (from..from + count).map(|at| {
        let digest = it.engine().bytes(Uuid::from_u128(at).as_bytes());
        format!("({digest}, {user}, 'sign-in', {now}, {now}, 0)")
    });
    let rows: Vec<String> = rows.collect();
    let columns = "digest, user_id, purpose, created_at, expires_at, attempts";
    it.sql(&format!("INSERT INTO mfa_tokens ({columns}) VALUES {}", rows.join(", "))).await;
}

async fn tokens_are_kept_for_auditors_and_the_worlds_for_ever(engine: Engine) {
    let it = Installation::on(engine).await;
    let session = it.sign_in(demo::MIRA).await;
    let mut spent = named("spent");
    spent.lives = Some(days(1));
    let (kept, spent, revoked) = (
        mint(&it, &session.token, named("kept")).await.unwrap(),
        mint(&it, &session.token, spent).await.unwrap(),
        mint(&it, &session.token, named("revoked")).await.unwrap(),
    );
    for key in [revoked.as_str(), demo::key(demo::MIRA)] {
        let id = domain::TokenId::from_uuid(it.prove(key).await.unwrap().principal.credential.id);
        revoke::run(&it.ctx, &it.caller(&session.token).await, id).await.unwrap();
    }
    let before = count(&it, "tokens").await;
    it.advance(days(90) - minutes(1));
    assert_eq!(swept(&it).await, "sessions: 1");
    assert_eq!(swept(&it).await, "tokens: 1", "revoked");
    it.advance(days(1));
    assert_eq!(swept(&it).await, "tokens: 1", "expired");
    assert_eq!(count(&it, "tokens").await, before - 2);
    assert_eq!(
        (dead(&it, &spent).await, dead(&it, &revoked).await),
        (Some(Dead::Unknown), Some(Dead::Unknown))
    );
    assert!(lives(&it, &kept).await);
    it.apply(demo::TOML).await;
    assert_eq!(dead(&it, demo::key(demo::MIRA)).await, Some(Dead::Revoked), "no apply revives it");
}

async fn a_run_is_bounded_and_the_next_goes_on(engine: Engine) {
    let it = Installation::on(engine).await;
    add_second_factors(&it, 1, 30).await;
    for _ in 0..4 {
        let presented = it.grant(demo::MIRA).await.refresh.unwrap();
        refresh(&it, &presented).await.unwrap();
    }
    it.advance(days(60));
    let mut total = 0;
    // 30 second factors; 4 sessions with a family, two refresh and two access tokens each.
    for run in [14, 14, 14, 12, 0] {
        it.advance(minutes(1));
        let swept = sweep::within(&it.ctx, Bounds { rows: 7, batches: 2 }).await.unwrap();
        assert_eq!(swept.total(), run, "{swept}");
        total += swept.total();
    }
    assert_eq!(total, 54);
    for table in ["mfa_tokens", "sessions", "families", "refresh_tokens", "access_tokens"] {
        assert_eq!(count(&it, table).await, 0, "{table}");
    }
}

async fn the_feed_keeps_its_newest_numbers(engine: Engine) {
    let it = Installation::on(engine).await;
    for _ in 0..5 {
        it.sign_in(demo::MIRA).await;
    }
    assert_eq!(swept(&it).await, "");
    let told = count(&it, "feed").await;
    let newest = "(SELECT COUNT(*) FROM feed WHERE n = (SELECT n FROM feed_head))";
    let last: u64 = value(&it, &format!("SELECT {newest}")).await.parse().unwrap();
    // As if as many changes had followed as push out all numbers but the newest.
    it.sql("UPDATE feed_head SET n = n + 99999").await;
    assert_eq!(swept(&it).await, format!("feed: {}", told - last));
    it.advance(seconds(1));
    it.sign_in(demo::MIRA).await;
    assert_eq!(swept(&it).await, format!("feed: {last}"));
    assert!(count(&it, "feed").await > 0, "what is new stays");
    // Who heard half of a number would not know that he missed the rest.
    it.sql("DELETE FROM feed; INSERT INTO feed (n, subject) SELECT 1, id FROM users ORDER BY id LIMIT 3")
        .await;
    it.advance(minutes(1));
    let one = sweep::within(&it.ctx, Bounds { rows: 1, batches: 1 }).await.unwrap();
    assert_eq!(one.to_string(), "feed: 3", "a number goes whole");
}
