//! engine.md §4 and §6: a warm answer reads no store, and honours nothing that the feed took back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use domain::standing::Dead;
use domain::{EmailAddress, TokenId};
use herald_app::tokens::revoke;
use herald_app::users::{change_profile, lock};
use testkit::{Engine, Installation, Setup, demo, hours, minutes, seconds};

use crate::support::{dead, lives, mint, named};

/// Revokes behind Herald's back, without a word in the feed.
const SILENTLY: &str = "UPDATE tokens SET revoked_at = 1";

#[tokio::test]
async fn a_warm_answer_reads_no_store_within_the_bound() {
    let it = Installation::start().await;
    let key = demo::key(demo::MIRA);
    it.hear().await;
    assert!(lives(&it, key).await);
    it.sql(SILENTLY).await;
    assert!(lives(&it, key).await, "from the read model");
    it.advance(seconds(1));
    assert!(lives(&it, key).await, "at the bound");
    it.advance(Duration::from_nanos(1));
    assert_eq!(dead(&it, key).await, Some(Dead::Revoked), "past it the store is asked");
    it.hear().await;
    assert_eq!(dead(&it, key).await, Some(Dead::Revoked), "nothing negative is cached, nothing dead revived");
}

#[tokio::test]
async fn a_node_that_never_heard_the_feed_reads_the_store() {
    let it = Installation::start().await;
    let key = demo::key(demo::MIRA);
    assert!(lives(&it, key).await);
    it.sql(SILENTLY).await;
    assert_eq!(dead(&it, key).await, Some(Dead::Revoked));
}

#[tokio::test]
async fn on_postgresql_every_look_up_reads_the_store() {
    let it = Installation::on(Engine::Postgres).await;
    let key = demo::key(demo::MIRA);
    it.hear().await;
    assert!(lives(&it, key).await);
    it.sql(SILENTLY).await;
    assert_eq!(dead(&it, key).await, Some(Dead::Revoked));
}

#[tokio::test]
async fn another_process_is_felt_once_it_was_heard() {
    let it = Installation::start().await;
    let beside = it.another().await;
    let key = demo::key(demo::GUS);
    it.hear().await;
    assert!(lives(&it, key).await);
    lock::run(&beside.ctx, EmailAddress::parse(demo::GUS).unwrap(), true).await.unwrap();
    assert!(lives(&it, key).await, "unheard, within the bound");
    it.hear().await;
    assert_eq!(dead(&it, key).await, Some(Dead::OwnerLocked));
    lock::run(&beside.ctx, EmailAddress::parse(demo::GUS).unwrap(), false).await.unwrap();
    assert!(lives(&it, key).await, "nothing negative is cached");
}

async fn name_of(it: &Installation, token: &str) -> Option<String> {
    it.prove(token).await.unwrap().principal.profile().unwrap().user.name.clone()
}

#[tokio::test]
async fn its_own_writes_are_felt_at_once() {
    let it = Installation::start().await;
    let session = it.sign_in(demo::MIRA).await;
    it.hear().await;
    for token in [session.token.as_str(), demo::key(demo::MIRA)] {
        assert_eq!(name_of(&it, token).await.as_deref(), Some("Mira Holt"));
    }
    let rename = change_profile::Command { name: Some(Some("Mira H.".into())), ..Default::default() };
    change_profile::run(&it.ctx, &it.caller(&session.token).await, rename).await.unwrap();
    for token in [session.token.as_str(), demo::key(demo::MIRA)] {
        assert_eq!(name_of(&it, token).await.as_deref(), Some("Mira H."), "without hearing anything");
    }
    let login = it.prove(&session.token).await.unwrap().principal.profile().unwrap().user.last_login_at;
    it.advance(Duration::from_millis(500));
    it.sign_in(demo::MIRA).await;
    let later = it.prove(&session.token).await.unwrap().principal.profile().unwrap().user.last_login_at;
    assert!(later > login, "a sign-in moves the last sign-in");
}

/// engine.md §4, the fill race: whoever read the old state and was overtaken must not leave it behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_honoured_after_its_revocation_was_acknowledged() {
    let it = Arc::new(Installation::start().await);
    let session = it.sign_in(demo::MIRA).await;
    it.hear().await;
    for round in 0..60 {
        let key: Arc<str> = mint(&it, &session.token, named("k")).await.unwrap().into();
        let id = TokenId::from_uuid(it.prove(&key).await.unwrap().principal.credential.id);
        let (revoked, late) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let knocking = (0..3).map(|_| {
            let (it, key) = (Arc::clone(&it), Arc::clone(&key));
            let (revoked, late) = (Arc::clone(&revoked), Arc::clone(&late));
            tokio::spawn(async move {
                for _ in 0..400 {
                    let acknowledged = revoked.load(Ordering::SeqCst);
                    if it.prove(&key).await.is_ok() && acknowledged {
                        late.fetch_add(1, Ordering::SeqCst);
                    }
                    // So that reads and fills fall into every moment, not warm answers alone.
                    it.tick().await;
                }
            })
        });
        let knocking: Vec<_> = knocking.collect();
        tokio::time::sleep(Duration::from_micros(50 * (round % 7))).await;
        revoke::run(&it.ctx, &it.caller(&session.token).await, id).await.unwrap();
        revoked.store(true, Ordering::SeqCst);
        assert_eq!(dead(&it, &key).await, Some(Dead::Revoked), "round {round}");
        for task in knocking {
            task.await.unwrap();
        }
        assert_eq!(late.load(Ordering::SeqCst), 0, "round {round}");
    }
}

#[tokio::test]
async fn an_idle_limit_moves_with_use() {
    let it = Installation::with(Setup::on(Engine::Sqlite).config(|c| c.sessions.idle = hours(1))).await;
    let (used, left) = (it.sign_in(demo::MIRA).await, it.sign_in(demo::MIRA).await);
    for _ in 0..10 {
        it.advance(minutes(50));
        it.tick().await;
        assert!(lives(&it, &used.token).await);
        it.tick().await;
    }
    assert_eq!(dead(&it, &left.token).await, Some(Dead::Expired));
    it.advance(minutes(60) - seconds(1));
    it.hear().await;
    assert!(lives(&it, &used.token).await, "a second before");
    // That use was not written yet, and a warm entry must not outlive what the store says.
    it.advance(seconds(1));
    it.hear().await;
    assert_eq!(dead(&it, &used.token).await, Some(Dead::Expired));
}

#[tokio::test]
async fn the_absolute_end_does_not_move() {
    let limits = |c: &mut herald_app::Config| {
        c.sessions.idle = hours(1);
        c.sessions.absolute = hours(3);
    };
    let it = Installation::with(Setup::on(Engine::Sqlite).config(limits)).await;
    let session = it.sign_in(demo::MIRA).await;
    for _ in 0..5 {
        it.advance(minutes(30));
        it.tick().await;
        assert!(lives(&it, &session.token).await);
        it.tick().await;
    }
    it.advance(minutes(30) - Duration::from_micros(1));
    it.hear().await;
    assert!(lives(&it, &session.token).await);
    it.advance(Duration::from_micros(1));
    assert_eq!(dead(&it, &session.token).await, Some(Dead::Expired));
}

#[tokio::test]
async fn last_uses_are_gathered_and_written_once_a_minute() {
    let it = Installation::start().await;
    let key = demo::key(demo::MIRA);
    let used = || crate::support::value(&it, "SELECT MAX(last_used_at) FROM tokens");
    let numbers = || crate::support::value(&it, "SELECT n FROM feed_head");
    let before = numbers().await;
    it.tick().await;
    assert!(lives(&it, key).await);
    assert_eq!(used().await, "", "nothing is written on the way of a request");
    it.tick().await;
    let first = it.now().as_micros().to_string();
    assert_eq!(used().await, first);
    for _ in 0..5 {
        it.advance(seconds(10));
        it.tick().await;
        assert!(lives(&it, key).await);
    }
    it.tick().await;
    assert_eq!(used().await, first, "within the minute");
    it.advance(seconds(10));
    it.tick().await;
    assert!(lives(&it, key).await);
    it.tick().await;
    assert_eq!(used().await, it.now().as_micros().to_string());
    assert_eq!(numbers().await, before, "without a word in the feed");
}
