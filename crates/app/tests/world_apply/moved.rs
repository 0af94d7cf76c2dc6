//! Others write at the same moment.

use testkit::{Engine, on_both_engines};

use crate::{SMALL, apply, both, empty, one, rows, try_apply};

on_both_engines!(two_at_once_make_one_set_of_rows, a_row_that_moved_is_not_overwritten);

async fn two_at_once_make_one_set_of_rows(engine: Engine) {
    let here = empty(engine).await;
    let other = here.another().await;
    let contexts = [both(&here), both(&other), both(&here), both(&other)];
    let mut running = tokio::task::JoinSet::new();
    for ctx in contexts {
        running.spawn(
            async move { try_apply(&ctx, herald_app::world::DEMO).await.map(|plan| plan.lines.len()) },
        );
    }
    let mut written: Vec<usize> = running.join_all().await.into_iter().map(Result::unwrap).collect();
    written.sort_unstable();
    assert_eq!(written, [0, 0, 0, 35]);
    let counts = "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM tokens), (SELECT COUNT(*) FROM activities), \
        (SELECT COUNT(*) FROM endpoints), (SELECT COUNT(*) FROM audit WHERE action = 'world.applied')";
    assert_eq!(one(&here, counts).await, "7|3|2|3|1");
}

/// Somebody locks a user while a plan that renames him waits: both hold afterwards.
async fn a_row_that_moved_is_not_overwritten(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let held = here.place().hold("UPDATE users SET locked = TRUE WHERE email = 'bo@acme.example'").await;
    let ctx = both(&here);
    let renamed = SMALL.replace("name = \"Bo\"", "name = \"Bob\"");
    let waiting = tokio::spawn(async move { try_apply(&ctx, &renamed).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    held.commit().await;
    waiting.await.unwrap().unwrap();
    let bo = "SELECT name, CAST(locked AS TEXT) FROM users WHERE email = 'bo@acme.example'";
    let bo = rows(&here, bo).await;
    assert!(bo == ["Bob|1"] || bo == ["Bob|true"], "{bo:?}");
}
