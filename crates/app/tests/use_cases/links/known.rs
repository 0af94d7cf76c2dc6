//! Somebody who has an account.

use herald_app::invitations::accept as use_case;
use testkit::{Engine, Installation, demo, on_both_engines};

use super::{accept, accepted, accepting, handed, invite, invite_with, inviting};
use crate::support::{into_tenant, try_in, value};

on_both_engines! {
    somebody_known_joins_with_the_password_he_has,
    a_wrong_password_counts_as_at_sign_in,
    the_second_factor_is_asked_for_and_spent,
    whoever_is_locked_or_deactivated_does_not_join,
    ones_own_session_is_enough_and_nobody_elses,
    a_member_is_not_invited_and_a_seat_that_is_over_lives_again,
}

async fn somebody_known_joins_with_the_password_he_has(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    let token = invite(&it, &otto, "contoso", (demo::NOOR, "developer")).await;
    assert_eq!(accepted(&it, &token, "not the password of noor").await, "invalid_credentials");
    let got = accept(&it, &token, demo::password(demo::NOOR)).await.unwrap();
    assert!(!got.is_new);
    assert_eq!(into_tenant(&it, demo::NOOR, Some("contoso")).await, "contoso");
    assert_eq!(into_tenant(&it, demo::NOOR, None).await, "northwind", "at home where he was");
    assert_eq!(accepted(&it, &token, demo::password(demo::NOOR)).await, "invalid_token");
}

async fn a_wrong_password_counts_as_at_sign_in(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    let token = invite(&it, &otto, "contoso", (demo::NOOR, "guest")).await;
    for _ in 0..10 {
        assert_eq!(accepted(&it, &token, "not the password of noor").await, "invalid_credentials");
    }
    assert_eq!(accepted(&it, &token, demo::password(demo::NOOR)).await, "invalid_credentials", "locked out");
    assert_eq!(try_in(&it, demo::NOOR, demo::password(demo::NOOR)).await, "invalid_credentials");
    it.advance(testkit::minutes(16));
    assert_eq!(accepted(&it, &token, demo::password(demo::NOOR)).await, "in");
}

async fn the_second_factor_is_asked_for_and_spent(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    let token = invite(&it, &otto, "contoso", (demo::TOVA, "guest")).await;
    let with = async |code: Option<String>| {
        let mut command = accepting(&token, demo::password(demo::TOVA));
        command.code = code;
        use_case::run(&it.ctx, None, command).await.map_err(|failure| failure.code)
    };
    assert_eq!(with(None).await.err(), Some("mfa_required"));
    assert_eq!(with(Some("000000".to_owned())).await.err(), Some("invalid_code"));
    let code = demo::code(demo::TOVA, it.now());
    assert!(with(Some(code.clone())).await.is_ok());
    let mut again = testkit::command(
        demo::TOVA,
        demo::password(demo::TOVA),
        herald_app::sessions::sign_in::Through::Native,
    );
    again.code = Some(code);
    assert_eq!(crate::support::outcome(&it, again).await, "invalid_code", "its step is spent");
}

async fn whoever_is_locked_or_deactivated_does_not_join(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    let token = invite(&it, &otto, "contoso", (demo::NOOR, "guest")).await;
    it.sql("UPDATE users SET locked = TRUE WHERE email LIKE 'noor%'").await;
    assert_eq!(accepted(&it, &token, "not the password of noor").await, "invalid_credentials");
    assert_eq!(accepted(&it, &token, demo::password(demo::NOOR)).await, "locked");
    it.sql("UPDATE users SET locked = FALSE, active = FALSE WHERE email LIKE 'noor%'").await;
    assert_eq!(accepted(&it, &token, demo::password(demo::NOOR)).await, "invalid_credentials");
}

async fn ones_own_session_is_enough_and_nobody_elses(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    let token = invite(&it, &otto, "contoso", (demo::NOOR, "guest")).await;
    let by = async |credential: &str, token: &str| {
        let caller = it.caller(credential).await;
        let mut command = accepting(token, "");
        command.password = None;
        match use_case::run(&it.ctx, Some(&caller), command).await {
            Ok(_) => "in",
            Err(failure) => failure.code,
        }
    };
    let (noor, gus) = (it.sign_in(demo::NOOR).await.token, it.sign_in(demo::GUS).await.token);
    assert_eq!(by(&gus, &token).await, "forbidden", "for another address");
    assert_eq!(by(&noor, &token).await, "in");
    assert_eq!(by(&noor, &token).await, "invalid_token");
    assert_eq!(into_tenant(&it, demo::NOOR, Some("contoso")).await, "contoso");
    let token = invite(&it, &otto, "contoso", (demo::GUS, "guest")).await;
    assert_eq!(by(demo::key(demo::GUS), &token).await, "forbidden", "a key is no person");
    assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action = 'invitation.accepted'").await, "1");
}

async fn a_member_is_not_invited_and_a_seat_that_is_over_lives_again(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let again = invite_with(&it, &mira, "northwind", inviting(demo::NOOR, "guest")).await;
    assert_eq!(again.err().unwrap().code, "conflict");
    let ended = it.now().as_micros();
    let whose = "WHERE user_id = (SELECT id FROM users WHERE email LIKE 'noor%')";
    it.sql(&format!("UPDATE memberships SET expires_at = {ended} {whose}")).await;
    let invited = invite_with(&it, &mira, "northwind", inviting(demo::NOOR, "guest")).await.unwrap();
    let got = accept(&it, &handed(&invited.delivery), demo::password(demo::NOOR)).await.unwrap();
    let roles: Vec<&str> = got.membership.roles.iter().map(|role| role.key.as_str()).collect();
    assert_eq!(roles, ["guest"], "what was given now, not what he had");
    assert!(got.membership.sites.is_empty());
}
