//! What agents did: what is kept as it comes adds up to what it would have added up to at once.

use domain::activity::{Activity, MAX_HARMS, MAX_TOPICS, Tally};
use domain::{TenantId, Timestamp};
use uuid::Uuid;

use super::place::Place;
use super::rows::new_tenant;
use crate::agents::{self, Reported};
use crate::{Store, StoreError};

both! {
    what_comes_in_turn_adds_up_as_at_once
    of_one_moment_the_later_received_counts
    sums_stop_at_their_ends
    what_is_told_apart_is_bounded
    names_are_exact_and_of_one_tenant
    those_who_count_at_once_lose_nothing
}

const HERE: TenantId = TenantId::from_uuid(Uuid::from_u128(1));
const THERE: TenantId = TenantId::from_uuid(Uuid::from_u128(2));

fn did(user: &str, at: i64, received: i64) -> Activity {
    Activity {
        agent: "shell".to_owned(),
        device: "lt-1".to_owned(),
        user: user.to_owned(),
        domain: Some("software".to_owned()),
        topic: Some("review".to_owned()),
        input_tokens: Some(10),
        output_tokens: None,
        harmful: None,
        reason: None,
        at: Timestamp::from_secs(at),
        received,
    }
}

async fn tenants(place: &Place) {
    let made = place.store.write(|tx| {
        Box::pin(async move {
            new_tenant(tx, HERE, 1, "here").await?;
            new_tenant(tx, THERE, 2, "there").await
        })
    });
    made.await.unwrap();
}

/// Keeps one and counts it, in one transaction.
async fn report(store: &Store, number: u128, activity: Activity) -> Result<(), StoreError> {
    let reported = Reported { id: Uuid::from_u128(1_000 + number), digest: [7; 32], activity };
    store
        .write(move |tx| {
            let one = reported.clone();
            Box::pin(async move {
                agents::add(tx, HERE, &one).await?;
                let device = Uuid::from_u128(one.id.as_u128() + 1_000_000);
                let (agent, of) = (one.activity.agent.as_str(), one.activity.device.as_str());
                agents::count(tx, (device, HERE), (agent, of), &Tally::of(&one.activity)).await
            })
        })
        .await
}

async fn count(place: &Place, tally: Tally) {
    let counted: Result<(), StoreError> = place
        .store
        .write(move |tx| {
            let tally = tally.clone();
            Box::pin(
                async move { agents::count(tx, (Uuid::from_u128(5), HERE), ("shell", "lt-1"), &tally).await },
            )
        })
        .await;
    counted.unwrap();
}

async fn tally(place: &Place, tenant: TenantId, agent: &'static str, device: &'static str) -> Option<Tally> {
    let read = place.store.read(move |tx| Box::pin(agents::tally(tx, tenant, agent, device)));
    let tally: Result<Option<Tally>, StoreError> = read.await;
    tally.unwrap()
}

async fn what_comes_in_turn_adds_up_as_at_once(place: &Place) {
    tenants(place).await;
    let harm = |category: &str, reason: Option<&str>, one: Activity| Activity {
        harmful: Some(category.to_owned()),
        reason: reason.map(str::to_owned),
        ..one
    };
    let all = [
        did("ada", 10, 1),
        Activity { topic: None, input_tokens: None, output_tokens: Some(3), ..did("bo", 30, 2) },
        Activity { domain: None, topic: None, ..did("cy", 20, 3) },
        harm("leak", Some("pasted a key"), did("ada", 40, 4)),
        harm("leak", None, did("bo", 35, 5)),
        harm("abuse", Some("asked for it"), Activity { domain: None, ..did("ada", 5, 6) }),
    ];
    for (number, one) in (1..).zip(all.clone()) {
        report(&place.store, number, one).await.unwrap();
    }
    let whole = all.iter().map(Tally::of).reduce(Tally::and);
    let kept = tally(place, HERE, "shell", "lt-1").await;
    assert_eq!(kept, whole);
    assert_eq!(kept.unwrap().harms["leak"].reason, "pasted a key", "of the newest");
}

async fn of_one_moment_the_later_received_counts(place: &Place) {
    tenants(place).await;
    for (number, user) in (1..).zip(["first", "second", "third"]) {
        report(&place.store, number, did(user, 10, i64::try_from(number).unwrap())).await.unwrap();
    }
    report(&place.store, 9, did("earlier", 9, 9)).await.unwrap();
    let kept = tally(place, HERE, "shell", "lt-1").await.unwrap();
    assert_eq!((kept.user.as_str(), kept.newest), ("third", (Timestamp::from_secs(10), 3)));
}

async fn sums_stop_at_their_ends(place: &Place) {
    tenants(place).await;
    let most = Tally { input_tokens: i64::MAX - 1, output_tokens: i64::MAX, ..Tally::of(&did("ada", 1, 1)) };
    for _ in 0..3 {
        count(place, Tally { as_other: i64::MAX, ..most.clone() }).await;
    }
    let kept = tally(place, HERE, "shell", "lt-1").await.unwrap();
    assert_eq!((kept.input_tokens, kept.output_tokens, kept.as_other), (i64::MAX, i64::MAX, i64::MAX));
    assert_eq!(kept.topics["software"]["review"], 3);
}

async fn what_is_told_apart_is_bounded(place: &Place) {
    tenants(place).await;
    let mut many = Tally::of(&did("ada", 1, 1));
    many.topics.clear();
    for at in 0..MAX_TOPICS - 1 {
        many.topics.entry("software".to_owned()).or_default().insert(format!("t{at}"), 1);
    }
    count(place, many).await;
    let mut harmful = Tally::of(&Activity { harmful: Some("h0".to_owned()), ..did("ada", 2, 2) });
    let harm = harmful.harms["h0"].clone();
    harmful.harms = (0..MAX_HARMS + 3).map(|at| (format!("h{at}"), harm.clone())).collect();
    count(place, harmful).await;
    for at in 0..3 {
        let new = Activity { topic: Some(format!("new {at}")), ..did("ada", 3, 3) };
        count(place, Tally::of(&new)).await;
    }
    let kept = tally(place, HERE, "shell", "lt-1").await.unwrap();
    let topics: usize = kept.topics.values().map(std::collections::BTreeMap::len).sum();
    assert!(topics <= MAX_TOPICS + 1 && kept.harms.len() <= MAX_HARMS + 1, "{topics} {}", kept.harms.len());
    assert!(kept.as_other > 0, "what is more counts as other");
    let counted: i64 = kept.topics.values().flat_map(|topics| topics.values()).sum();
    let reported = i64::try_from(MAX_TOPICS - 1).unwrap() + 1 + 3;
    assert_eq!(counted, reported, "and none is lost");
}

async fn names_are_exact_and_of_one_tenant(place: &Place) {
    tenants(place).await;
    report(&place.store, 1, did("ada", 1, 1)).await.unwrap();
    assert!(tally(place, HERE, "shell", "lt-1").await.is_some());
    for (tenant, agent, device) in [
        (THERE, "shell", "lt-1"),
        (HERE, "Shell", "lt-1"),
        (HERE, "shell ", "lt-1"),
        (HERE, "shell", "lt_1"),
        (HERE, "%", "%"),
        (HERE, "lt-1", "shell"),
    ] {
        assert_eq!(tally(place, tenant, agent, device).await, None, "{agent:?} {device:?}");
    }
}

async fn those_who_count_at_once_lose_nothing(place: &Place) {
    tenants(place).await;
    let beside = place.beside().await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40_u32 {
        let store = if number % 2 == 0 { place.store.clone() } else { beside.clone() };
        let one = did(&format!("u{number}"), i64::from(number), i64::from(number));
        tasks.spawn(async move { report(&store, number.into(), one).await });
    }
    for done in tasks.join_all().await {
        done.unwrap();
    }
    let kept = tally(place, HERE, "shell", "lt-1").await.unwrap();
    assert_eq!((kept.input_tokens, kept.topics["software"]["review"]), (400, 40));
    assert_eq!(kept.user, "u39");
}
