//! `--reset-passwords`: what the file names is set again, once.

use testkit::{Engine, on_both_engines};

use crate::{RESET, SMALL, apply, dump, empty, one, plan, told_as};

on_both_engines!(
    a_password_is_set_again_once,
    a_hash_is_set_again_once,
    what_is_right_already_stays,
    a_lockout_by_failures_ends,
);

const OLD: &str = "correct horse battery";
const NEW: &str = "the password of her own";

async fn a_password_is_set_again_once(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let changed = SMALL.replacen(OLD, NEW, 1);
    assert_eq!(plan(&here, &changed).await, "= 7 unchanged", "an initial password resets nothing");
    let ada = here.try_sign_in("ada@acme.example", OLD).await.unwrap();
    let bo = here.try_sign_in("bo@acme.example", OLD).await.unwrap();
    here.hear().await;
    here.prove(&ada.token).await.unwrap();
    assert_eq!(
        told_as(&here, &changed, RESET).await,
        "~ user ada@acme.example: password changed\n= 6 unchanged"
    );
    assert!(here.prove(&ada.token).await.is_err(), "a reset ends what is open");
    here.prove(&bo.token).await.unwrap();
    assert!(here.try_sign_in("ada@acme.example", OLD).await.is_err());
    here.try_sign_in("ada@acme.example", NEW).await.unwrap();
    let before = dump(&here).await;
    assert_eq!(told_as(&here, &changed, RESET).await, "= 7 unchanged");
    assert_eq!(dump(&here).await, before);
    assert_eq!(
        one(&here, "SELECT action, reason FROM audit WHERE action = 'user.changed'").await,
        "user.changed|world file: password"
    );
}

/// bcrypt of "password": as it stands in the store until the user signs in.
const HASH: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";

async fn a_hash_is_set_again_once(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, "[[user]]\nemail = 'a@a.example'\npassword = 'correct horse battery'\n").await;
    let text = format!("[[user]]\nemail = 'a@a.example'\npassword_hash = '{HASH}'\n");
    assert_eq!(plan(&here, &text).await, "= 1 unchanged");
    assert_eq!(told_as(&here, &text, RESET).await, "~ user a@a.example: password changed\n= 0 unchanged");
    assert_eq!(one(&here, "SELECT password_hash FROM users").await, HASH);
    assert_eq!(told_as(&here, &text, RESET).await, "= 1 unchanged");
}

async fn what_is_right_already_stays(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    let ada = here.try_sign_in("ada@acme.example", OLD).await.unwrap();
    let before = dump(&here).await;
    assert_eq!(told_as(&here, SMALL, RESET).await, "= 7 unchanged");
    assert_eq!(dump(&here).await, before);
    here.prove(&ada.token).await.unwrap();
    let unnamed = "[[user]]\nemail = 'ada@acme.example'\n";
    assert_eq!(told_as(&here, unnamed, RESET).await, "= 1 unchanged");
}

async fn a_lockout_by_failures_ends(engine: Engine) {
    let here = empty(engine).await;
    apply(&here, SMALL).await;
    for _ in 0..here.ctx.config.lockout.attempts {
        assert!(here.try_sign_in("ada@acme.example", "wrong and wrong again").await.is_err());
    }
    assert!(here.try_sign_in("ada@acme.example", OLD).await.is_err(), "she is locked out");
    let text = SMALL.replacen(OLD, NEW, 1);
    told_as(&here, &text, RESET).await;
    here.try_sign_in("ada@acme.example", NEW).await.unwrap();
}
