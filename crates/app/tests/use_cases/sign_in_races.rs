//! What changes between the verification of a password and the opening of the session (engine.md §7).

use herald_app::passwords::HasherConfig;
use herald_app::sessions::sign_in::Through;
use testkit::{Engine, Held, Installation, Setup, command, demo, on_both_engines};

use crate::support::{right, try_in, value};

on_both_engines! {
    a_password_changed_meanwhile_is_refused,
    a_user_locked_meanwhile_is_refused,
    a_rehash_meanwhile_refuses_nobody,
    a_lockout_meanwhile_refuses_the_right_guess,
    an_old_hash_is_made_anew,
}

/// Signs in while another program holds `held`, which it commits as soon as the password was verified.
async fn meanwhile(it: &Installation, email: &str, held: Held) -> &'static str {
    let before = it.ctx.hasher.work_done();
    let release = async {
        while it.ctx.hasher.work_done() == before || it.ctx.hasher.running() > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        held.commit().await;
    };
    let (outcome, ()) = tokio::join!(right(it, email), release);
    outcome
}

async fn hash_of(it: &Installation, password: &str) -> String {
    it.ctx.hasher.hash(password.into(), it.ctx.chance()).await.unwrap()
}

/// Numbers of sessions are taken beforehand, so that the held transaction meets the sign-in itself.
async fn warm(engine: Engine) -> Installation {
    let it = Installation::on(engine).await;
    it.sign_in(demo::MIRA).await;
    it
}

async fn a_password_changed_meanwhile_is_refused(engine: Engine) {
    let it = warm(engine).await;
    let new = hash_of(&it, "a new password of noor's").await;
    let held =
        it.place().hold(&format!("UPDATE users SET password_hash = '{new}' WHERE email LIKE 'noor%'")).await;
    assert_eq!(meanwhile(&it, demo::NOOR, held).await, "invalid_credentials");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM sessions").await, "1");
    assert_eq!(value(&it, "SELECT failures FROM lockouts").await, "1", "counted like any other");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action = 'session.refused'").await, "1");
    assert_eq!(try_in(&it, demo::NOOR, "a new password of noor's").await, "in");
}

async fn a_user_locked_meanwhile_is_refused(engine: Engine) {
    let it = warm(engine).await;
    let held = it.place().hold("UPDATE users SET locked = TRUE WHERE email LIKE 'noor%'").await;
    assert_eq!(meanwhile(&it, demo::NOOR, held).await, "locked");
    let held = it.place().hold("UPDATE users SET active = FALSE WHERE email LIKE 'gus%'").await;
    assert_eq!(meanwhile(&it, demo::GUS, held).await, "invalid_credentials");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM sessions").await, "1");
}

/// Two sign-ins at once of somebody whose hash is old: the first makes it anew under the feet of the second.
async fn a_rehash_meanwhile_refuses_nobody(engine: Engine) {
    let it = warm(engine).await;
    let same = hash_of(&it, demo::password(demo::NOOR)).await;
    let held =
        it.place().hold(&format!("UPDATE users SET password_hash = '{same}' WHERE email LIKE 'noor%'")).await;
    assert_eq!(meanwhile(&it, demo::NOOR, held).await, "in");
}

/// Guesses that were under way when the bound was reached are no more than the bound.
async fn a_lockout_meanwhile_refuses_the_right_guess(engine: Engine) {
    let it = warm(engine).await;
    let digest = engine.bytes(&herald_app::principal::digest(demo::NOOR));
    let until = it.now().as_micros() + 1;
    let locked = format!(
        "INSERT INTO lockouts (digest, failures, window_from, locked_until, lockouts) VALUES ({digest}, 0, 0, {until}, 1)"
    );
    let held =
        it.place().hold(&format!("UPDATE users SET phone = '1' WHERE email LIKE 'noor%'; {locked}")).await;
    assert_eq!(meanwhile(&it, demo::NOOR, held).await, "invalid_credentials");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM sessions").await, "1");
}

async fn an_old_hash_is_made_anew(engine: Engine) {
    let old = Installation::with(Setup::on(engine)).await;
    let it = old.another_with(|c| c.hasher = HasherConfig { memory_kib: 128, ..c.hasher }).await;
    let hash = || value(&it, "SELECT password_hash FROM users WHERE email LIKE 'noor%'");
    assert!(hash().await.contains("m=64,"));
    let signed = it.try_command(command(demo::NOOR, demo::password(demo::NOOR), Through::Native)).await;
    assert!(signed.is_ok());
    for _ in 0..500 {
        if hash().await.contains("m=128,") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let new = hash().await;
    assert!(new.contains("m=128,"), "{new}");
    assert_eq!(right(&it, demo::NOOR).await, "in");
    assert_eq!(try_in(&it, demo::NOOR, "not the right password").await, "invalid_credentials");
    assert_eq!(hash().await, new, "a current hash stays");
}
