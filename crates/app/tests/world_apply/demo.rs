use testkit::{Engine, demo, on_both_engines};

use crate::{apply, dump, empty, feed_head, one, plan, rows};

on_both_engines!(it_applies_and_its_people_sign_in, a_second_apply_touches_nothing, its_keys_are_shown_again);

async fn it_applies_and_its_people_sign_in(engine: Engine) {
    let here = empty(engine).await;
    let told = plan(&here, herald_app::world::DEMO).await;
    assert!(
        told.starts_with("+ permission devices:read\n+ permission devices:write\n+ tenant northwind\n"),
        "{told}"
    );
    assert!(told.ends_with("\n= 0 unchanged"), "{told}");
    assert!(!told.contains("battery") && !told.contains("Zk3p") && !told.contains("hooks.slack"), "{told}");
    for email in [demo::MIRA, demo::TOVA, demo::ROOT] {
        here.sign_in(email).await;
    }
    here.prove(demo::key(demo::MIRA)).await.unwrap();
    let wrong = here.try_sign_in(demo::MIRA, "correct horse battery stapl").await;
    assert!(wrong.is_err());
    assert_eq!(one(&here, "SELECT number FROM tenants ORDER BY number").await, "1712000111\n1712000222");
    let audited = "SELECT action, COUNT(*) FROM audit WHERE actor_kind = 'command line' GROUP BY action ORDER BY action";
    let audited = rows(&here, audited).await;
    for event in
        ["world.applied|1", "user.created|7", "membership.created|7", "tenant.created|2", "token.created|3"]
    {
        assert!(audited.iter().any(|row| row == event), "{event} in {audited:?}");
    }
}

async fn a_second_apply_touches_nothing(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, herald_app::world::DEMO).await;
    let (before, head) = (dump(&here).await, feed_head(&here).await);
    here.advance(testkit::days(1));
    let second = apply(&here, herald_app::world::DEMO).await;
    assert!(second.is_empty() && second.unchanged == 35, "{second}");
    assert_eq!(second.to_string(), "= 35 unchanged");
    assert_eq!(dump(&here).await, before);
    assert_eq!(feed_head(&here).await, head);
    let other = here.another().await;
    assert_eq!(plan(&other, herald_app::world::DEMO).await, "= 35 unchanged");
}

/// A token with a utility is revealable unless the file says otherwise.
async fn its_keys_are_shown_again(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, herald_app::world::DEMO).await;
    let found = rows(&here, "SELECT id, LENGTH(sealed), kind, origin FROM tokens ORDER BY number").await;
    assert_eq!(found.len(), 3);
    for row in found {
        assert!(row.ends_with("|77|api_key|world"), "{row}");
    }
}
