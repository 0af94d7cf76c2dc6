//! The inventory in front of whoever sees some of its collections.

use std::fmt::Write as _;

use domain::endpoint::{AccessSet, Endpoint, Key};
use herald_app::Caller;
use herald_app::endpoints::{access_types, put};
use testkit::{Engine, Installation, demo, on_both_engines};

on_both_engines! {
    other_collections_take_no_place,
    many_collections_are_all_looked_at,
    no_more_rows_than_the_bound,
}

fn endpoint(collection: i64, url: &str) -> Endpoint {
    let key = Key { url: url.to_owned(), collection, method: "GET".to_owned() };
    Endpoint { key, access: AccessSet::EMPTY }
}

async fn fill(it: &Installation, by: &Caller, all: Vec<Endpoint>) {
    for some in all.chunks(put::MOST) {
        put::run(&it.ctx, by, None, some.to_vec()).await.unwrap();
    }
}

async fn of(it: &Installation, who: &str) -> Caller {
    it.caller(&it.sign_in(who).await.token).await
}

/// `/many 1714500001`, in the order of the answer.
async fn seen(it: &Installation, by: &Caller, urls: &[&str]) -> Vec<String> {
    let urls = urls.iter().map(|url| (*url).to_owned()).collect();
    let found = access_types::run(&it.ctx, by, urls).await.unwrap();
    found.into_iter().map(|one| format!("{} {}", one.key.url, one.key.collection)).collect()
}

/// Ragu sees `…001` and `…002`; before them stand more rows of others than one answer has.
async fn other_collections_take_no_place(engine: Engine) {
    let it = Installation::on(engine).await;
    let (mira, ragu) = (of(&it, demo::MIRA).await, of(&it, demo::RAGU).await);
    let mut all: Vec<Endpoint> = (0..2_100).map(|n| endpoint(n, "/many")).collect();
    all.extend([endpoint(1_714_500_001, "/many"), endpoint(1_714_500_002, "/many")]);
    all.push(endpoint(1_714_500_003, "/many"));
    fill(&it, &mira, all).await;
    assert_eq!(seen(&it, &mira, &["/many"]).await.len(), 2_000);
    let his = ["/v1/orders 1714500001", "/many 1714500001", "/many 1714500002"];
    assert_eq!(seen(&it, &ragu, &["/v1/orders", "/many", "/none", "/many"]).await, his);
}

/// More collections than one statement holds, and one that is named twice.
async fn many_collections_are_all_looked_at(engine: Engine) {
    let it = Installation::on(engine).await;
    let mut collections = String::new();
    for n in (0..70).rev() {
        write!(collections, "{},", n * 10).unwrap();
    }
    it.apply(&format!(
        "[[tenant]]\nkey = \"northwind\"\nname = \"Northwind Traders\"\n[[role]]\nkey = \"payments-review\"\n\
         tenant = \"northwind\"\nbase = \"developer\"\ncollections = [{collections} 0]\n"
    ))
    .await;
    let (mira, ragu) = (of(&it, demo::MIRA).await, of(&it, demo::RAGU).await);
    fill(&it, &mira, (0..700).flat_map(|n| [endpoint(n, "/a"), endpoint(n, "/b")]).collect()).await;
    let his = |url: &str| (0..70).map(|n| format!("{url} {}", n * 10)).collect::<Vec<_>>();
    assert_eq!(seen(&it, &ragu, &["/b", "/a"]).await, [his("/b"), his("/a")].concat());
}

/// What is cut is the end of the order, however it was looked up.
async fn no_more_rows_than_the_bound(engine: Engine) {
    let it = Installation::on(engine).await;
    let collections: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    it.apply(&format!(
        "[[tenant]]\nkey = \"northwind\"\nname = \"Northwind Traders\"\n[[role]]\nkey = \"payments-review\"\n\
         tenant = \"northwind\"\nbase = \"developer\"\ncollections = [{}]\n",
        collections.join(", ")
    ))
    .await;
    let (mira, ragu) = (of(&it, demo::MIRA).await, of(&it, demo::RAGU).await);
    let urls: Vec<String> = (0..60).map(|n| format!("/{n}")).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    fill(&it, &mira, urls.iter().flat_map(|url| (0..45).map(|n| endpoint(n, url))).collect()).await;
    let all = urls.iter().flat_map(|url| (0..40).map(move |n| format!("{url} {n}")));
    assert_eq!(seen(&it, &ragu, &urls).await, all.take(access_types::MOST).collect::<Vec<_>>());
}
