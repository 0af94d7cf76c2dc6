//! Sweeping: whose turn it is, and that no statement of it reads a whole table.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::Timestamp;
use uuid::Uuid;

use super::place::{NOW, Place};
use crate::sweep::{Hold, hold};
use crate::{Statement, Store};

both! {
    one_holds_until_his_time_is_over
    a_clock_that_ran_ahead_does_not_hold_for_ever
}

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

async fn claims(store: &Store, holder: u128, now: Timestamp, until: Timestamp) -> bool {
    let claim =
        Hold { holder: Uuid::from_u128(holder), now, until, farthest: now.plus(Duration::from_hours(1)) };
    store.write(move |tx| Box::pin(async move { hold(tx, &claim).await })).await.unwrap()
}

async fn one_holds_until_his_time_is_over(place: &Place) {
    let store = &place.store;
    assert!(claims(store, 1, NOW, after(60)).await);
    assert!(!claims(store, 2, after(59), after(119)).await);
    assert!(claims(store, 1, after(59), after(90)).await, "he goes on");
    assert!(!claims(store, 2, after(60), after(120)).await);
    assert!(claims(store, 2, after(90), after(150)).await, "he stood still, or is no more");
    assert!(!claims(store, 1, after(91), after(151)).await, "and finds it taken");
}

async fn a_clock_that_ran_ahead_does_not_hold_for_ever(place: &Place) {
    let year = Duration::from_hours(24 * 365);
    assert!(claims(&place.store, 1, NOW.plus(year), after(60).plus(year)).await);
    assert!(claims(&place.store, 2, after(1), after(61)).await);
    assert!(!claims(&place.store, 3, after(2), after(62)).await);
}

fn plan_of(conn: &rusqlite::Connection, statement: &Statement) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {}", statement.for_sqlite());
    let mut prepared = conn.prepare(&sql).unwrap();
    let values = vec![1_i64; prepared.parameter_count()];
    let lines = prepared.query_map(rusqlite::params_from_iter(values), |row| row.get("detail")).unwrap();
    lines.map(Result::unwrap).collect()
}

/// A writer that sweeps, or counts operators, among ten million rows must not look at each.
#[tokio::test]
async fn sqlite_finds_what_is_over_by_an_index() {
    let place = Place::sqlite().await;
    let crate::Options::Sqlite(options) = &place.options else { panic!("not SQLite") };
    let conn = rusqlite::Connection::open(&options.path).unwrap();
    let tables = [
        "users",
        "sessions",
        "families",
        "refresh_tokens",
        "access_tokens",
        "mfa_tokens",
        "links",
        "lockouts",
    ];
    let tables: BTreeSet<&str> = tables.into_iter().chain(["tokens", "feed", "f", "t", "a"]).collect();
    let named = |name: &str| crate::statements().find(|s| s.name() == name).unwrap();
    let counting = [named("OPERATORS"), named("LOCK_OPERATORS")];
    for statement in crate::sweep::STATEMENTS.iter().copied().chain(counting) {
        for line in plan_of(&conn, statement) {
            let mut words = line.split(' ');
            let whole =
                words.next() == Some("SCAN") && words.next().is_some_and(|table| tables.contains(table));
            let partial = line.contains("INDEX users_operators");
            assert!(!whole || partial, "{}: {line}", statement.name());
        }
    }
    for statement in counting {
        let plan = plan_of(&conn, statement).join("; ");
        assert!(plan.contains("users_operators"), "{}: {plan}", statement.name());
    }
}
