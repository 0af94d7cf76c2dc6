//! TOTP at sign-in: wanted, right, wrong, used, and used twice at once.

use domain::client::Scopes;
use herald_app::sessions::sign_in::{Command, Error, Handed, Through};
use testkit::{Engine, Installation, Setup, command, demo, on_both_engines, seconds};

use crate::support::{outcome, right, value};

on_both_engines! {
    an_enrolled_user_needs_a_code_that_is_fresh,
    of_two_at_once_with_one_code_one_comes_in,
    a_wrong_code_counts_for_lockout,
    every_door_asks_for_it,
    a_tenant_may_ask_everybody,
}

fn with_code(code: &str) -> Command {
    let mut command = command(demo::TOVA, demo::password(demo::TOVA), Through::Native);
    command.code = Some(code.to_owned());
    command
}

async fn an_enrolled_user_needs_a_code_that_is_fresh(engine: Engine) {
    let it = Installation::on(engine).await;
    assert_eq!(right(&it, demo::TOVA).await, "mfa_required");
    let code = demo::code(demo::TOVA, it.now());
    for wrong in ["", "000000", "12345", "1234567", &format!("{code} "), "１２３４５６"] {
        assert_eq!(outcome(&it, with_code(wrong)).await, "invalid_code", "{wrong:?}");
    }
    let mut wrong_password = with_code(&code);
    wrong_password.password = "not the right password".into();
    assert_eq!(outcome(&it, wrong_password).await, "invalid_credentials", "a code alone is nothing");
    let signed = it.try_command(with_code(&code)).await.unwrap_or_else(|why| panic!("{why:?}"));
    assert!(signed.opened.session.mfa, "a wrong password spent nothing");
    assert_eq!(outcome(&it, with_code(&code)).await, "invalid_code", "used before");
    it.advance(seconds(30));
    assert_eq!(outcome(&it, with_code(&code)).await, "invalid_code", "still within its skew, and used");
    let next = demo::code(demo::TOVA, it.now());
    assert_eq!(outcome(&it, with_code(&next)).await, "in");
    it.advance(seconds(120));
    let old = demo::code(demo::TOVA, it.now().minus(seconds(60)));
    assert_eq!(outcome(&it, with_code(&old)).await, "invalid_code", "two steps old");
    let late = demo::code(demo::TOVA, it.now().minus(seconds(30)));
    assert_eq!(outcome(&it, with_code(&late)).await, "in", "one step old and never used");
}

async fn of_two_at_once_with_one_code_one_comes_in(engine: Engine) {
    let it = Installation::on(engine).await;
    let code = demo::code(demo::TOVA, it.now());
    let tries = (0..6).map(|_| outcome(&it, with_code(&code)));
    let mut outcomes = testkit::join_all(tries).await;
    outcomes.sort_unstable();
    assert_eq!(
        outcomes,
        ["in", "invalid_code", "invalid_code", "invalid_code", "invalid_code", "invalid_code"]
    );
    assert_eq!(value(&it, "SELECT COUNT(*) FROM sessions").await, "1");
}

async fn a_wrong_code_counts_for_lockout(engine: Engine) {
    let it = Installation::with(Setup::on(engine).config(|c| c.lockout.attempts = 3)).await;
    for _ in 0..3 {
        assert_eq!(outcome(&it, with_code("000000")).await, "invalid_code");
    }
    let code = demo::code(demo::TOVA, it.now());
    assert_eq!(outcome(&it, with_code(&code)).await, "invalid_credentials");
    assert_eq!(right(&it, demo::TOVA).await, "invalid_credentials", "no word of the second factor either");
}

async fn every_door_asks_for_it(engine: Engine) {
    let it = Installation::on(engine).await;
    let client = it.client(demo::CLIENT).await;
    let oauth = Through::Oauth { client, scope: Scopes::parse("read") };
    let mut asked = with_code(&demo::code(demo::TOVA, it.now()));
    asked.through = oauth;
    let refused = it.try_command(asked).await;
    assert!(matches!(refused, Err(Error::MfaRequired(None))), "the password grant has no place for a code");
    let pending = it.try_command(command(demo::TOVA, demo::password(demo::TOVA), Through::Frontegg)).await;
    let Err(Error::MfaRequired(Some(pending))) = pending else { panic!("Frontegg's door has") };
    assert!(pending.device.is_some());
    assert_eq!(value(&it, "SELECT COUNT(*) FROM sessions").await, "0");
    assert_eq!(value(&it, "SELECT purpose FROM mfa_tokens").await, "verify");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action = 'session.refused'").await, "2");
}

async fn a_tenant_may_ask_everybody(engine: Engine) {
    let it = Installation::on(engine).await;
    it.sql("UPDATE tenants SET mfa_enforce = 'Force' WHERE key = 'contoso'").await;
    assert_eq!(right(&it, demo::OTTO).await, "mfa_required", "not enrolled: there is no way in");
    assert_eq!(right(&it, demo::NOOR).await, "in", "of another tenant");
    it.sql("UPDATE users SET mfa_bypass = TRUE WHERE email LIKE 'otto%'").await;
    let signed = it.sign_in(demo::OTTO).await;
    assert!(!signed.opened.session.mfa && matches!(signed.opened.handed, Handed::SessionToken(_)));
}
