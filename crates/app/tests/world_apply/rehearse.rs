//! `--dry-run`: the very plan, and nothing written.

use herald_app::world::How;
use testkit::{Engine, on_both_engines};

use crate::{DRY, PRUNE, SMALL, apply, dump, empty, plan, told_as};

const FULL: &str = include_str!("../../src/world/tests/full.toml");

on_both_engines!(
    the_plan_is_that_of_the_apply_and_nothing_is_written,
    what_would_be_refused_is_refused,
    a_reset_and_a_prune_are_rehearsed_too,
);

async fn the_plan_is_that_of_the_apply_and_nothing_is_written(engine: Engine) {
    let here = empty(engine).await;
    for text in [FULL, SMALL] {
        let before = dump(&here).await;
        let rehearsed = told_as(&here, text, DRY).await;
        assert!(rehearsed.starts_with("+ "), "{rehearsed}");
        assert_eq!(told_as(&here, text, DRY).await, rehearsed, "a rehearsal leaves nothing behind");
        assert_eq!(dump(&here).await, before);
        if text == SMALL {
            assert_eq!(plan(&here, text).await, rehearsed);
            assert_eq!(told_as(&here, text, DRY).await, "= 7 unchanged");
        }
    }
}

async fn what_would_be_refused_is_refused(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let before = dump(&here).await;
    let last = SMALL.replace("roles = [\"admin\"]", "roles = [\"guest\"]");
    assert_eq!(
        told_as(&here, &last, DRY).await,
        "refused, and nothing was written: tenant \"acme\" would lose its last administrator; leave it one"
    );
    let number = "[[user]]\nemail = 'x@acme.example'\nnumber = 1\n";
    assert!(told_as(&here, number, DRY).await.contains("number 1 is that of"));
    let other = "[[user]]\nemail = 'x@acme.example'\n";
    assert_eq!(
        told_as(&here, other, How { prune: true, ..DRY }).await,
        "refused, and nothing was written: the installation would lose its last operator; leave it one"
    );
    assert_eq!(dump(&here).await, before);
}

async fn a_reset_and_a_prune_are_rehearsed_too(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let before = dump(&here).await;
    let text = SMALL
        .replace(
            "\n[[user]]\nemail = \"ada@acme.example\"\npassword = \"correct horse battery\"",
            "\n[[user]]\nemail = \"ada@acme.example\"\npassword = \"another good password\"",
        )
        .replace("[[role]]\nkey = \"desk\"\ntenant = \"acme\"\nlevel = 4\n", "")
        .replace("roles = [\"desk\"]", "roles = [\"guest\"]");
    let how = How { dry_run: true, prune: true, reset_passwords: true };
    let rehearsed = told_as(&here, &text, how).await;
    assert_eq!(
        rehearsed,
        "~ user ada@acme.example: password changed\n~ membership bo@acme.example in acme: roles desk → guest\n\
         - role desk of acme\n= 4 unchanged"
    );
    assert_eq!(dump(&here).await, before);
    assert_eq!(told_as(&here, &text, How { dry_run: false, ..how }).await, rehearsed);
    assert_eq!(told_as(&here, &text, PRUNE).await, "= 6 unchanged");
}
