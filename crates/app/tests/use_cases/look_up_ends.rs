//! When a credential ends: with its time, its session, its owner, its membership.

use domain::EmailAddress;
use domain::standing::Dead;
use herald_app::sessions::{end, sign_out};
use herald_app::users::{change_password, lock, set_password};
use testkit::{Engine, Installation, demo, on_both_engines, seconds};

use crate::support::{dead, is_refused, lives, mint, named};

on_both_engines! {
    a_lock_ends_sessions_and_suspends_keys,
    a_membership_ends_at_its_moment,
    a_key_ends_at_its_moment_and_by_revocation,
    a_deactivated_owner_is_nobody,
    signing_out_ends_that_session_alone,
    ending_the_others_keeps_the_presented,
    a_password_change_keeps_the_presented_session_alone,
    a_password_set_for_somebody_ends_everything,
    the_last_administrator_stays,
}

fn address(email: &str) -> EmailAddress {
    EmailAddress::parse(email).unwrap()
}

async fn a_lock_ends_sessions_and_suspends_keys(engine: Engine) {
    let it = Installation::on(engine).await;
    let (session, grant) = (it.sign_in(demo::GUS).await, it.grant(demo::GUS).await);
    it.tick().await;
    let key = demo::key(demo::GUS);
    for presented in [session.token.as_str(), &grant.token, key] {
        assert!(lives(&it, presented).await);
    }
    assert_eq!(lock::run(&it.ctx, address(demo::GUS), true).await.unwrap(), lock::Done::Changed);
    assert_eq!(dead(&it, &session.token).await, Some(Dead::Revoked));
    assert_eq!(dead(&it, &grant.token).await, Some(Dead::Revoked));
    assert_eq!(dead(&it, key).await, Some(Dead::OwnerLocked));
    assert!(is_refused(&it, grant.refresh.as_deref().unwrap()).await);
    assert_eq!(lock::run(&it.ctx, address(demo::GUS), true).await.unwrap(), lock::Done::Unchanged);
    assert_eq!(lock::run(&it.ctx, address(demo::GUS), false).await.unwrap(), lock::Done::Changed);
    assert!(lives(&it, key).await, "suspended, not ended");
    assert_eq!(dead(&it, &session.token).await, Some(Dead::Revoked));
    assert_eq!(dead(&it, &grant.token).await, Some(Dead::Revoked));
    assert!(is_refused(&it, grant.refresh.as_deref().unwrap()).await);
}

async fn a_membership_ends_at_its_moment(engine: Engine) {
    let it = Installation::on(engine).await;
    let end = it.now().plus(seconds(3600));
    it.sql(&format!("UPDATE memberships SET expires_at = {} WHERE expires_at IS NOT NULL", end.as_micros()))
        .await;
    let (session, grant) = (it.sign_in(demo::GUS).await, it.grant(demo::GUS).await);
    it.clock.set_wall(domain::Timestamp::from_micros(end.as_micros() - 1));
    it.tick().await;
    for presented in [session.token.as_str(), &grant.token, demo::key(demo::GUS)] {
        assert!(lives(&it, presented).await, "a microsecond before");
    }
    it.clock.set_wall(end);
    assert_eq!(dead(&it, &session.token).await, Some(Dead::MembershipEnded));
    assert!(dead(&it, &grant.token).await.is_some());
    assert_eq!(dead(&it, demo::key(demo::GUS)).await, Some(Dead::MembershipEnded));
    assert!(is_refused(&it, grant.refresh.as_deref().unwrap()).await);
}

async fn a_key_ends_at_its_moment_and_by_revocation(engine: Engine) {
    let it = Installation::on(engine).await;
    let session = it.sign_in(demo::MIRA).await;
    let mut short = named("short");
    short.lives = Some(seconds(60));
    let (short, other) = (
        mint(&it, &session.token, short).await.unwrap(),
        mint(&it, &session.token, named("b")).await.unwrap(),
    );
    it.tick().await;
    assert!(lives(&it, &short).await && lives(&it, &other).await);
    let id = it.prove(&other).await.unwrap().principal.credential.id;
    it.advance(seconds(59));
    it.tick().await;
    assert!(lives(&it, &short).await);
    it.advance(seconds(1));
    assert_eq!(dead(&it, &short).await, Some(Dead::Expired));
    let caller = it.caller(&session.token).await;
    herald_app::tokens::revoke::run(&it.ctx, &caller, domain::TokenId::from_uuid(id)).await.unwrap();
    assert_eq!(dead(&it, &other).await, Some(Dead::Revoked));
}

async fn a_deactivated_owner_is_nobody(engine: Engine) {
    let it = Installation::on(engine).await;
    let session = it.sign_in(demo::MIRA).await;
    it.tick().await;
    assert!(lives(&it, &session.token).await && lives(&it, demo::key(demo::MIRA)).await);
    it.change_user(demo::MIRA, "UPDATE users SET active = FALSE WHERE email LIKE 'mira%'").await;
    assert_eq!(dead(&it, &session.token).await, Some(Dead::OwnerInactive));
    assert_eq!(dead(&it, demo::key(demo::MIRA)).await, Some(Dead::OwnerInactive));
    let northwind = engine.uuid(it.tenant_id("northwind").await.uuid());
    it.change_user(
        demo::MIRA,
        &format!("UPDATE users SET active = TRUE; DELETE FROM memberships WHERE tenant_id = {northwind}"),
    )
    .await;
    assert_eq!(dead(&it, &session.token).await, Some(Dead::MembershipEnded), "guest of another tenant still");
    it.sql("DELETE FROM users WHERE email LIKE 'mira%'").await;
    let fresh = it.another().await;
    assert_eq!(dead(&fresh, &session.token).await, Some(Dead::Unknown));
}

async fn signing_out_ends_that_session_alone(engine: Engine) {
    let it = Installation::on(engine).await;
    let (one, other, grant) =
        (it.sign_in(demo::MIRA).await, it.sign_in(demo::MIRA).await, it.grant(demo::MIRA).await);
    it.tick().await;
    sign_out::session(&it.ctx, &it.caller(&one.token).await).await.unwrap();
    assert_eq!(dead(&it, &one.token).await, Some(Dead::Revoked));
    assert!(lives(&it, &other.token).await && lives(&it, &grant.token).await);
    sign_out::session(&it.ctx, &it.caller(&grant.token).await).await.unwrap();
    assert_eq!(dead(&it, &grant.token).await, Some(Dead::Revoked));
    assert!(is_refused(&it, grant.refresh.as_deref().unwrap()).await);
    let key = it.caller(demo::key(demo::MIRA)).await;
    let refused = sign_out::session(&it.ctx, &key).await.unwrap_err();
    assert_eq!((refused.kind, refused.code), (herald_app::Kind::Invalid, "no_session"));
    sign_out::presented(&it.ctx, &key).await.unwrap();
    assert_eq!(dead(&it, demo::key(demo::MIRA)).await, Some(Dead::Revoked), "Aegis ends what was presented");
}

async fn ending_the_others_keeps_the_presented(engine: Engine) {
    let it = Installation::on(engine).await;
    let (mine, other, grant) =
        (it.sign_in(demo::MIRA).await, it.sign_in(demo::MIRA).await, it.grant(demo::MIRA).await);
    let stranger = it.sign_in(demo::NOOR).await;
    let caller = it.caller(&mine.token).await;
    let refused = end::one(&it.ctx, &caller, stranger.opened.session.id).await.unwrap_err();
    assert_eq!(refused.kind, herald_app::Kind::NotFound);
    end::one(&it.ctx, &caller, other.opened.session.id).await.unwrap();
    let again = end::one(&it.ctx, &caller, other.opened.session.id).await.unwrap_err();
    assert_eq!(again.kind, herald_app::Kind::NotFound);
    assert_eq!(end::others(&it.ctx, &caller).await.unwrap(), 1, "the grant's");
    assert!(lives(&it, &mine.token).await && lives(&it, &stranger.token).await);
    assert_eq!(dead(&it, &other.token).await, Some(Dead::Revoked));
    assert_eq!(dead(&it, &grant.token).await, Some(Dead::Revoked));
    let key = it.caller(demo::key(demo::MIRA)).await;
    let refused = end::others(&it.ctx, &key).await.unwrap_err();
    assert_eq!(refused.kind, herald_app::Kind::Forbidden, "a program's credential");
}

async fn a_password_change_keeps_the_presented_session_alone(engine: Engine) {
    let it = Installation::on(engine).await;
    let (mine, other, grant) =
        (it.sign_in(demo::MIRA).await, it.sign_in(demo::MIRA).await, it.grant(demo::MIRA).await);
    let caller = it.caller(&mine.token).await;
    let change =
        |current: &str, new: &str| change_password::Command { current: current.into(), new: new.into() };
    let (old, new) = (demo::password(demo::MIRA), "eleven quiet lighthouses");
    let wrong =
        change_password::run(&it.ctx, &caller, change("not the right password", new)).await.unwrap_err();
    assert_eq!(wrong.code, "wrong_password");
    for (bad, why) in [("short", "too short"), (&*"x".repeat(1025), "too long")] {
        let refused = change_password::run(&it.ctx, &caller, change(old, bad)).await.unwrap_err();
        assert_eq!(refused.fields[0].field, "new_password", "{why}");
    }
    let by_key = it.caller(demo::key(demo::MIRA)).await;
    let refused = change_password::run(&it.ctx, &by_key, change(old, new)).await.unwrap_err();
    assert_eq!(refused.kind, herald_app::Kind::Forbidden);
    assert!(lives(&it, &other.token).await);
    change_password::run(&it.ctx, &caller, change(old, new)).await.unwrap();
    assert!(lives(&it, &mine.token).await && lives(&it, demo::key(demo::MIRA)).await);
    assert!(!lives(&it, &other.token).await && !lives(&it, &grant.token).await);
    assert!(is_refused(&it, grant.refresh.as_deref().unwrap()).await);
    assert_eq!(crate::support::right(&it, demo::MIRA).await, "invalid_credentials");
    assert_eq!(crate::support::try_in(&it, demo::MIRA, new).await, "in");
}

async fn a_password_set_for_somebody_ends_everything(engine: Engine) {
    let it = Installation::on(engine).await;
    let (session, grant) = (it.sign_in(demo::MIRA).await, it.grant(demo::MIRA).await);
    it.tick().await;
    assert!(lives(&it, &session.token).await);
    set_password::run(&it.ctx, address(demo::MIRA), &"eleven quiet lighthouses".into()).await.unwrap();
    assert!(!lives(&it, &session.token).await && !lives(&it, &grant.token).await);
    assert!(is_refused(&it, grant.refresh.as_deref().unwrap()).await);
    let nobody =
        set_password::run(&it.ctx, address("nobody@a.example"), &"eleven quiet lighthouses".into()).await;
    assert_eq!(nobody.unwrap_err().kind, herald_app::Kind::NotFound);
}

async fn the_last_administrator_stays(engine: Engine) {
    let it = Installation::on(engine).await;
    for (email, code) in [(demo::OTTO, "last_administrator"), (demo::ROOT, "last_operator")] {
        let refused = lock::run(&it.ctx, address(email), true).await.unwrap_err();
        assert_eq!((refused.kind, refused.code), (herald_app::Kind::Conflict, code));
    }
    it.sql("UPDATE users SET active = FALSE WHERE email LIKE 'otto%'").await;
    lock::run(&it.ctx, address(demo::OTTO), true).await.expect("he was none any more");
    it.sql("UPDATE users SET active = TRUE, locked = FALSE WHERE email LIKE 'otto%'").await;
    let contoso = engine.uuid(it.tenant_id("contoso").await.uuid());
    let admin = engine.uuid(domain::Builtin::Admin.id().uuid());
    it.sql(&format!("UPDATE membership_roles SET role_id = {admin} WHERE tenant_id = {contoso}")).await;
    let both = [demo::OTTO, demo::MIRA].map(|email| lock::run(&it.ctx, address(email), true));
    let done = testkit::join_all(both).await.into_iter().flatten().count();
    assert!(done <= 1, "two at once leave one");
    it.sql("UPDATE users SET is_operator = TRUE WHERE email LIKE 'noor%'").await;
    let both = [demo::ROOT, demo::NOOR].map(|email| lock::run(&it.ctx, address(email), true));
    let done = testkit::join_all(both).await.into_iter().flatten().count();
    assert_eq!(done, 1, "of two operators at once one");
}
