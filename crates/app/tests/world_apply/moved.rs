//! Others write at the same moment.

use testkit::{Engine, on_both_engines};

use crate::{PRUNE, SMALL, apply, both, empty, one, rows, told, told_as, try_apply};

on_both_engines!(
    two_at_once_make_one_set_of_rows,
    a_row_that_moved_is_not_overwritten,
    a_role_that_people_make_meanwhile_takes_its_key,
    what_somebody_is_given_meanwhile_is_not_pruned,
);

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

/// Somebody makes a role, of the installation or of a tenant, while a plan that makes the other of that key waits.
async fn a_role_that_people_make_meanwhile_takes_its_key(engine: Engine) {
    for (theirs, mine, whose) in [
        ("NULL", "tenant = 'acme'", "of the whole installation"),
        ("(SELECT id FROM tenants)", "", "of a tenant already"),
    ] {
        let here = empty(engine).await;
        apply(&here, SMALL).await;
        let id = engine.uuid(here.ctx.new_id());
        let night = format!(
            "UPDATE installation SET value = value WHERE key = 'vendor_id'; \
             INSERT INTO roles (id, tenant_id, key, name, description, builtin, patterns, is_default, first_user, \
             default_invite, collections, features, origin, created_at, updated_at) VALUES ({id}, {theirs}, 'night', \
             'Night', '', FALSE, '[]', FALSE, FALSE, FALSE, '[]', '[]', '', 0, 0)"
        );
        let held = here.place().hold(&night).await;
        let (ctx, text) = (both(&here), format!("{SMALL}[[role]]\nkey = 'night'\n{mine}\n"));
        let waiting = tokio::spawn(async move { try_apply(&ctx, &text).await });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert!(!waiting.is_finished());
        held.commit().await;
        let refused = told(&waiting.await.unwrap().unwrap_err());
        assert!(refused.contains(&format!("is a role {whose}; choose another key")), "{refused}");
        assert_eq!(one(&here, "SELECT COUNT(*) FROM roles WHERE key = 'night'").await, "1");
    }
}

/// Somebody gives a role, or a site, that a plan takes away and that nobody held.
async fn what_somebody_is_given_meanwhile_is_not_pruned(engine: Engine) {
    let more = "[[role]]\nkey = 'night'\ntenant = 'acme'\n";
    let site = "[[tenant.site]]\nkey = 'hall'\nname = 'Hall'\n";
    let all =
        [SMALL.replace("name = \"Acme\"\n", &format!("name = \"Acme\"\n{site}")), more.to_owned()].concat();
    for (links, column, table, key) in
        [("membership_roles", "role_id", "roles", "night"), ("membership_sites", "site_id", "sites", "hall")]
    {
        let here = empty(engine).await;
        apply(&here, &all).await;
        let given = format!(
            "INSERT INTO {links} (user_id, tenant_id, {column}) SELECT u.id, t.id, r.id FROM users u, tenants t, {table} r \
             WHERE u.email = 'bo@acme.example' AND r.key = '{key}'"
        );
        let held = here.place().hold(&given).await;
        let (there, pruned) = tokio::join!(
            async {
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                held.commit().await;
                format!(
                    "SELECT COUNT(*) FROM {links} l JOIN {table} r ON r.id = l.{column} WHERE r.key = '{key}'"
                )
            },
            told_as(&here, SMALL, PRUNE)
        );
        // The plan begins anew, and then knows of it: with the thing goes the link, and the plan says so, or it stays.
        let stays = !pruned.contains(&format!("- {} {key}", table.trim_end_matches('s')));
        let told = pruned.contains("bo@acme.example in acme");
        assert!(stays && one(&here, &there).await == "1" || told, "{pruned}");
    }
}
