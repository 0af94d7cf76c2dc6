//! `authorize` and its reasons, on credentials as they are looked up.

mod others;
mod refused;
mod turned;
mod who_can;

use domain::decision::{Change, Decision, Door, MembershipState, Reason};
use domain::{EmailAddress, Pattern, Permission, TenantId};
use herald_app::authorize::{authorize, interactive, person};
use herald_app::decisions::who_can::{Command, run};
use herald_app::decisions::{Answer, Ask, UserName, ask};
use herald_app::sessions::sign_in::Through;
use herald_app::tenants::TenantName;
use herald_app::{Caller, Kind};
use testkit::{Engine, Installation, command, demo, on_both_engines};

use crate::support::{mint, named};

on_both_engines! {
    custom_roles_count_with_their_base,
    a_cap_is_told_as_the_reason,
    an_operator_is_one_at_heralds_own_door_alone,
    another_tenant_is_nowhere,
    the_installation_is_no_administrators,
    no_seat_is_named_where_the_quota_has_no_room,
    a_programs_credential_is_not_interactive,
    a_scope_that_is_missing_would_be_widened,
    a_key_made_with_a_scope_says_which_it_lacks,
}

fn permission(key: &str) -> Permission {
    Permission::parse(key).unwrap()
}

const LIVE: Reason = Reason::Membership { state: MembershipState::Live };

/// What is decided about the credential itself.
async fn of_oneself(it: &Installation, caller: &Caller, key: &str, tenant: Option<TenantId>) -> Answer {
    let asked = Ask { permission: permission(key), tenant: tenant.map(TenantName::Id), user: None };
    ask(&it.ctx, caller, asked).await.unwrap()
}

async fn decide(it: &Installation, caller: &Caller, key: &str) -> Decision {
    of_oneself(it, caller, key, None).await.decision
}

fn by_role(role: &str, pattern: &str) -> Reason {
    Reason::Role { role: role.to_owned(), pattern: Pattern::parse(pattern).unwrap() }
}

async fn custom_roles_count_with_their_base(engine: Engine) {
    let it = Installation::on(engine).await;
    let (ragu, noor) = (it.sign_in(demo::RAGU).await, it.sign_in(demo::NOOR).await);
    let (ragu, noor) = (it.caller(&ragu.token).await, it.caller(&noor.token).await);
    let granted = decide(&it, &ragu, "tokens:write").await.reasons;
    assert_eq!(granted, [LIVE, by_role("payments-review", "tokens:write")], "its base's");
    let granted = decide(&it, &noor, "devices:write").await.reasons;
    assert_eq!(granted, [LIVE, by_role("technician", "devices:*")]);
    let granted = decide(&it, &noor, "endpoints:write").await.reasons;
    assert_eq!(granted, [LIVE, by_role("member", "endpoints:write")]);
    let denied = of_oneself(&it, &ragu, "devices:read", None).await;
    assert!(!denied.decision.allowed);
    let none = Reason::NoRole { roles: vec!["payments-review".to_owned()] };
    assert_eq!(denied.decision.reasons, [LIVE, none]);
    assert_eq!(denied.change, Some(Change::GiveRole { role: "technician".to_owned() }));
    let tenant = noor.principal().tenant;
    let refused = authorize(&it.ctx, &noor, &Permission::USERS_WRITE, tenant).await.unwrap_err();
    assert_eq!((refused.kind, refused.code), (Kind::Forbidden, "forbidden"));
    let granted = authorize(&it.ctx, &noor, &Permission::USERS_READ, tenant).await.unwrap();
    assert!(granted.decision.allowed && granted.id.get_version_num() == 7);
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
    let allowed = of_oneself(&it, &caller, "devices:write", None).await;
    assert_eq!(allowed.decision.reasons, [LIVE, by_role("admin", "*"), through]);
    assert_eq!(allowed.change, None);
    let denied = of_oneself(&it, &caller, "users:write", None).await;
    let cut = Reason::CapDenies { role: "technician".to_owned() };
    assert_eq!(denied.decision.reasons, [LIVE, by_role("admin", "*"), cut]);
    assert!(!denied.decision.allowed);
    assert_eq!(denied.change, Some(Change::LiftCap));
    let contoso = it.tenant_id("contoso").await;
    let there = of_oneself(&it, &caller, "roles:read", Some(contoso)).await;
    assert_eq!(there.change, None, "the cap lacks it too: another tenant alone would not do");
}

async fn an_operator_is_one_at_heralds_own_door_alone(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.sign_in(demo::ROOT).await;
    let mut caller = it.caller(&root.token).await;
    let northwind = Some(it.tenant_id("northwind").await);
    for tenant in [None, northwind] {
        caller.door = Door::Own;
        let decision = of_oneself(&it, &caller, "users:write", tenant).await.decision;
        assert_eq!(decision.reasons, [Reason::Operator]);
        caller.door = Door::Product;
        let answer = of_oneself(&it, &caller, "users:write", tenant).await;
        assert!(!answer.decision.allowed);
        assert_eq!((answer.decision.reasons, answer.change), (vec![Reason::OtherTenant], None));
    }
    it.change_user(demo::GUS, "UPDATE users SET is_operator = TRUE WHERE email LIKE 'gus%'").await;
    let mut caller = it.caller(demo::key(demo::GUS)).await;
    assert!(decide(&it, &caller, "users:write").await.allowed);
    caller.door = Door::Product;
    assert!(!decide(&it, &caller, "users:write").await.allowed, "a guest there");
    assert!(decide(&it, &caller, "tokens:read").await.allowed);
    it.change_user(demo::ROOT, "UPDATE users SET is_operator = FALSE WHERE email LIKE 'root%'").await;
    assert!(!crate::support::lives(&it, &root.token).await, "no operator, no tenant: nobody");
}

async fn another_tenant_is_nowhere(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    let caller = it.caller(&mira.token).await;
    let contoso = it.tenant_id("contoso").await;
    let there = async |key: &str| of_oneself(&it, &caller, key, Some(contoso)).await;
    let guest = there("roles:read").await;
    assert_eq!(guest.decision.reasons, [Reason::OtherTenant]);
    assert_eq!(guest.change, Some(Change::SwitchTenant { tenant: contoso }));
    assert_eq!(there("users:write").await.change, None, "a guest there: a role would be missing, too");
    assert!(authorize(&it.ctx, &caller, &Permission::ROLES_READ, Some(contoso)).await.is_err());
    let nowhere = authorize(&it.ctx, &caller, &Permission::ROLES_READ, None).await;
    assert!(nowhere.is_err(), "no tenant is another one, too");
    // A tenant that is not his and one that is not there are the same to him.
    let noor = it.caller(&it.sign_in(demo::NOOR).await.token).await;
    for name in ["contoso", "nothing"] {
        let tenant = Some(TenantName::Key(name.to_owned()));
        let asked = Ask { permission: permission("roles:read"), tenant, user: None };
        let answer = ask(&it.ctx, &noor, asked).await.unwrap();
        assert_eq!((answer.decision.reasons, answer.change), (vec![Reason::OtherTenant], None), "{name}");
    }
}

async fn the_installation_is_no_administrators(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    for key in ["installation:read", "installation:write"] {
        let answer = of_oneself(&it, &mira, key, None).await;
        assert_eq!((answer.decision.reasons, answer.change), (vec![Reason::OperatorsOnly], None), "{key}");
        let enforced = authorize(&it.ctx, &mira, &permission(key), None).await;
        assert!(enforced.is_err(), "as it is enforced");
        let command = Command { permission: permission(key), tenant: None, after: String::new(), limit: 50 };
        let who = run(&it.ctx, &mira, command).await.unwrap();
        assert!(who.items.iter().all(|granted| granted.reasons == [Reason::Operator]), "{:?}", who.items);
    }
}

async fn no_seat_is_named_where_the_quota_has_no_room(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let contoso = it.tenant_id("contoso").await;
    let about = async || {
        let user = Some(UserName::Email(EmailAddress::parse(demo::NOOR).unwrap()));
        let tenant = Some(TenantName::Id(contoso));
        let asked = Ask { permission: permission("roles:read"), tenant, user };
        ask(&it.ctx, &root, asked).await.unwrap().change
    };
    assert_eq!(about().await, Some(Change::JoinTenant { role: "guest".to_owned() }));
    it.sql("UPDATE tenants SET quotas = '{\"users\":1}' WHERE key = 'contoso'").await;
    assert_eq!(about().await, None);
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

async fn a_scope_that_is_missing_would_be_widened(engine: Engine) {
    let it = Installation::on(engine).await;
    let scope = domain::client::Scopes::parse("read");
    let through = Through::Oauth { client: it.client(demo::CLIENT).await, scope };
    let reader = it.try_command(command(demo::MIRA, demo::password(demo::MIRA), through)).await.unwrap();
    let caller = it.caller(&reader.token).await;
    let denied = of_oneself(&it, &caller, "users:write", None).await;
    assert_eq!(denied.decision.reasons, [LIVE, Reason::ScopeLacks { scope: "write" }]);
    assert_eq!(denied.change, Some(Change::WidenScope { scope: "write" }));
}

async fn a_key_made_with_a_scope_says_which_it_lacks(engine: Engine) {
    let it = Installation::on(engine).await;
    let scope = domain::client::Scopes::parse("write");
    let through = Through::Oauth { client: it.client(demo::CLIENT).await, scope };
    let writer = it.try_command(command(demo::MIRA, demo::password(demo::MIRA), through)).await.unwrap();
    let of = async |role: &str| {
        let capped = herald_app::tokens::mint::Command { role: Some(role.to_owned()), ..named("capped") };
        it.caller(&mint(&it, &writer.token, capped).await.unwrap()).await
    };
    let (whole, cut) = (of("admin").await, of("guest").await);
    let denied = of_oneself(&it, &whole, "users:read", None).await;
    assert_eq!(denied.decision.reasons, [LIVE, Reason::ScopeLacks { scope: "read" }]);
    assert_eq!(denied.change, Some(Change::WidenScope { scope: "read" }));
    let wider = it.sign_in(demo::MIRA).await;
    let wider = it.caller(&mint(&it, &wider.token, named("wider")).await.unwrap()).await;
    assert!(decide(&it, &wider, "users:read").await.allowed, "and it does turn it");
    let denied = of_oneself(&it, &cut, "users:read", None).await;
    assert_eq!(denied.decision.reasons, [LIVE, Reason::ScopeLacks { scope: "read" }]);
    assert_eq!(denied.change, None, "its cap lacks it too: the scope alone would not do");
    let denied = of_oneself(&it, &cut, "users:write", None).await;
    assert_eq!(denied.change, Some(Change::LiftCap));
    assert!(decide(&it, &whole, "users:write").await.allowed);
}
