//! A write is kept whole or not at all, and says which.

use std::sync::Arc;

use parking_lot::Mutex;

use super::place::{Place, Refusal};
use super::rows::{all, claim, get, put, write, write_in_a_read};
use crate::StoreError;
use crate::db::params;

sql! { "sites";
    HOMELESS = "INSERT INTO sites (id, tenant_id, key, name, origin, created_at) VALUES ($1, $1, 'a', 'a', '', 0)";
}

both! {
    a_commit_keeps_all
    a_refusal_keeps_nothing
    a_swallowed_error_is_reported_and_keeps_nothing
    after_an_error_nothing_more_runs
    a_taken_name_is_no_error
    a_missing_parent_fails_at_once
    the_closures_own_words_win
    a_read_cannot_write
}

async fn a_commit_keeps_all(place: &Place) {
    let done = place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "a", "").await?;
            put(tx, "b", "").await?;
            get(tx, "a").await
        })
    });
    assert_eq!(done.await.unwrap(), Some(String::new()), "a write reads what it wrote");
    assert_eq!(all(&place.beside().await).await, ["a", "b"], "another handle sees them too");
}

async fn a_refusal_keeps_nothing(place: &Place) {
    let refused = place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "a", "").await?;
            Err::<(), _>(Refusal::No)
        })
    });
    assert!(matches!(refused.await, Err(Refusal::No)));
    assert!(all(&place.store).await.is_empty());
    write(&place.store, "a").await.unwrap();
}

async fn a_swallowed_error_is_reported_and_keeps_nothing(place: &Place) {
    let swallowed = place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "a", "").await?;
            drop(put(tx, "a", "again").await);
            Ok::<_, StoreError>("all is well")
        })
    });
    assert!(matches!(swallowed.await, Err(StoreError::Unavailable(_))));
    assert!(all(&place.store).await.is_empty());
}

async fn after_an_error_nothing_more_runs(place: &Place) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&seen);
    let outcome = place.store.write(move |tx| {
        let heard = Arc::clone(&heard);
        Box::pin(async move {
            put(tx, "a", "").await?;
            let outcomes =
                [put(tx, "a", "again").await, put(tx, "b", "").await, get(tx, "a").await.map(drop)];
            *heard.lock() = outcomes.into();
            Ok::<_, StoreError>(())
        })
    });
    assert!(outcome.await.is_err());
    let seen = seen.lock();
    assert!(matches!(
        seen.as_slice(),
        [Err(StoreError::Unavailable(_)), Err(StoreError::Spent), Err(StoreError::Spent)]
    ));
}

async fn a_taken_name_is_no_error(place: &Place) {
    let claims = place.store.write(|tx| {
        Box::pin(async move {
            let first = claim(tx, "name", "mine").await?;
            let second = claim(tx, "name", "yours").await?;
            put(tx, "after", "").await?;
            Ok::<_, StoreError>((first, second, get(tx, "name").await?))
        })
    });
    assert_eq!(claims.await.unwrap(), (true, false, Some("mine".to_owned())));
    assert_eq!(all(&place.store).await, ["after", "name"]);
}

/// A deferred constraint would pass here and then kill the COMMIT of everybody in the group.
async fn a_missing_parent_fails_at_once(place: &Place) {
    let at_once = Arc::new(Mutex::new(false));
    let seen = Arc::clone(&at_once);
    let homeless = place.store.write(move |tx| {
        let seen = Arc::clone(&seen);
        Box::pin(async move {
            put(tx, "a", "").await?;
            let made = tx.run(&HOMELESS, params![uuid::Uuid::from_u128(7)]).await;
            *seen.lock() = made.is_err();
            made
        })
    });
    assert!(homeless.await.is_err());
    assert!(*at_once.lock(), "the statement itself says so");
    assert!(all(&place.store).await.is_empty());
    for (_, _, sql) in crate::MIGRATIONS {
        assert!(!sql.to_uppercase().contains("DEFER"));
    }
}

async fn the_closures_own_words_win(place: &Place) {
    let refused = place.store.write(|tx| {
        Box::pin(async move {
            put(tx, "a", "").await?;
            put(tx, "a", "again").await.map_err(|_| Refusal::No)
        })
    });
    assert!(matches!(refused.await, Err(Refusal::No)));
    assert!(all(&place.store).await.is_empty());
}

async fn a_read_cannot_write(place: &Place) {
    let point = place.store.read(|tx| Box::pin(write_in_a_read(tx))).await;
    let scan = place.store.scan(|tx| Box::pin(write_in_a_read(tx))).await;
    assert!(point.is_err() && scan.is_err());
    assert!(all(&place.store).await.is_empty());
}
