//! Members whom a product's callers name by e-mail: appointed and dismissed.

use domain::EmailAddress;
use domain::decision::Door;
use herald_app::Caller;
use herald_app::members::{AddressedError, Member, appoint, dismiss};
use testkit::{Engine, Installation, demo, on_both_engines};

use crate::support::{dead, lives, right, value};

on_both_engines! {
    one_role_takes_the_place_of_all,
    a_role_or_a_person_that_is_not_there,
    shut_out_and_let_in_again,
    a_guest_of_two_tenants_lives_on_elsewhere,
    the_dismissed_leaves_nothing_behind,
    who_may_not_changes_nothing,
    the_last_administrator_stays,
}

fn at(email: &str) -> EmailAddress {
    EmailAddress::parse(email).unwrap()
}

/// As Aegis' door lets somebody in.
async fn by(it: &Installation, key: &str) -> Caller {
    Caller { door: Door::Product, ..it.caller(key).await }
}

/// Roles and state of whoever was appointed, or what was said.
async fn appointed(
    it: &Installation,
    by: &Caller,
    (email, role, active): (&str, Option<&str>, Option<bool>),
) -> String {
    let command = appoint::Command { email: at(email), role: role.map(str::to_owned), active };
    match appoint::run(&it.ctx, by, command).await {
        Ok(Member { roles, active, user, .. }) => {
            let keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
            format!("{} {active} {}", keys.join("+"), user.active)
        }
        Err(error) => said(error).to_owned(),
    }
}

async fn dismissed(it: &Installation, by: &Caller, email: &str) -> &'static str {
    dismiss::run(&it.ctx, by, at(email)).await.map_or_else(said, |()| "done")
}

fn said(error: AddressedError) -> &'static str {
    match error {
        AddressedError::Refused(failure) => failure.code,
        AddressedError::Missing => "missing",
        AddressedError::Role => "no role",
        AddressedError::NotAssignable => "not assignable",
    }
}

async fn trail(it: &Installation, action: &str) -> Vec<String> {
    let rows = it.sql(&format!("SELECT reason FROM audit WHERE action = '{action}' ORDER BY at, id")).await;
    rows.into_iter().map(|mut row| row.remove(0).unwrap_or_default()).collect()
}

async fn one_role_takes_the_place_of_all(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = by(&it, demo::key(demo::MIRA)).await;
    let noor = async |role: &str| appointed(&it, &mira, (demo::NOOR, Some(role), None)).await;
    assert_eq!(noor("member").await, "member+technician true true", "what is shown is put back unharmed");
    assert_eq!(trail(&it, "member.changed").await, Vec::<String>::new(), "which changes nothing");
    assert_eq!(noor("developer").await, "developer true true");
    let told = "users:write: role admin (*); roles member, technician -> developer";
    assert_eq!(trail(&it, "member.changed").await, [told]);
    assert_eq!(
        appointed(&it, &mira, (demo::RAGU, Some("technician"), Some(true))).await,
        "technician true true"
    );
}

async fn a_role_or_a_person_that_is_not_there(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = by(&it, demo::key(demo::MIRA)).await;
    assert_eq!(appointed(&it, &mira, (demo::NOOR, Some("captain"), None)).await, "no role");
    let nobody = "nobody@nowhere.example";
    assert_eq!(appointed(&it, &mira, (nobody, Some("captain"), None)).await, "no role", "first of the two");
    for email in [nobody, demo::OTTO, demo::ROOT] {
        assert_eq!(appointed(&it, &mira, (email, Some("guest"), None)).await, "missing", "{email}");
        assert_eq!(dismissed(&it, &mira, email).await, "missing", "{email}");
    }
    // A role of another tenant is none of this one's.
    let otto = by(&it, demo::key(demo::OTTO)).await;
    assert_eq!(appointed(&it, &otto, (demo::MIRA, Some("payments-review"), None)).await, "no role");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action LIKE 'member.%'").await, "0");
}

async fn shut_out_and_let_in_again(engine: Engine) {
    let it = Installation::on(engine).await;
    it.hear().await;
    let mira = by(&it, demo::key(demo::MIRA)).await;
    let (key, session) = (demo::key(demo::GUS), it.sign_in(demo::GUS).await.token);
    assert!(lives(&it, key).await && lives(&it, &session).await);
    assert_eq!(appointed(&it, &mira, (demo::GUS, None, Some(false))).await, "guest false false");
    assert!(!lives(&it, key).await && !lives(&it, &session).await);
    assert_eq!(right(&it, demo::GUS).await, "invalid_credentials");
    assert_eq!(appointed(&it, &mira, (demo::GUS, None, Some(true))).await, "guest true true");
    assert!(lives(&it, key).await, "a key rests and works again");
    assert!(!lives(&it, &session).await, "a session that has ended stays so");
    assert_eq!(right(&it, demo::GUS).await, "in");
    // A lock ends with it too, where this is the only tenant.
    it.change_user(demo::GUS, "UPDATE users SET locked = TRUE WHERE email LIKE 'gus%'").await;
    assert_eq!(right(&it, demo::GUS).await, "locked");
    appointed(&it, &mira, (demo::GUS, None, Some(true))).await;
    assert_eq!(right(&it, demo::GUS).await, "in");
}

async fn a_guest_of_two_tenants_lives_on_elsewhere(engine: Engine) {
    let it = Installation::on(engine).await;
    it.hear().await;
    let otto = by(&it, demo::key(demo::OTTO)).await;
    assert_eq!(appointed(&it, &otto, (demo::MIRA, None, Some(false))).await, "guest false true");
    assert!(lives(&it, demo::key(demo::MIRA)).await, "northwind's key of hers is northwind's business");
    assert_eq!(right(&it, demo::MIRA).await, "in");
    assert_eq!(dismissed(&it, &otto, demo::MIRA).await, "done");
    assert_eq!(dismissed(&it, &otto, demo::MIRA).await, "missing");
    assert!(lives(&it, demo::key(demo::MIRA)).await);
    assert_eq!(trail(&it, "member.removed").await.len(), 1);
    assert_eq!(trail(&it, "user.deleted").await.len(), 0);
}

async fn the_dismissed_leaves_nothing_behind(engine: Engine) {
    let it = Installation::on(engine).await;
    it.hear().await;
    let mira = by(&it, demo::key(demo::MIRA)).await;
    let (key, session) = (demo::key(demo::GUS), it.sign_in(demo::GUS).await.token);
    assert!(lives(&it, key).await && lives(&it, &session).await, "warm");
    assert_eq!(dismissed(&it, &mira, demo::GUS).await, "done");
    assert!(dead(&it, key).await.is_some() && dead(&it, &session).await.is_some());
    assert_eq!(right(&it, demo::GUS).await, "invalid_credentials");
    let rows = "SELECT (SELECT COUNT(*) FROM users WHERE email LIKE 'gus%') \
                + (SELECT COUNT(*) FROM memberships WHERE email LIKE 'gus%')";
    assert_eq!(value(&it, rows).await, "0", "the address is free again");
    let told = trail(&it, "user.deleted").await;
    assert!(told.len() == 1 && told[0].contains(demo::GUS), "{told:?}");
}

async fn who_may_not_changes_nothing(engine: Engine) {
    let it = Installation::on(engine).await;
    for email in [demo::NOOR, demo::GUS, demo::TOVA, demo::RAGU] {
        let caller = by(&it, &it.sign_in(email).await.token).await;
        for whom in [demo::RAGU, demo::MIRA, "nobody@nowhere.example"] {
            assert_eq!(appointed(&it, &caller, (whom, Some("captain"), None)).await, "forbidden", "{email}");
            assert_eq!(dismissed(&it, &caller, whom).await, "forbidden", "{email} {whom}");
        }
    }
    let helper = "[[role]]\nkey = \"helper\"\ntenant = \"northwind\"\npermissions = [\"users:write\"]\n\
                  assigns = [\"guest\"]\n[[user]]\nemail = \"hal@northwind.example\"\n\
                  password = \"open the pod bay doors\"\n[[user.membership]]\ntenant = \"northwind\"\n\
                  roles = [\"helper\"]\n";
    it.apply(helper).await;
    let hal = it.try_sign_in("hal@northwind.example", "open the pod bay doors").await.unwrap().token;
    let hal = by(&it, &hal).await;
    assert_eq!(appointed(&it, &hal, (demo::GUS, Some("admin"), None)).await, "not assignable", "beyond him");
    assert_eq!(appointed(&it, &hal, (demo::MIRA, Some("guest"), None)).await, "not assignable", "above him");
    assert_eq!(dismissed(&it, &hal, demo::MIRA).await, "not assignable");
    assert_eq!(appointed(&it, &hal, (demo::GUS, Some("guest"), Some(true))).await, "guest true true");
    assert_eq!(dismissed(&it, &hal, demo::GUS).await, "done");
}

async fn the_last_administrator_stays(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = by(&it, demo::key(demo::OTTO)).await;
    let changes = [
        (Some("guest"), None),
        (None, Some(false)),
        (Some("guest"), Some(false)),
        (Some("member"), Some(true)),
    ];
    for (role, active) in changes {
        assert_eq!(appointed(&it, &otto, (demo::OTTO, role, active)).await, "last_administrator", "{role:?}");
    }
    assert_eq!(dismissed(&it, &otto, demo::OTTO).await, "last_administrator");
    assert!(lives(&it, demo::key(demo::OTTO)).await);
    assert_eq!(appointed(&it, &otto, (demo::MIRA, Some("admin"), None)).await, "admin true true");
    assert_eq!(appointed(&it, &otto, (demo::OTTO, Some("guest"), None)).await, "guest true true");
}
