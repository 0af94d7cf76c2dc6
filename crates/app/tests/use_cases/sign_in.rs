//! design.md §8, "Sign-in", row by row.

use domain::client::Scopes;
use domain::session::Opening;
use herald_app::Failure;
use herald_app::sessions::sign_in::Through;
use testkit::{Engine, Installation, command, demo, hours, on_both_engines};

use crate::support::{into_tenant, right, try_in, value};

on_both_engines! {
    whoever_may_not_in_hears_the_same_at_the_same_cost,
    the_right_password_of_a_locked_user_is_told_so,
    a_session_goes_to_the_tenant_asked_for,
    without_a_tenant_it_goes_home,
    an_operator_stands_above_all_tenants,
    a_session_holds_what_was_said_of_it,
}

/// The words and the hashing work of one refused sign-in.
async fn refusal(it: &Installation, email: &str, password: &str, tenant: Option<&str>) -> (String, u64) {
    let before = it.ctx.hasher.work_done();
    let mut command = command(email, password, Through::Native);
    command.tenant = tenant.map(str::to_owned);
    let Err(error) = it.try_command(command).await else { panic!("{email} came in") };
    let failure = Failure::from(error);
    let words = format!("{:?} {} {} {:?}", failure.kind, failure.code, failure.public, failure.fields);
    (words, it.ctx.hasher.work_done() - before)
}

async fn whoever_may_not_in_hears_the_same_at_the_same_cost(engine: Engine) {
    let it = Installation::on(engine).await;
    it.sql("UPDATE users SET active = FALSE WHERE email LIKE 'noor%'").await;
    it.sql("UPDATE users SET password_hash = NULL WHERE email LIKE 'tova%'").await;
    it.sql("DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE email LIKE 'otto%')").await;
    it.sql(&format!(
        "UPDATE memberships SET expires_at = {} WHERE expires_at IS NOT NULL",
        it.now().as_micros()
    ))
    .await;
    it.sql("UPDATE memberships SET active = FALSE WHERE user_id = (SELECT id FROM users WHERE email LIKE 'ragu%')").await;
    let (words, work) = refusal(&it, demo::MIRA, "not the right password", None).await;
    assert!(words.contains("invalid_credentials") && work > 0, "{words} {work}");
    let long = "x".repeat(1025);
    let longer = "x".repeat(10_000);
    let cases = [
        ("unknown", "nobody@northwind.example", "not the right password", None),
        ("no address", "nobody at all", "not the right password", None),
        ("a long address", &longer, "not the right password", None),
        ("an empty address", "", "not the right password", None),
        ("an empty password", demo::MIRA, "", None),
        ("over-long, known", demo::MIRA, &long, None),
        ("over-long, unknown", "nobody@northwind.example", &long, None),
        ("far too long", demo::MIRA, &longer, None),
        ("far too long, unknown", "nobody@northwind.example", &longer, None),
        ("deactivated", demo::NOOR, demo::password(demo::NOOR), None),
        ("without a password", demo::TOVA, demo::password(demo::TOVA), None),
        ("no membership", demo::OTTO, demo::password(demo::OTTO), None),
        ("membership ended", demo::GUS, demo::password(demo::GUS), None),
        ("membership inactive", demo::RAGU, demo::password(demo::RAGU), None),
        ("unknown tenant", demo::MIRA, demo::password(demo::MIRA), Some("fabrikam")),
        ("not a member", demo::RAGU, demo::password(demo::RAGU), Some("contoso")),
        ("an operator in a tenant", demo::ROOT, demo::password(demo::ROOT), Some("northwind")),
    ];
    for (case, email, password, tenant) in cases {
        assert_eq!(refusal(&it, email, password, tenant).await, (words.clone(), work), "{case}");
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM sessions").await, "0");
}

async fn the_right_password_of_a_locked_user_is_told_so(engine: Engine) {
    let it = Installation::on(engine).await;
    it.sql("UPDATE users SET locked = TRUE WHERE email LIKE 'noor%'").await;
    assert_eq!(right(&it, demo::NOOR).await, "locked");
    assert_eq!(try_in(&it, demo::NOOR, "not the right password").await, "invalid_credentials");
    it.sql("UPDATE users SET active = FALSE WHERE email LIKE 'noor%'").await;
    assert_eq!(right(&it, demo::NOOR).await, "invalid_credentials", "deactivated counts before locked");
}

async fn a_session_goes_to_the_tenant_asked_for(engine: Engine) {
    let it = Installation::on(engine).await;
    let northwind = it.tenant_id("northwind").await.to_string();
    for tenant in ["northwind", &northwind, &northwind.to_uppercase()] {
        assert_eq!(into_tenant(&it, demo::MIRA, Some(tenant)).await, "northwind", "{tenant}");
    }
    assert_eq!(into_tenant(&it, demo::MIRA, Some("contoso")).await, "contoso");
    for tenant in ["", " northwind", "Northwind", "northwind%", "NORTHWIND", "*"] {
        assert_eq!(into_tenant(&it, demo::MIRA, Some(tenant)).await, "invalid_credentials", "{tenant:?}");
    }
}

async fn without_a_tenant_it_goes_home(engine: Engine) {
    let it = Installation::on(engine).await;
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "northwind");
    let (northwind, contoso) = (it.tenant_id("northwind").await.uuid(), it.tenant_id("contoso").await.uuid());
    it.sql(&format!("UPDATE users SET default_tenant_id = {}", engine.uuid(contoso))).await;
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "contoso", "the default");
    it.sql("UPDATE users SET default_tenant_id = NULL").await;
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "northwind", "the lowest number");
    it.sql("UPDATE tenants SET number = 1 WHERE key = 'contoso'").await;
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "contoso", "the lowest number");
    let end = it.now().plus(hours(1));
    it.sql(&format!("UPDATE users SET default_tenant_id = {}", engine.uuid(northwind))).await;
    it.sql(&format!(
        "UPDATE memberships SET expires_at = {} WHERE tenant_id = {}",
        end.as_micros(),
        engine.uuid(northwind)
    ))
    .await;
    it.clock.set_wall(domain::Timestamp::from_micros(end.as_micros() - 1));
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "northwind", "a microsecond before its end");
    it.clock.set_wall(end);
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "contoso", "the default is no longer live");
}

async fn an_operator_stands_above_all_tenants(engine: Engine) {
    let it = Installation::on(engine).await;
    assert_eq!(into_tenant(&it, demo::ROOT, None).await, "none");
    it.sql("UPDATE users SET is_operator = TRUE WHERE email LIKE 'mira%'").await;
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "none");
    assert_eq!(into_tenant(&it, demo::MIRA, Some("contoso")).await, "contoso");
    // At a product's door he is what his membership makes him: nobody.
    let client = it.client(demo::CLIENT).await;
    let through = Through::Oauth { client, scope: Scopes::parse("read") };
    let refused = it.try_command(command(demo::ROOT, demo::password(demo::ROOT), through)).await;
    assert!(crate::support::is_invalid(&refused));
    let refused = it.try_command(command(demo::ROOT, demo::password(demo::ROOT), Through::Frontegg)).await;
    assert!(crate::support::is_invalid(&refused));
}

async fn a_session_holds_what_was_said_of_it(engine: Engine) {
    let it = Installation::on(engine).await;
    let spelled = command("  Mira.HOLT@NorthWind.Example ", demo::password(demo::MIRA), Through::Native);
    let signed = it.try_command(spelled).await.unwrap_or_else(|why| panic!("{why:?}"));
    let session = &signed.opened.session;
    assert_eq!(signed.opened.profile.user.email.as_str(), demo::MIRA, "one form of an address");
    assert_eq!(signed.opened.profile.user.last_login_at, Some(it.now()));
    assert_eq!((session.opening, session.mfa), (Opening::Native, false));
    assert_eq!((session.ip.as_str(), session.user_agent.as_str()), ("192.0.2.7", "testkit/1"));
    assert_eq!(session.ends_at(), it.now().plus(hours(12)), "idle comes before absolute");
    assert!(signed.token.starts_with("hs_") && signed.token.len() == 46);
    let entry = it.prove(&signed.token).await.unwrap();
    assert_eq!(entry.principal.signed_in_at, Some(it.now()));
    assert_eq!(entry.principal.profile().unwrap().user.last_login_at, Some(it.now()));
    let kept = value(&it, "SELECT digest FROM sessions").await;
    let digest = herald_app::principal::digest(&signed.token);
    assert_eq!(kept, testkit::hex(&digest));
}
