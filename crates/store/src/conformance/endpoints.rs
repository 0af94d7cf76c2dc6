//! The inventory: found by exact bytes, in one order, within a tenant.

use domain::TenantId;
use domain::endpoint::{AccessSet, AccessType, Endpoint, Key};
use uuid::Uuid;

use super::place::{NOW, Place};
use super::rows::{end_tenant, new_tenant};
use crate::StoreError;
use crate::endpoints::{self, AT_ONCE, Manner, Part, Written};

both! {
    access_types_are_added_to_or_replaced
    many_are_written_at_once
    urls_are_met_byte_for_byte_within_a_tenant
    more_urls_than_a_statement_has_places_are_the_callers_to_split
    pages_walk_all_of_it_once
    a_prefix_is_of_bytes
    it_goes_with_its_tenant
}

const HERE: TenantId = TenantId::from_uuid(Uuid::from_u128(1));
const THERE: TenantId = TenantId::from_uuid(Uuid::from_u128(2));

fn key(url: &str, collection: i64, method: &str) -> Key {
    Key { url: url.to_owned(), collection, method: method.to_owned() }
}

fn only(access: AccessType) -> AccessSet {
    AccessSet::EMPTY.with(access)
}

const CREATED: Written = Written { created: 1, changed: 0, unchanged: 0 };
const CHANGED: Written = Written { created: 0, changed: 1, unchanged: 0 };
const UNCHANGED: Written = Written { created: 0, changed: 0, unchanged: 1 };

async fn tenants(place: &Place) {
    let made = place.store.write(|tx| {
        Box::pin(async move {
            new_tenant(tx, HERE, 1, "here").await?;
            new_tenant(tx, THERE, 2, "there").await
        })
    });
    made.await.unwrap();
}

async fn put(place: &Place, manner: Manner, tenant: TenantId, key: Key, access: AccessSet) -> Written {
    write(place, manner, tenant, vec![Endpoint { key, access }]).await
}

async fn write(place: &Place, manner: Manner, tenant: TenantId, rows: Vec<Endpoint>) -> Written {
    let id = |row: &Endpoint| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{tenant} {row:?}").as_bytes());
    let rows: Vec<(Uuid, Endpoint)> = rows.into_iter().map(|row| (id(&row), row)).collect();
    let written: Result<Written, StoreError> = place
        .store
        .write(move |tx| {
            let rows = rows.clone();
            Box::pin(async move { endpoints::write(tx, manner, tenant, &rows, NOW).await })
        })
        .await;
    written.unwrap()
}

async fn page(place: &Place, tenant: TenantId, part: Part) -> Vec<Key> {
    let page: Result<Vec<Endpoint>, StoreError> = place
        .store
        .read(move |tx| {
            let part = part.clone();
            Box::pin(async move { endpoints::page(tx, tenant, &part).await })
        })
        .await;
    page.unwrap().into_iter().map(|row| row.key).collect()
}

async fn by_urls(place: &Place, urls: &[&str], within: Option<&[i64]>) -> Vec<Endpoint> {
    let urls: Vec<String> = urls.iter().map(|url| (*url).to_owned()).collect();
    let within = within.map(<[i64]>::to_vec);
    let found: Result<Vec<Endpoint>, StoreError> = place
        .store
        .read(move |tx| {
            let (urls, within) = (urls.clone(), within.clone());
            Box::pin(async move {
                let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
                endpoints::by_urls(tx, HERE, (&urls, within.as_deref()), 100).await
            })
        })
        .await;
    found.unwrap()
}

async fn access_types_are_added_to_or_replaced(place: &Place) {
    tenants(place).await;
    let orders = || key("/v1/orders", 7, "GET");
    let (public, private) = (only(AccessType::Public), only(AccessType::Private));
    assert_eq!(put(place, Manner::Add, HERE, orders(), public).await, CREATED);
    assert_eq!(put(place, Manner::Add, HERE, orders(), public).await, UNCHANGED);
    assert_eq!(put(place, Manner::Add, HERE, orders(), AccessSet::EMPTY).await, UNCHANGED);
    assert_eq!(put(place, Manner::Add, HERE, orders(), private).await, CHANGED);
    assert_eq!(by_urls(place, &["/v1/orders"], None).await[0].access, public.union(private));
    assert_eq!(put(place, Manner::Set, HERE, orders(), private).await, CHANGED);
    assert_eq!(put(place, Manner::Set, HERE, orders(), private).await, UNCHANGED);
    assert_eq!(put(place, Manner::Set, HERE, orders(), AccessSet::EMPTY).await, CHANGED);
    assert_eq!(by_urls(place, &["/v1/orders"], None).await[0].access, AccessSet::EMPTY);
    for other in [key("/v1/orders", 8, "GET"), key("/v1/orders", 7, "POST"), key("/V1/orders", 7, "GET")] {
        assert_eq!(put(place, Manner::Set, HERE, other, public).await, CREATED, "another endpoint");
    }
    assert_eq!(put(place, Manner::Set, THERE, orders(), public).await, CREATED);
}

async fn many_are_written_at_once(place: &Place) {
    tenants(place).await;
    let (public, private) = (only(AccessType::Public), only(AccessType::Private));
    let rows = |numbers: std::ops::Range<u32>, access: AccessSet| -> Vec<Endpoint> {
        numbers.map(|n| Endpoint { key: key(&format!("/v1/{n:03}"), 7, "GET"), access }).collect()
    };
    let first = write(place, Manner::Add, HERE, rows(0..40, public)).await;
    assert_eq!(first, Written { created: 40, changed: 0, unchanged: 0 });
    let mixed: Vec<Endpoint> = [rows(20..30, public), rows(30..60, private)].concat();
    let second = write(place, Manner::Add, HERE, mixed).await;
    assert_eq!(second, Written { created: 20, changed: 10, unchanged: 10 });
    for (url, access) in [("/v1/029", public), ("/v1/039", public.union(private)), ("/v1/059", private)] {
        assert_eq!(by_urls(place, &[url], None).await[0].access, access, "{url}");
    }
    let all = Part { limit: 100, ..Part::default() };
    assert_eq!(page(place, HERE, all.clone()).await.len(), 60);
    assert!(page(place, THERE, all).await.is_empty());
}

async fn urls_are_met_byte_for_byte_within_a_tenant(place: &Place) {
    tenants(place).await;
    let all = ["/v1/orders", "/v1/orders/", "/V1/orders", "/v1/ordérs", "/v1/%", "/v1/_rders", "/v1/'"];
    for (at, url) in (1..).zip(all) {
        put(place, Manner::Set, HERE, key(url, at, "GET"), only(AccessType::Public)).await;
        put(place, Manner::Set, THERE, key(url, 99, "GET"), only(AccessType::Partner)).await;
    }
    for (at, url) in (1..).zip(all) {
        let found = by_urls(place, &[url], None).await;
        assert_eq!(found.into_iter().map(|row| row.key).collect::<Vec<_>>(), [key(url, at, "GET")]);
    }
    assert_eq!(by_urls(place, &["/v1/%", "/v1/none", "/v1/%"], None).await.len(), 1);
    assert_eq!(by_urls(place, &all, None).await.len(), all.len());
    assert_eq!(by_urls(place, &all, Some(&[2, 4, 99])).await.len(), 2);
    assert_eq!(by_urls(place, &all, Some(&[])).await.len() + by_urls(place, &[], None).await.len(), 0);
}

async fn more_urls_than_a_statement_has_places_are_the_callers_to_split(place: &Place) {
    tenants(place).await;
    let urls: Vec<String> = (0..=AT_ONCE).map(|at| format!("/{at:02}")).collect();
    for url in &urls {
        put(place, Manner::Set, HERE, key(url, 1, "GET"), only(AccessType::Public)).await;
    }
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    assert_eq!(by_urls(place, &urls, None).await.len(), AT_ONCE);
    assert_eq!(by_urls(place, &urls[..AT_ONCE], None).await.len(), AT_ONCE);
    let many: Vec<i64> = (0..).take(AT_ONCE).map(|at| 1 - at).collect();
    assert_eq!(by_urls(place, &urls[..3], Some(&many)).await.len(), 3);
}

async fn pages_walk_all_of_it_once(place: &Place) {
    tenants(place).await;
    let mut all = Vec::new();
    for url in ["/b", "/a", "/a/b", "/Z", "/ä"] {
        for (collection, method) in [(9, "POST"), (1, "GET"), (9, "GET")] {
            all.push(key(url, collection, method));
            put(place, Manner::Set, HERE, key(url, collection, method), only(AccessType::Public)).await;
        }
    }
    all.sort_by(|a, b| (&a.url, a.collection, &a.method).cmp(&(&b.url, b.collection, &b.method)));
    for limit in [1, 4, 100] {
        let mut walked: Vec<Key> = Vec::new();
        loop {
            let part = Part { after: walked.last().cloned(), limit, ..Part::default() };
            let next = page(place, HERE, part).await;
            if next.is_empty() {
                break;
            }
            walked.extend(next);
        }
        assert_eq!(walked, all, "{limit} at a time");
    }
    let nine = page(place, HERE, Part { collection: Some(9), limit: 100, ..Part::default() }).await;
    let expected: Vec<Key> = all.iter().filter(|key| key.collection == 9).cloned().collect();
    assert_eq!(nine, expected);
    assert_eq!(page(place, THERE, Part { limit: 100, ..Part::default() }).await, []);
}

async fn a_prefix_is_of_bytes(place: &Place) {
    tenants(place).await;
    for url in ["/a", "/a%", "/ab", "/a_", "/A", "/b", "/a\u{10FFFF}"] {
        put(place, Manner::Set, HERE, key(url, 1, "GET"), only(AccessType::Public)).await;
    }
    let begin = async |prefix: &str, collection: Option<i64>| {
        let part = Part { prefix: prefix.to_owned(), collection, limit: 100, ..Part::default() };
        page(place, HERE, part).await.into_iter().map(|key| key.url).collect::<Vec<_>>()
    };
    for collection in [None, Some(1)] {
        assert_eq!(begin("/a", collection).await, ["/a", "/a%", "/a_", "/ab", "/a\u{10FFFF}"]);
        assert_eq!(begin("/a%", collection).await, ["/a%"]);
        assert_eq!(begin("/a\u{10FFFF}", collection).await, ["/a\u{10FFFF}"]);
        assert_eq!(begin("", collection).await.len(), 7);
    }
}

async fn it_goes_with_its_tenant(place: &Place) {
    tenants(place).await;
    for tenant in [HERE, THERE] {
        put(place, Manner::Set, tenant, key("/a", 1, "GET"), only(AccessType::Public)).await;
    }
    let gone = place.store.write(|tx| Box::pin(async move { end_tenant(tx, HERE).await }));
    let gone: Result<(), StoreError> = gone.await;
    gone.unwrap();
    let all = || Part { limit: 9, ..Part::default() };
    assert_eq!((page(place, HERE, all()).await.len(), page(place, THERE, all()).await.len()), (0, 1));
}
