//! Sweeping beside others: another node that sweeps too, hears late, or counts what is being swept.

use std::time::Duration;

use domain::TokenId;
use domain::standing::Dead;
use herald_app::sweep::{self, Bounds};
use herald_app::tokens::revoke;
use testkit::{Engine, Installation, Setup, days, demo, minutes, on_both_engines, seconds};

use crate::support::{dead, lives, mint, named, right, value};
use crate::sweep::{add_second_factors, count, swept};

on_both_engines! {
    two_nodes_at_once_sweep_once,
    a_node_that_hears_late_honours_nothing_revoked,
    others_write_between_the_batches,
}

async fn two_nodes_at_once_sweep_once(engine: Engine) {
    let it = Installation::on(engine).await;
    let beside = it.another().await;
    add_second_factors(&it, 1, 50).await;
    it.advance(days(2));
    let small = Bounds { rows: 5, batches: 100 };
    let both = testkit::join_all([&it, &beside].map(|node| sweep::within(&node.ctx, small))).await;
    let mut totals: Vec<u64> = both.into_iter().map(|swept| swept.unwrap().total()).collect();
    totals.sort_unstable();
    assert_eq!(totals, [0, 50]);
    add_second_factors(&it, 1, 1).await;
    it.sql("UPDATE mfa_tokens SET expires_at = 1").await;
    it.advance(seconds(49));
    assert_eq!(sweep::run(&it.ctx).await.unwrap().total(), 0, "not again so soon");
    it.advance(seconds(1));
    assert_eq!(sweep::run(&beside.ctx).await.unwrap().total(), 1, "the other one goes on");
}

async fn a_node_that_hears_late_honours_nothing_revoked(engine: Engine) {
    let it = Installation::on(engine).await;
    let late = it.another().await;
    let session = it.sign_in(demo::MIRA).await;
    let key = mint(&it, &session.token, named("k")).await.unwrap();
    late.hear().await;
    assert!(lives(&late, &key).await && lives(&late, &session.token).await);
    let id = TokenId::from_uuid(it.prove(&key).await.unwrap().principal.credential.id);
    revoke::run(&it.ctx, &it.caller(&session.token).await, id).await.unwrap();
    it.sql("UPDATE feed_head SET n = n + 100000").await;
    assert!(swept(&it).await.starts_with("feed: "));
    assert_eq!(count(&it, "feed").await, 0, "no word of it is left");
    late.hear().await;
    assert_eq!(dead(&late, &key).await, Some(Dead::Revoked));
    assert!(lives(&late, &session.token).await, "read anew");
    it.hear().await;
    assert!(lives(&it, &session.token).await && dead(&it, &key).await.is_some());
}

async fn others_write_between_the_batches(engine: Engine) {
    let it = Installation::on(engine).await;
    add_second_factors(&it, 1, 200).await;
    it.advance(days(2));
    let sweeping = sweep::within(&it.ctx, Bounds { rows: 1, batches: 1_000 });
    let signing = async {
        it.sign_in(demo::MIRA).await;
        count(&it, "mfa_tokens").await
    };
    let (swept, left) = tokio::join!(sweeping, signing);
    assert_eq!(swept.unwrap().of("mfa_tokens"), 200);
    assert!(left > 0, "the sign-in waited for the whole run");
}

/// The subquery found the row, its change came first: what is fresh must not go with what was stale.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_row_that_came_to_life_meanwhile_stays() {
    let it = Installation::with(Setup::on(Engine::Postgres).config(|c| c.lockout.attempts = 1)).await;
    crate::support::try_in(&it, demo::NOOR, "not the right password").await;
    it.advance(days(3));
    let until = it.now().plus(minutes(30)).as_micros();
    let held = it.place().hold(&format!("UPDATE lockouts SET locked_until = {until}, lockouts = 2")).await;
    let sweeping = async {
        let swept = sweep::run(&it.ctx).await.unwrap();
        assert_eq!(swept.of("lockouts"), 0);
    };
    let committing = async {
        let waits = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%lockouts%'";
        for _ in 0..500 {
            if value(&it, waits).await == "1" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        held.commit().await;
    };
    tokio::join!(sweeping, committing);
    assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials", "the lock is in force");
}
