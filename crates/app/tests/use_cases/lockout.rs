//! world.md, settings: lockout counts failures per e-mail, known or not, and refuses sign-in only.

use herald_app::users::{lock, set_password};
use testkit::{Engine, Installation, Setup, demo, minutes, on_both_engines, seconds};

use crate::support::{lives, right, try_in, value};

on_both_engines! {
    failures_lock_out_and_time_lets_in_again,
    unknown_addresses_are_counted_alike,
    each_lockout_is_twice_as_long_until_a_success,
    a_success_forgets_earlier_failures,
    a_tenant_sets_its_own_bound,
    a_live_credential_does_not_feel_it,
    parallel_guesses_are_all_counted,
    an_operator_lets_in_again,
    a_locked_user_who_knows_the_password_does_not_guess,
}

async fn strict(engine: Engine) -> Installation {
    Installation::with(Setup::on(engine).config(|c| c.lockout.attempts = 3)).await
}

async fn guess(it: &Installation, email: &str, times: usize) {
    for _ in 0..times {
        assert_eq!(try_in(it, email, "not the right password").await, "invalid_credentials");
    }
}

/// What the command line is for: an operator who is locked out of everything else.
async fn an_operator_lets_in_again(engine: Engine) {
    let it = strict(engine).await;
    let email = |text: &str| domain::EmailAddress::parse(text).unwrap();
    guess(&it, demo::NOOR, 3).await;
    let done = lock::run(&it.ctx, email(demo::NOOR), false).await.unwrap();
    assert_eq!(done, lock::Done::Changed, "there was a lockout to end");
    assert_eq!(right(&it, demo::NOOR).await, "in");
    guess(&it, demo::GUS, 3).await;
    let new = "a new harbour in december";
    set_password::run(&it.ctx, email(demo::GUS), &new.into()).await.unwrap();
    assert_eq!(try_in(&it, demo::GUS, new).await, "in");
}

async fn a_locked_user_who_knows_the_password_does_not_guess(engine: Engine) {
    let it = strict(engine).await;
    it.sql("UPDATE users SET locked = TRUE WHERE email LIKE 'noor%'").await;
    for _ in 0..4 {
        assert_eq!(right(&it, demo::NOOR).await, "locked");
    }
    let northwind = it.tenant_id("northwind").await;
    let told = "SELECT COUNT(*) FROM audit WHERE action = 'session.refused' AND tenant_id = ";
    assert_eq!(value(&it, &format!("{told}{}", it.engine().uuid(northwind.uuid()))).await, "4");
}

async fn failures_lock_out_and_time_lets_in_again(engine: Engine) {
    let it = strict(engine).await;
    guess(&it, demo::NOOR, 2).await;
    guess(&it, " NOOR.Aziz@Northwind.EXAMPLE", 1).await;
    assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials", "one address in two spellings");
    it.advance(minutes(14));
    guess(&it, demo::NOOR, 5).await;
    assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials");
    assert_eq!(right(&it, demo::MIRA).await, "in", "others do not feel it");
    it.advance(minutes(1));
    assert_eq!(right(&it, demo::NOOR).await, "in", "knocking prolongs nothing");
}

async fn unknown_addresses_are_counted_alike(engine: Engine) {
    let it = strict(engine).await;
    for email in ["nobody@northwind.example", "no address"] {
        guess(&it, email, 4).await;
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM lockouts WHERE locked_until IS NOT NULL").await, "2");
}

async fn each_lockout_is_twice_as_long_until_a_success(engine: Engine) {
    let it = strict(engine).await;
    for span in [15, 30, 60] {
        guess(&it, demo::NOOR, 3).await;
        it.advance(minutes(span) - seconds(1));
        assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials", "{span} minutes");
        it.advance(seconds(1));
    }
    assert_eq!(right(&it, demo::NOOR).await, "in");
    guess(&it, demo::NOOR, 3).await;
    it.advance(minutes(15));
    assert_eq!(right(&it, demo::NOOR).await, "in", "as the first time");
}

async fn a_success_forgets_earlier_failures(engine: Engine) {
    let it = strict(engine).await;
    for _ in 0..3 {
        guess(&it, demo::NOOR, 2).await;
        assert_eq!(right(&it, demo::NOOR).await, "in");
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM lockouts").await, "0");
    guess(&it, demo::NOOR, 2).await;
    it.advance(minutes(15));
    guess(&it, demo::NOOR, 2).await;
    assert_eq!(right(&it, demo::NOOR).await, "in", "the window had passed");
}

async fn a_tenant_sets_its_own_bound(engine: Engine) {
    let it = strict(engine).await;
    it.sql("UPDATE tenants SET lockout_attempts = 2 WHERE key = 'northwind'").await;
    it.sql("UPDATE tenants SET lockout_attempts = 5 WHERE key = 'contoso'").await;
    guess(&it, demo::NOOR, 2).await;
    assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials");
    guess(&it, demo::OTTO, 4).await;
    assert_eq!(right(&it, demo::OTTO).await, "in");
    guess(&it, demo::OTTO, 5).await;
    assert_eq!(right(&it, demo::OTTO).await, "invalid_credentials");
    guess(&it, demo::ROOT, 2).await;
    assert_eq!(right(&it, demo::ROOT).await, "in", "in no tenant: the installation's bound");
}

async fn a_live_credential_does_not_feel_it(engine: Engine) {
    let it = strict(engine).await;
    let signed = it.sign_in(demo::MIRA).await;
    guess(&it, demo::MIRA, 4).await;
    assert!(lives(&it, &signed.token).await && lives(&it, demo::key(demo::MIRA)).await);
    assert!(!it.caller(&signed.token).await.user().unwrap().user.locked);
}

async fn parallel_guesses_are_all_counted(engine: Engine) {
    let it = Installation::with(Setup::on(engine).config(|c| c.lockout.attempts = 100)).await;
    let guesses = (0..20).map(|_| guess(&it, demo::NOOR, 1));
    testkit::join_all(guesses).await;
    assert_eq!(value(&it, "SELECT failures FROM lockouts").await, "20");
}
