//! The names of what was deleted are free at once, and a world file makes it anew.

use domain::audit::{Actor, Origin};
use herald_app::tenants::{self, Settings};
use herald_app::world::{self, Secrets, Sink};
use std::sync::{Arc, Mutex};
use testkit::{Engine, Installation, demo, minutes, on_both_engines};

use super::{crowded, delete, root};
use crate::support::{into_tenant, lives, value};
use crate::sweep::count;

on_both_engines! {
    the_key_is_free_at_once_and_again,
    a_file_makes_it_anew_with_its_keys_and_numbers,
    a_file_that_names_its_id_waits_for_the_sweep,
}

async fn exported(it: &Installation) -> String {
    let text = Arc::new(Mutex::new(String::new()));
    let into = Arc::clone(&text);
    let sink: Sink = Arc::new(move |piece| {
        into.lock().unwrap().push_str(piece);
        Ok(())
    });
    world::export(&it.ctx, Secrets::Sealed, sink).await.unwrap();
    std::mem::take(&mut *text.lock().unwrap())
}

async fn the_key_is_free_at_once_and_again(engine: Engine) {
    let it = crowded(engine).await;
    let root = root(&it).await;
    let settings = || Settings {
        key: Some(demo::NORTHWIND.to_owned()),
        name: Some("Again".to_owned()),
        ..Settings::default()
    };
    delete(&it, &root, demo::NORTHWIND).await;
    let first = tenants::create::run(&it.ctx, &root, settings()).await.unwrap();
    assert_eq!(it.tenant_id(demo::NORTHWIND).await, first);
    delete(&it, &root, demo::NORTHWIND).await;
    let second = tenants::create::run(&it.ctx, &root, settings()).await.unwrap();
    assert_ne!(first, second);
    let text = exported(&it).await;
    assert_eq!(text.matches("name = \"Again\"").count(), 1);
    assert!(!text.contains("Northwind Traders") && !text.contains("external_api\"\nowner = \"gus"));
}

/// The demo without the ids that it gives to a tenant and its site.
fn without_ids() -> String {
    demo::TOML
        .lines()
        .filter(|line| !["id = \"3b0d", "id = \"91aa"].iter().any(|id| line.starts_with(id)))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn a_file_makes_it_anew_with_its_keys_and_numbers(engine: Engine) {
    let it = crowded(engine).await;
    let old = it.tenant_id(demo::NORTHWIND).await;
    delete(&it, &root(&it).await, demo::NORTHWIND).await;
    assert!(!lives(&it, demo::key(demo::GUS)).await);
    it.apply(&without_ids()).await;
    assert_ne!(it.tenant_id(demo::NORTHWIND).await, old);
    assert!(lives(&it, demo::key(demo::GUS)).await, "the key that the file gives");
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "northwind");
    for _ in 0..2 {
        it.advance(minutes(1));
        herald_app::sweep::run(&it.ctx).await.unwrap();
    }
    assert_eq!(count(&it, "tenants WHERE ended_at IS NOT NULL").await, 0);
    assert!(lives(&it, demo::key(demo::GUS)).await, "nothing of the new one is swept");
    assert_eq!(value(&it, "SELECT number FROM tenants WHERE key = 'northwind'").await, "1712000111");
}

async fn a_file_that_names_its_id_waits_for_the_sweep(engine: Engine) {
    let it = crowded(engine).await;
    delete(&it, &root(&it).await, demo::NORTHWIND).await;
    let refused = world::apply(&it.ctx, demo::TOML, &Actor::COMMAND_LINE, &Origin::default()).await;
    let world::ApplyError::Faults(faults) = refused.unwrap_err() else { panic!("no fault") };
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(told.len() == 2 && told.iter().all(|fault| fault.contains("being swept")), "{told:?}");
    it.advance(minutes(1));
    herald_app::sweep::run(&it.ctx).await.unwrap();
    it.apply(demo::TOML).await;
    assert!(lives(&it, demo::key(demo::GUS)).await);
}
