//! Sweeping: whose turn it is.

use std::time::Duration;

use domain::Timestamp;
use uuid::Uuid;

use super::place::{NOW, Place};
use crate::Store;
use crate::sweep::{Hold, hold};

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
