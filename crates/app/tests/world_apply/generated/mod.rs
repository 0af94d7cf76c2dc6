//! Worlds that nobody thought of: what an apply makes of them comes back from an export, a second apply does
//! nothing, and a fault anywhere changes nothing.

mod faults;
mod worlds;
mod write;

use std::future::Future;

use herald_app::world::{How, Secrets};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use testkit::{Engine, Installation};
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use self::worlds::Spec;
use crate::{PRUNE, apply, dump, dump_but_counters, empty, exported, told_as, try_apply, world_rows};

/// Runs a property over that many worlds, or as many as `PROPTEST_CASES` says; a failing one is made smaller first.
fn for_all<S: Strategy, F>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> F)
where
    F: Future<Output = ()>,
{
    // Proptest reads the environment; 256 is what it takes without.
    let asked = Config::default();
    let cases = if asked.cases == 256 { cases } else { asked.cases };
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 120, ..asked };
    let ran = TestRunner::new(config).run(strategy, |value| {
        let run = std::panic::AssertUnwindSafe(|| {
            block_in_place(|| Handle::current().block_on(property(value)));
        });
        std::panic::catch_unwind(run).map_err(|why| {
            let text = why.downcast_ref::<String>().cloned();
            TestCaseError::fail(text.unwrap_or_else(|| "panicked".to_owned()))
        })
    });
    match ran {
        Ok(()) => {}
        Err(TestError::Fail(why, _) | TestError::Abort(why)) => panic!("{why}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_world_comes_back_on_sqlite() {
    for_all(64, &worlds::spec(), |spec| comes_back(Engine::Sqlite, spec));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_world_comes_back_on_postgres() {
    for_all(6, &worlds::spec(), |spec| comes_back(Engine::Postgres, spec));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fault_changes_nothing_on_sqlite() {
    for_all(40, &(worlds::spec(), faults::mutation()), |(spec, fault)| {
        changes_nothing(Engine::Sqlite, spec, fault)
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fault_changes_nothing_on_postgres() {
    for_all(5, &(worlds::spec(), faults::mutation()), |(spec, fault)| {
        changes_nothing(Engine::Postgres, spec, fault)
    });
}

/// Applies and prunes, which must do nothing.
async fn is_settled(here: &Installation, text: &str) {
    let before = dump(here).await;
    for how in [How::default(), PRUNE, How { dry_run: true, ..PRUNE }] {
        let told = told_as(here, text, how).await;
        assert!(told.starts_with("= "), "{how:?}: {told}\n{text}");
    }
    assert_eq!(dump(here).await, before);
}

async fn comes_back(engine: Engine, spec: Spec) {
    let text = spec.text();
    let here = empty(engine).await;
    if let Err(error) = try_apply(&here.ctx, &text).await {
        panic!("{}\n{text}", crate::told(&error));
    }
    is_settled(&here, &text).await;
    let first = exported(&here, Secrets::Sealed).await;
    is_settled(&here, &first).await;
    let there = empty(engine).await;
    apply(&there, &first).await;
    assert_eq!(exported(&there, Secrets::Sealed).await, first);
    assert_eq!(world_rows(&there).await, world_rows(&here).await);
    is_settled(&there, &first).await;
    let bare = exported(&here, Secrets::None).await;
    let other = empty(engine).await;
    apply(&other, &bare).await;
    assert_eq!(exported(&other, Secrets::None).await, bare);
    // Else the installation would lose its last operator.
    there.sql("UPDATE users SET is_operator = FALSE").await;
    let told = told_as(&there, "", PRUNE).await;
    assert!(told.ends_with("= 0 unchanged"), "{told}");
    assert_eq!(exported(&there, Secrets::Sealed).await, "", "all of it was the file's");
}

async fn changes_nothing(engine: Engine, spec: Spec, fault: faults::Mutation) {
    let here = empty(engine).await;
    let text = spec.text();
    apply(&here, &text).await;
    // Something that the faulty file would change, were it applied in part.
    let changed = text.replace("display", "shown");
    let before = dump_but_counters(&here).await;
    let faulty = fault.of(&changed);
    let told = told_as(&here, &faulty, How::default()).await;
    assert!(told.starts_with("line "), "{fault:?} is no fault: {told}\n{faulty}");
    let told = told_as(&here, &faulty, PRUNE).await;
    assert!(told.starts_with("line "), "{fault:?} is no fault: {told}\n{faulty}");
    assert_eq!(dump_but_counters(&here).await, before, "{fault:?}");
}
