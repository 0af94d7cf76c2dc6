//! Another address for oneself: a session alone is not enough.

use domain::EmailAddress;
use herald_app::users::update;
use herald_app::{Caller, Failure};
use secrecy::SecretString;
use testkit::mail::MailServer;
use testkit::{Engine, Installation, Setup, demo, on_both_engines};

use super::caller;
use crate::support::{right, try_in, value};

on_both_engines! {
    a_stolen_session_does_not_become_the_account,
    wrong_guesses_lock_out_as_at_sign_in,
    whose_it_is_not_needs_no_password_of_his,
    the_old_address_is_told,
    an_administrators_word_is_no_proof_of_a_mailbox,
}

const NEW: &str = "noor@elsewhere.example";

fn to(email: &str, password: Option<&str>) -> update::Command {
    update::Command {
        email: Some(EmailAddress::parse(email).unwrap()),
        current_password: password.map(SecretString::from),
        ..update::Command::default()
    }
}

async fn changed(it: &Installation, by: &Caller, whose: &str, command: update::Command) -> &'static str {
    let id = it.user_id(whose).await;
    match update::run(&it.ctx, by, id, command).await {
        Ok(_) => "changed",
        Err(Failure { code, .. }) => code,
    }
}

async fn a_stolen_session_does_not_become_the_account(engine: Engine) {
    let it = Installation::on(engine).await;
    let noor = caller(&it, demo::NOOR).await;
    assert_eq!(changed(&it, &noor, demo::NOOR, to(NEW, None)).await, "invalid_field");
    assert_eq!(changed(&it, &noor, demo::NOOR, to(NEW, Some("a guess of a thief"))).await, "wrong_password");
    assert_eq!(changed(&it, &noor, demo::NOOR, to(NEW, Some(""))).await, "wrong_password");
    assert_eq!(right(&it, demo::NOOR).await, "in", "nothing has changed");
    assert_eq!(changed(&it, &noor, demo::NOOR, to(demo::NOOR, None)).await, "changed", "the same address");
    let own = Some(demo::password(demo::NOOR));
    assert_eq!(changed(&it, &noor, demo::NOOR, to(NEW, own)).await, "changed");
    assert_eq!(try_in(&it, NEW, demo::password(demo::NOOR)).await, "in");
    let verified = format!("SELECT COUNT(*) FROM users WHERE verified AND email = '{NEW}'");
    assert_eq!(value(&it, &verified).await, "0");
    // An operator is oneself too.
    let root = caller(&it, demo::ROOT).await;
    assert_eq!(changed(&it, &root, demo::ROOT, to("r@elsewhere.example", None)).await, "invalid_field");
}

async fn wrong_guesses_lock_out_as_at_sign_in(engine: Engine) {
    let it = Installation::on(engine).await;
    let noor = caller(&it, demo::NOOR).await;
    for _ in 0..10 {
        assert_eq!(
            changed(&it, &noor, demo::NOOR, to(NEW, Some("a guess of a thief"))).await,
            "wrong_password"
        );
    }
    let own = Some(demo::password(demo::NOOR));
    assert_eq!(changed(&it, &noor, demo::NOOR, to(NEW, own)).await, "wrong_password", "locked out");
    assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials");
}

async fn whose_it_is_not_needs_no_password_of_his(engine: Engine) {
    let it = Installation::on(engine).await;
    let (root, mira) = (caller(&it, demo::ROOT).await, caller(&it, demo::MIRA).await);
    assert_eq!(changed(&it, &mira, demo::NOOR, to(NEW, None)).await, "changed", "of her only tenant");
    assert_eq!(changed(&it, &root, NEW, to(demo::NOOR, None)).await, "changed");
}

async fn the_old_address_is_told(engine: Engine) {
    let server = MailServer::start().await;
    let config = server.config();
    let it = Installation::with(Setup::on(engine).config(|c| c.mail = Some(config))).await;
    let (noor, root) = (caller(&it, demo::NOOR).await, caller(&it, demo::ROOT).await);
    let own = Some(demo::password(demo::NOOR));
    assert_eq!(changed(&it, &noor, demo::NOOR, to(NEW, own)).await, "changed");
    let letter = server.wait(1).await;
    assert_eq!(letter.to, [demo::NOOR]);
    assert_eq!(letter.header("Subject"), "Your address was changed");
    assert!(letter.text().contains(NEW) && !letter.text().contains("token="));
    // Of an address that nobody has shown to be his, and of what an operator does, nobody is told.
    let noor = it.caller(&it.try_sign_in(NEW, demo::password(demo::NOOR)).await.unwrap().token).await;
    assert_eq!(changed(&it, &noor, NEW, to("n@elsewhere.example", own)).await, "changed");
    assert_eq!(changed(&it, &root, demo::GUS, to("g@elsewhere.example", None)).await, "changed");
    it.ctx.mail.end(testkit::seconds(5)).await;
    assert_eq!(server.letters().len(), 1);
}

async fn an_administrators_word_is_no_proof_of_a_mailbox(engine: Engine) {
    let it = Installation::on(engine).await;
    let (root, mira) = (caller(&it, demo::ROOT).await, caller(&it, demo::MIRA).await);
    let says = |verified| update::Command { verified: Some(verified), ..update::Command::default() };
    let verified = async |email: &str| {
        value(&it, &format!("SELECT COUNT(*) FROM users WHERE verified AND email = '{email}'")).await
    };
    let moved = update::Command { verified: Some(true), ..to(NEW, None) };
    assert_eq!(changed(&it, &mira, demo::NOOR, moved).await, "forbidden");
    assert_eq!((verified(NEW).await, verified(demo::NOOR).await), ("0".into(), "1".into()));
    assert_eq!(changed(&it, &mira, demo::NOOR, says(true)).await, "changed", "it is so");
    assert_eq!(changed(&it, &mira, demo::NOOR, says(false)).await, "changed");
    assert_eq!(changed(&it, &mira, demo::NOOR, says(true)).await, "forbidden");
    let noor = caller(&it, demo::NOOR).await;
    assert_eq!(changed(&it, &noor, demo::NOOR, says(true)).await, "forbidden");
    assert_eq!(verified(demo::NOOR).await, "0");
    assert_eq!(changed(&it, &root, demo::NOOR, says(true)).await, "changed");
    assert_eq!(verified(demo::NOOR).await, "1");
}
