//! Numbers: one counter a kind, never the same twice, whoever asks.

use std::collections::BTreeSet;

use tokio::task::JoinSet;
use uuid::Uuid;

use super::place::Place;
use crate::db::params;
use crate::numbers::Counted;

sql! { "tenants";
    TAKEN = "INSERT INTO tenants (id, number, key, name, features, quotas, metadata, mfa_remember_device, \
        mfa_device_ttl, revision, origin, created_at, updated_at) \
        VALUES ($1, $2, CAST($3 AS TEXT), '', '[]', '{}', '{}', FALSE, 0, 0, '', 0, 0)";
}

both! {
    nodes_share_no_number
    numbers_of_a_world_file_are_skipped
}

async fn nodes_share_no_number(place: &Place) {
    let nodes = [place.store.clone(), place.beside().await, place.beside().await];
    let mut tasks = JoinSet::new();
    for at in 0..60 {
        let node = nodes[at % 3].clone();
        tasks.spawn(async move {
            let mut taken = Vec::new();
            for _ in 0..50 {
                taken.push(node.next_number(Counted::User).await.unwrap());
            }
            taken
        });
    }
    let all: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
    let different: BTreeSet<i64> = all.iter().copied().collect();
    assert_eq!(different.len(), 3_000, "none twice");
    assert!(*different.first().unwrap() == 1 && *different.last().unwrap() <= 3_000);
    assert_eq!(
        place.store.next_number(Counted::Tenant).await.unwrap(),
        1,
        "each kind has a counter of its own"
    );
}

async fn numbers_of_a_world_file_are_skipped(place: &Place) {
    for number in [1_i64, 3, 1_000] {
        let tenant = place.store.write(move |tx| {
            let (id, key) = (Uuid::from_u128(number.unsigned_abs().into()), number.to_string());
            Box::pin(async move { tx.run(&TAKEN, params![id, number, key]).await })
        });
        tenant.await.unwrap();
    }
    let mut given = Vec::new();
    for _ in 0..998 {
        given.push(place.store.next_number(Counted::Tenant).await.unwrap());
    }
    assert_eq!(given[..2], [2, 4]);
    assert_eq!(given[997], 1_001);
}
