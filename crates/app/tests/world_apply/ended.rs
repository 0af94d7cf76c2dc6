//! What hung on a membership that a file lets end, takes away, or deactivates.

use testkit::{Engine, Installation, hours, on_both_engines};

use crate::{PRUNE, SMALL, apply, empty, told_as};

on_both_engines!(
    a_file_brings_no_key_back_with_a_membership_that_was_over,
    a_file_that_takes_a_membership_away_revokes_what_hung_on_it,
    a_file_that_deactivates_a_membership_ends_its_sessions,
);

const BO: &str = "roles = [\"desk\"]";

/// Bo's membership with a line more.
fn with(line: &str) -> String {
    SMALL.replace(BO, &format!("{BO}\n{line}"))
}

fn key(name: &str, secret: &str) -> String {
    format!("[[token]]\ntenant = 'acme'\nowner = 'bo@acme.example'\nname = '{name}'\nsecret = '{secret}'\n")
}

async fn lives(here: &Installation, presented: &str) -> bool {
    here.prove(presented).await.is_ok()
}

const OLD: &str = "a-key-from-of-old";
const NEW: &str = "a-key-that-is-new";

async fn staged(engine: Engine, text: &str) -> (Installation, String) {
    let here = empty(engine).await;
    apply(&here, &[text, &key("old", OLD)].concat()).await;
    let session = here.try_sign_in("bo@acme.example", "correct horse battery").await.unwrap().token;
    assert!(lives(&here, OLD).await && lives(&here, &session).await);
    (here, session)
}

async fn a_file_brings_no_key_back_with_a_membership_that_was_over(engine: Engine) {
    let ends = |at: domain::Timestamp| with(&format!("expires_at = \"{}\"", at.rfc3339_secs()));
    let (here, session) = staged(engine, &ends(testkit::START.plus(hours(1)))).await;
    here.advance(hours(2));
    assert!(!lives(&here, OLD).await && !lives(&here, &session).await);
    // The file changes the old key, too, and makes a new one.
    let old = key("old", OLD) + "utility = 'EXTERNAL_API'\n";
    let text = [ends(here.now().plus(hours(1))), old, key("new", NEW)].concat();
    apply(&here, &text).await;
    assert!(!lives(&here, OLD).await && !lives(&here, &session).await);
    assert!(lives(&here, NEW).await, "what is made with it is not of old");
    assert!(apply(&here, &text).await.is_empty(), "twice is once");
    assert!(lives(&here, NEW).await);
}

async fn a_file_that_takes_a_membership_away_revokes_what_hung_on_it(engine: Engine) {
    let (here, session) = staged(engine, SMALL).await;
    // As if people had made it.
    here.sql("UPDATE tokens SET origin = ''").await;
    let without = SMALL.replace(&format!("[[user.membership]]\ntenant = \"acme\"\n{BO}\n"), "");
    assert_ne!(without, SMALL);
    let plan = told_as(&here, &without, PRUNE).await;
    assert!(plan.contains("- membership bo@acme.example in acme"), "{plan}");
    apply(&here, SMALL).await;
    assert!(!lives(&here, OLD).await && !lives(&here, &session).await);
}

async fn a_file_that_deactivates_a_membership_ends_its_sessions(engine: Engine) {
    let (here, session) = staged(engine, SMALL).await;
    apply(&here, &with("active = false")).await;
    assert!(!lives(&here, OLD).await && !lives(&here, &session).await);
    apply(&here, &with("active = true")).await;
    assert!(lives(&here, OLD).await, "keys rest");
    assert!(!lives(&here, &session).await, "sessions end");
}
