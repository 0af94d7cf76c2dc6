//! What ends a family: reuse, its owner, its session, its time.

use domain::EmailAddress;
use domain::session::Opening;
use herald_app::sessions::{end, sign_out};
use herald_app::users::{lock, set_password};
use testkit::{Engine, Installation, Setup, days, demo, hours, on_both_engines, origin, seconds};

use crate::support::{dead, is_refused, lives, refresh, value};

on_both_engines! {
    a_reuse_after_the_grace_ends_the_family,
    a_reuse_once_the_successor_was_used_ends_the_family,
    what_ends_the_owner_ends_the_family,
    a_session_ended_is_ended_for_its_refresh_tokens,
    nothing_outlives_the_absolute_end,
    a_refresh_token_unused_ends_by_itself,
    a_session_ends_by_its_refresh_token,
}

async fn a_reuse_after_the_grace_ends_the_family(engine: Engine) {
    let it = Installation::on(engine).await;
    let other = it.grant(demo::MIRA).await;
    let grant = it.grant(demo::MIRA).await;
    let presented = grant.refresh.unwrap();
    let next = refresh(&it, &presented).await.unwrap();
    it.tick().await;
    assert!(lives(&it, &next.access).await && lives(&it, &grant.token).await);
    it.advance(seconds(10) + std::time::Duration::from_micros(1));
    it.hear().await;
    assert!(is_refused(&it, &presented).await);
    for access in [&next.access, &grant.token] {
        assert!(dead(&it, access).await.is_some(), "every access token of the family");
    }
    assert!(is_refused(&it, &next.refresh).await && is_refused(&it, &presented).await);
    assert!(lives(&it, &other.token).await && refresh(&it, &other.refresh.unwrap()).await.is_ok());
    assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action = 'session.reused'").await, "1");
}

async fn a_reuse_once_the_successor_was_used_ends_the_family(engine: Engine) {
    let it = Installation::on(engine).await;
    let presented = it.grant(demo::MIRA).await.refresh.unwrap();
    let second = refresh(&it, &presented).await.unwrap();
    let third = refresh(&it, &second.refresh).await.unwrap();
    assert!(is_refused(&it, &presented).await, "within the grace, and yet");
    assert!(is_refused(&it, &third.refresh).await && !lives(&it, &third.access).await);
}

async fn what_ends_the_owner_ends_the_family(engine: Engine) {
    let it = Installation::on(engine).await;
    let northwind = engine.uuid(it.tenant_id("northwind").await.uuid());
    let out = [
        (
            "deactivated",
            "UPDATE users SET active = FALSE".to_owned(),
            "UPDATE users SET active = TRUE".to_owned(),
        ),
        ("locked", "UPDATE users SET locked = TRUE".to_owned(), "UPDATE users SET locked = FALSE".to_owned()),
        (
            "inactive there",
            format!("UPDATE memberships SET active = FALSE WHERE tenant_id = {northwind}"),
            "UPDATE memberships SET active = TRUE".to_owned(),
        ),
    ];
    for (case, away, back) in out {
        let presented = it.grant(demo::MIRA).await.refresh.unwrap();
        it.sql(&away).await;
        assert!(is_refused(&it, &presented).await, "{case}");
        it.sql(&back).await;
        assert!(refresh(&it, &presented).await.is_ok(), "{case}: suspended, not ended");
    }
    let address = EmailAddress::parse(demo::GUS).unwrap();
    let presented = it.grant(demo::GUS).await.refresh.unwrap();
    lock::run(&it.ctx, address.clone(), true).await.unwrap();
    lock::run(&it.ctx, address.clone(), false).await.unwrap();
    assert!(is_refused(&it, &presented).await, "a lock ends");
    let presented = it.grant(demo::GUS).await.refresh.unwrap();
    set_password::run(&it.ctx, address, &demo::password(demo::GUS).into()).await.unwrap();
    assert!(is_refused(&it, &presented).await, "a password set ends");
    let presented = it.grant(demo::GUS).await.refresh.unwrap();
    it.sql(&format!("DELETE FROM memberships WHERE tenant_id = {northwind}")).await;
    assert!(is_refused(&it, &presented).await, "no member any more");
}

async fn a_session_ended_is_ended_for_its_refresh_tokens(engine: Engine) {
    let it = Installation::on(engine).await;
    let (one, two) = (it.grant(demo::MIRA).await, it.grant(demo::MIRA).await);
    let caller = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    end::one(&it.ctx, &caller, one.opened.session.id).await.unwrap();
    assert!(is_refused(&it, one.refresh.as_deref().unwrap()).await && !lives(&it, &one.token).await);
    sign_out::session(&it.ctx, &it.caller(&two.token).await).await.unwrap();
    assert!(is_refused(&it, two.refresh.as_deref().unwrap()).await);
    assert_eq!(value(&it, "SELECT COUNT(*) FROM families WHERE ended_at IS NULL").await, "0");
}

async fn nothing_outlives_the_absolute_end(engine: Engine) {
    let short = |c: &mut herald_app::Config| {
        c.sessions.absolute = days(3);
        c.tokens.refresh_ttl = days(2);
    };
    let it = Installation::with(Setup::on(engine).config(short)).await;
    let grant = it.grant(demo::MIRA).await;
    let end = it.now().plus(days(3));
    assert_eq!(
        grant.opened.session.expires_at,
        it.now().plus(days(2)),
        "as long as its newest refresh token"
    );
    it.advance(hours(36));
    let next = refresh(&it, &grant.refresh.unwrap()).await.unwrap();
    assert_eq!(next.whole.grant.refresh_expires_at, end, "not three and a half days");
    it.advance(hours(36) - seconds(60));
    let last = refresh(&it, &next.refresh).await.unwrap();
    assert_eq!((last.whole.grant.refresh_expires_at, last.whole.grant.access_expires_at), (end, end));
    it.hear().await;
    assert!(lives(&it, &last.access).await);
    it.clock.set_wall(end);
    assert!(!lives(&it, &last.access).await && is_refused(&it, &last.refresh).await);
}

async fn a_refresh_token_unused_ends_by_itself(engine: Engine) {
    let it = Installation::with(Setup::on(engine).config(|c| c.tokens.refresh_ttl = days(2))).await;
    let (one, two) = (it.grant(demo::MIRA).await, it.grant(demo::MIRA).await);
    it.advance(days(2) - std::time::Duration::from_micros(1));
    assert!(refresh(&it, one.refresh.as_deref().unwrap()).await.is_ok(), "without any idle limit");
    it.advance(std::time::Duration::from_micros(1));
    assert!(is_refused(&it, two.refresh.as_deref().unwrap()).await);
}

async fn a_session_ends_by_its_refresh_token(engine: Engine) {
    let it = Installation::on(engine).await;
    let grant = it.grant(demo::MIRA).await;
    let old = grant.refresh.unwrap();
    let next = refresh(&it, &old).await.unwrap();
    let by = |token: String, opening| {
        let ctx = &it.ctx;
        async move { end::by_refresh_token(ctx, &token.into(), opening, &origin()).await.unwrap() }
    };
    assert!(!by("hr_unknown".to_owned(), Opening::Oauth).await);
    assert!(!by(old.clone(), Opening::Frontegg).await, "another door's");
    assert!(lives(&it, &next.access).await);
    assert!(by(old.clone(), Opening::Oauth).await, "rotated or not");
    assert!(!lives(&it, &next.access).await && is_refused(&it, &next.refresh).await);
    assert!(!by(old, Opening::Oauth).await, "it had ended");
}
