//! What hung on a membership that a file lets end, takes away, or deactivates.

use testkit::{Engine, Installation, hours, on_both_engines};

use crate::{PRUNE, SMALL, apply, empty, rows, told_as};

on_both_engines!(
    a_file_brings_no_key_back_with_a_membership_that_was_over,
    a_file_that_takes_a_membership_away_revokes_what_hung_on_it,
    a_file_that_deactivates_a_membership_ends_its_sessions,
    a_file_that_renews_a_membership_keeps_the_webhooks_that_it_names_alone,
    what_goes_with_a_person_and_a_tenant_is_told,
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

fn hook(name: &str) -> String {
    format!(
        "[[webhook]]\nowner = 'bo@acme.example'\ntenant = 'acme'\nname = '{name}'\nkind = 'SLACK'\n\
         url = 'https://hooks.example/{name}'\n"
    )
}

async fn a_file_that_renews_a_membership_keeps_the_webhooks_that_it_names_alone(engine: Engine) {
    let ends = |at: domain::Timestamp| with(&format!("expires_at = \"{}\"", at.rfc3339_secs()));
    let (here, _) = staged(engine, &ends(testkit::START.plus(hours(1)))).await;
    apply(&here, &[hook("named"), hook("own")].concat()).await;
    here.sql("UPDATE webhooks SET origin = '' WHERE name = 'own'").await;
    here.advance(hours(2));
    let text = ends(here.now().plus(hours(1))) + &hook("named");
    apply(&here, &text).await;
    assert_eq!(rows(&here, "SELECT name FROM webhooks").await, ["named"]);
    assert!(apply(&here, &text).await.is_empty(), "twice is once");
}

/// Each row that goes has one event, in the trail of the tenant that it was of, which outlives it.
async fn what_goes_with_a_person_and_a_tenant_is_told(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, &[SMALL, &key("old", OLD), &hook("named"), &hook("own")].concat()).await;
    here.sql("UPDATE webhooks SET origin = '' WHERE name = 'own'").await;
    let acme = here.tenant_id("acme").await;
    let bo = here.user_id("bo@acme.example").await;
    let rest = "[[user]]\nemail = \"root@acme.example\"\n";
    let plan = told_as(&here, rest, PRUNE).await;
    assert!(plan.contains("- webhook own of bo@acme.example in acme: made since"), "{plan}");
    let of = |what: &str| {
        format!(
            "SELECT action || ' ' || reason FROM audit WHERE action LIKE '%.deleted' AND {what} ORDER BY action, id"
        )
    };
    let told = rows(&here, &of(&format!("tenant_id = {}", engine.uuid(acme.uuid())))).await;
    for (action, count) in [
        ("webhook.deleted", 2),
        ("token.deleted", 1),
        ("membership.deleted", 2),
        ("tenant.deleted", 1),
        ("role.deleted", 1),
    ] {
        let wanted = format!("{action} world file: not named");
        assert_eq!(told.iter().filter(|line| **line == wanted).count(), count, "{action}: {told:?}");
    }
    let told = rows(&here, &of(&format!("target_id = {}", engine.uuid(bo.uuid())))).await;
    assert_eq!(told, ["membership.deleted world file: not named", "user.deleted world file: not named"]);
    let all = rows(&here, "SELECT COALESCE(reason, '') FROM audit").await.join(" ");
    assert!(!all.contains("hooks.example"), "{all}");
}
