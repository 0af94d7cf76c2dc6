//! Two who change one user at once: nobody's change is lost.

use std::time::Duration;

use herald_app::Caller;
use herald_app::users::{change_password, change_profile, set_password};
use testkit::{Engine, Held, Installation, demo, on_both_engines};

use crate::support::{try_in, value};

on_both_engines! {
    a_password_set_meanwhile_is_not_overwritten,
    a_password_goes_to_who_has_the_address_now,
    a_field_changed_meanwhile_is_kept,
    what_changes_nothing_is_not_written,
}

/// Commits what another program holds, a while after `began`.
pub async fn release(held: Held, began: impl Fn() -> bool) {
    while !began() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    held.commit().await;
}

async fn mira(it: &Installation) -> Caller {
    let session = it.sign_in(demo::MIRA).await;
    it.caller(&session.token).await
}

async fn a_password_set_meanwhile_is_not_overwritten(engine: Engine) {
    let it = Installation::on(engine).await;
    let caller = mira(&it).await;
    let set = it.ctx.hasher.hash("set by an operator".into(), it.ctx.chance()).await.unwrap();
    let held =
        it.place().hold(&format!("UPDATE users SET password_hash = '{set}' WHERE email LIKE 'mira%'")).await;
    let command = change_password::Command {
        current: demo::password(demo::MIRA).into(),
        new: "a thief's new one".into(),
    };
    let before = it.ctx.hasher.work_done();
    let verified = || it.ctx.hasher.work_done() > before;
    let (changed, ()) =
        tokio::join!(change_password::run(&it.ctx, &caller, command), release(held, verified));
    assert_eq!(changed.unwrap_err().kind, herald_app::Kind::Conflict);
    assert_eq!(try_in(&it, demo::MIRA, "a thief's new one").await, "invalid_credentials");
    assert_eq!(try_in(&it, demo::MIRA, "set by an operator").await, "in");
}

/// From the command line, by an address that moves to nobody at that moment.
async fn a_password_goes_to_who_has_the_address_now(engine: Engine) {
    let it = Installation::on(engine).await;
    let address = domain::EmailAddress::parse(demo::NOOR).unwrap();
    let held =
        it.place().hold("UPDATE users SET email = 'moved@northwind.example' WHERE email LIKE 'noor%'").await;
    let before = it.ctx.hasher.work_done();
    let hashed = || it.ctx.hasher.work_done() > before;
    let (password, run) = ("typed by an operator".into(), set_password::run);
    let (set, ()) = tokio::join!(run(&it.ctx, address, &password), release(held, hashed));
    assert_eq!(set.unwrap_err().kind, herald_app::Kind::NotFound);
    assert_eq!(try_in(&it, "moved@northwind.example", demo::password(demo::NOOR)).await, "in");
}

async fn a_field_changed_meanwhile_is_kept(engine: Engine) {
    let it = Installation::on(engine).await;
    let caller = mira(&it).await;
    let held = it.place().hold("UPDATE users SET phone = '+351 555 0199' WHERE email LIKE 'mira%'").await;
    let rename = change_profile::Command { name: Some(Some("Mira H.".into())), ..Default::default() };
    let (changed, ()) = tokio::join!(change_profile::run(&it.ctx, &caller, rename), release(held, || true));
    changed.unwrap();
    let now = value(&it, "SELECT name || ' ' || phone FROM users WHERE email LIKE 'mira%'").await;
    assert_eq!(now, "Mira H. +351 555 0199");
}

async fn what_changes_nothing_is_not_written(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = mira(&it).await;
    it.advance(testkit::minutes(5));
    let same = Some(Some("Mira Holt".to_owned()));
    for command in
        [change_profile::Command::default(), change_profile::Command { name: same, ..Default::default() }]
    {
        change_profile::run(&it.ctx, &mira, command).await.unwrap();
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM users WHERE updated_by IS NOT NULL").await, "0");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action = 'user.profile_changed'").await, "0");
}
