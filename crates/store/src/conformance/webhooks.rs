//! Webhooks: an owner's own, oldest first; a name once an owner and tenant.

use domain::ids::WebhookId;
use domain::{EmailAddress, TenantId, Timestamp, UserId};
use uuid::Uuid;

use super::place::{NOW, Place};
use super::rows::{end_tenant, new_tenant};
use crate::users::{self, NewUser};
use crate::world::webhook::{self, Webhook};
use crate::{StoreError, webhooks};

both! {
    an_owners_own_oldest_first
    a_name_is_taken_once
    counting_stops_where_it_is_told
    they_go_with_owner_and_tenant
}

const HERE: TenantId = TenantId::from_uuid(Uuid::from_u128(1));
const THERE: TenantId = TenantId::from_uuid(Uuid::from_u128(2));
const ADA: UserId = UserId::from_uuid(Uuid::from_u128(3));
const BO: UserId = UserId::from_uuid(Uuid::from_u128(4));

async fn peopled(place: &Place) {
    let made: Result<(), StoreError> = place
        .store
        .write(|tx| {
            Box::pin(async move {
                new_tenant(tx, HERE, 1, "here").await?;
                new_tenant(tx, THERE, 2, "there").await?;
                for (id, number, email) in [(ADA, 1, "ada@x.example"), (BO, 2, "bo@x.example")] {
                    let new = NewUser {
                        id,
                        number,
                        email: EmailAddress::parse(email).unwrap(),
                        name: None,
                        operator: false,
                        verified: true,
                        password_hash: None,
                        default_tenant: None,
                        created_by: String::new(),
                    };
                    users::add(tx, &new, NOW).await?;
                }
                Ok(())
            })
        })
        .await;
    made.unwrap();
}

/// `second`: when it was made, behind the epoch.
fn hook(number: i64, (owner, tenant): (UserId, TenantId), name: &str, second: i64) -> Webhook {
    Webhook {
        id: WebhookId::from_uuid(Uuid::from_u128(100 + u128::from(number.unsigned_abs()))),
        number,
        owner_id: owner,
        tenant_id: tenant,
        name: name.to_owned(),
        url: format!("https://hooks.example/{name}"),
        kind: "SLACK".to_owned(),
        origin: String::new(),
        created_at: Timestamp::from_secs(second),
    }
}

/// Whether it was kept.
async fn add(place: &Place, row: Webhook) -> bool {
    let added: Result<bool, StoreError> = place
        .store
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move { crate::world::add(tx, &row).await })
        })
        .await;
    added.unwrap()
}

async fn names(place: &Place, owner: UserId, tenant: TenantId, limit: i64) -> Vec<String> {
    let read = place.store.read(move |tx| Box::pin(webhooks::of_owner(tx, owner, tenant, limit)));
    let found: Result<Vec<webhooks::Webhook>, StoreError> = read.await;
    found.unwrap().into_iter().map(|hook| hook.name).collect()
}

async fn counted(place: &Place, tenant: TenantId, upto: i64) -> i64 {
    let read: Result<i64, StoreError> =
        place.store.read(move |tx| Box::pin(webhooks::count(tx, tenant, upto))).await;
    read.unwrap()
}

async fn an_owners_own_oldest_first(place: &Place) {
    peopled(place).await;
    for row in [
        hook(1, (ADA, HERE), "young", 30),
        hook(2, (ADA, HERE), "old", 10),
        hook(4, (ADA, HERE), "twin b", 20),
        hook(3, (ADA, HERE), "twin a", 20),
        hook(5, (BO, HERE), "his", 5),
        hook(6, (ADA, THERE), "elsewhere", 1),
    ] {
        assert!(add(place, row).await);
    }
    assert_eq!(names(place, ADA, HERE, 9).await, ["old", "twin a", "twin b", "young"]);
    assert_eq!(names(place, ADA, HERE, 2).await, ["old", "twin a"]);
    assert_eq!(
        (names(place, BO, HERE, 9).await, names(place, BO, THERE, 9).await.len()),
        (vec!["his".into()], 0)
    );
    let behind = place.store.read(|tx| {
        let old = (Timestamp::from_secs(20), WebhookId::from_uuid(Uuid::from_u128(103)));
        Box::pin(webhook::page(tx, (HERE, None), old, 9))
    });
    let behind: Result<Vec<Webhook>, StoreError> = behind.await;
    let behind: Vec<String> = behind.unwrap().into_iter().map(|row| row.name).collect();
    assert_eq!(behind, ["twin b", "young"], "of all owners, behind one of several of a moment");
}

async fn a_name_is_taken_once(place: &Place) {
    peopled(place).await;
    assert!(add(place, hook(1, (ADA, HERE), "alerts", 1)).await);
    assert!(!add(place, hook(2, (ADA, HERE), "alerts", 2)).await, "by its owner, in its tenant");
    assert!(!add(place, hook(1, (BO, HERE), "numbered alike", 2)).await);
    for other in [
        hook(3, (ADA, HERE), "Alerts", 1),
        hook(4, (BO, HERE), "alerts", 1),
        hook(5, (ADA, THERE), "alerts", 1),
    ] {
        assert!(add(place, other).await);
    }
    let found: Result<Option<Webhook>, StoreError> =
        place.store.read(|tx| Box::pin(webhook::by_name(tx, ADA, HERE, "alerts"))).await;
    let kept = found.unwrap().unwrap();
    assert_eq!((kept.number, kept.created_at), (1, Timestamp::from_secs(1)), "the first stays as it was");
}

async fn counting_stops_where_it_is_told(place: &Place) {
    peopled(place).await;
    for number in 1..=5 {
        assert!(add(place, hook(number, (ADA, HERE), &format!("h{number}"), number)).await);
    }
    for (upto, said) in [(0, 0), (3, 3), (5, 5), (99, 5)] {
        assert_eq!(counted(place, HERE, upto).await, said, "{upto}");
    }
    assert_eq!(counted(place, THERE, 99).await, 0);
}

async fn they_go_with_owner_and_tenant(place: &Place) {
    peopled(place).await;
    for row in [
        hook(1, (ADA, HERE), "a", 1),
        hook(2, (ADA, THERE), "b", 1),
        hook(3, (BO, HERE), "c", 1),
        hook(4, (BO, THERE), "d", 1),
    ] {
        assert!(add(place, row).await);
    }
    let gone: Result<(), StoreError> = place
        .store
        .write(|tx| {
            Box::pin(async move {
                users::remove(tx, ADA).await?;
                end_tenant(tx, THERE).await
            })
        })
        .await;
    gone.unwrap();
    assert_eq!((counted(place, HERE, 9).await, counted(place, THERE, 9).await), (1, 0));
}
