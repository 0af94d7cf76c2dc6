//! `authorize` and its reasons, on credentials as they are looked up.

use domain::decision::{Door, Reason};
use domain::{Pattern, Permission};
use herald_app::authorize::{authorize, interactive, person};
use herald_app::decisions::for_oneself;
use herald_app::{Caller, Kind};
use testkit::{Engine, Installation, demo, on_both_engines};

use crate::support::{mint, named};

on_both_engines! {
    custom_roles_count_with_their_base,
    a_cap_is_told_as_the_reason,
    an_operator_is_one_at_heralds_own_door_alone,
    another_tenant_is_nowhere,
    a_programs_credential_is_not_interactive,
}

fn permission(key: &str) -> Permission {
    Permission::parse(key).unwrap()
}

fn by_role(role: &str, pattern: &str) -> Reason {
    Reason::Role { role: role.to_owned(), pattern: Pattern::parse(pattern).unwrap() }
}

async fn custom_roles_count_with_their_base(engine: Engine) {
    let it = Installation::on(engine).await;
    let (ragu, noor) = (it.sign_in(demo::RAGU).await, it.sign_in(demo::NOOR).await);
    let (ragu, noor) = (it.caller(&ragu.token).await, it.caller(&noor.token).await);
    let decide = |caller: &Caller, key| for_oneself(caller, &permission(key), None);
    assert_eq!(
        decide(&ragu, "tokens:write").reasons,
        [by_role("payments-review", "tokens:write")],
        "its base's"
    );
    assert_eq!(decide(&noor, "devices:write").reasons, [by_role("technician", "devices:*")]);
    assert_eq!(decide(&noor, "endpoints:write").reasons, [by_role("member", "endpoints:write")]);
    let denied = decide(&ragu, "devices:read");
    assert!(!denied.allowed);
    assert_eq!(denied.reasons, [Reason::NoRole { roles: vec!["payments-review".to_owned()] }]);
    let refused = authorize(&noor, &Permission::USERS_WRITE, noor.principal().tenant).unwrap_err();
    assert_eq!((refused.kind, refused.code), (Kind::Forbidden, "forbidden"));
    assert!(authorize(&noor, &Permission::USERS_READ, noor.principal().tenant).unwrap().allowed);
}

async fn a_cap_is_told_as_the_reason(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    let mut command = named("capped");
    command.role = Some("technician".to_owned());
    let key = mint(&it, &mira.token, command).await.unwrap();
    let caller = it.caller(&key).await;
    let through =
        Reason::CapAllows { role: "technician".to_owned(), pattern: Pattern::parse("devices:*").unwrap() };
    let allowed = for_oneself(&caller, &permission("devices:write"), None);
    assert_eq!(allowed.reasons, [by_role("admin", "*"), through]);
    let denied = for_oneself(&caller, &Permission::USERS_WRITE, None);
    assert_eq!(denied.reasons, [by_role("admin", "*"), Reason::CapDenies { role: "technician".to_owned() }]);
    assert!(!denied.allowed);
}

async fn an_operator_is_one_at_heralds_own_door_alone(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.sign_in(demo::ROOT).await;
    let mut caller = it.caller(&root.token).await;
    let northwind = Some(it.tenant_id("northwind").await);
    for tenant in [None, northwind] {
        caller.door = Door::Own;
        assert_eq!(for_oneself(&caller, &Permission::USERS_WRITE, tenant).reasons, [Reason::Operator]);
        caller.door = Door::Product;
        let decision = for_oneself(&caller, &Permission::USERS_WRITE, tenant);
        assert!(!decision.allowed);
        assert_eq!(decision.reasons, [Reason::OtherTenant]);
    }
    it.change_user(demo::GUS, "UPDATE users SET is_operator = TRUE WHERE email LIKE 'gus%'").await;
    let mut caller = it.caller(demo::key(demo::GUS)).await;
    assert!(for_oneself(&caller, &Permission::USERS_WRITE, None).allowed);
    caller.door = Door::Product;
    assert!(!for_oneself(&caller, &Permission::USERS_WRITE, None).allowed, "a guest there");
    assert!(for_oneself(&caller, &Permission::TOKENS_READ, None).allowed);
    it.change_user(demo::ROOT, "UPDATE users SET is_operator = FALSE WHERE email LIKE 'root%'").await;
    assert!(!crate::support::lives(&it, &root.token).await, "no operator, no tenant: nobody");
}

async fn another_tenant_is_nowhere(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    let caller = it.caller(&mira.token).await;
    let contoso = Some(it.tenant_id("contoso").await);
    assert_eq!(for_oneself(&caller, &Permission::ROLES_READ, contoso).reasons, [Reason::OtherTenant]);
    assert!(authorize(&caller, &Permission::ROLES_READ, contoso).is_err());
    assert!(authorize(&caller, &Permission::ROLES_READ, None).is_err(), "no tenant is another one, too");
}

async fn a_programs_credential_is_not_interactive(engine: Engine) {
    let it = Installation::on(engine).await;
    let (session, grant) = (it.sign_in(demo::MIRA).await, it.grant(demo::MIRA).await);
    for (presented, expected) in
        [(session.token.as_str(), true), (&grant.token, true), (demo::key(demo::MIRA), false)]
    {
        let caller = it.caller(presented).await;
        assert_eq!(interactive(&caller).is_ok(), expected);
        assert!(person(&caller).is_ok());
    }
}
