//! A token never exceeds its owner, nor what it was minted with.

use domain::Permission;
use domain::client::Scopes;
use domain::decision::Door;
use domain::token::Utility;
use herald_app::Failure;
use herald_app::sessions::sign_in::Through;
use herald_app::tenants::TenantName;
use herald_app::tokens::{entrust, sign};
use testkit::{Engine, Installation, command, demo, minutes, on_both_engines};

use crate::support::{mint, named, value};

on_both_engines! {
    a_cap_is_within_what_the_maker_may,
    a_token_minted_with_a_token_keeps_its_cap,
    a_cap_cuts_and_follows_its_owner,
    a_key_for_another_program_opens_no_door,
    a_scope_is_not_shed_by_minting,
}

fn capped(role: &str) -> herald_app::tokens::mint::Command {
    herald_app::tokens::mint::Command { role: Some(role.to_owned()), ..named("capped") }
}

async fn a_cap_is_within_what_the_maker_may(engine: Engine) {
    let it = Installation::on(engine).await;
    let cases = [
        (demo::RAGU, "guest", Ok(())),
        (demo::RAGU, "developer", Ok(())),
        (demo::RAGU, "payments-review", Ok(())),
        (demo::RAGU, "no_access", Ok(())),
        (demo::RAGU, "member", Err("forbidden")),
        (demo::RAGU, "admin", Err("forbidden")),
        (demo::RAGU, "technician", Err("forbidden")),
        (demo::NOOR, "technician", Ok(())),
        (demo::NOOR, "member", Ok(())),
        (demo::NOOR, "threat_viewer", Err("forbidden")),
        (demo::MIRA, "admin", Ok(())),
        (demo::MIRA, "technician", Ok(())),
        (demo::OTTO, "payments-review", Err("invalid_field")),
        (demo::MIRA, "nobody", Err("invalid_field")),
        (demo::MIRA, "", Err("invalid_field")),
        (demo::MIRA, "Admin", Err("invalid_field")),
    ];
    for (email, role, expected) in cases {
        let by = it.sign_in(email).await;
        assert_eq!(mint(&it, &by.token, capped(role)).await.map(drop), expected, "{email} {role}");
    }
}

async fn a_token_minted_with_a_token_keeps_its_cap(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    let developer = mint(&it, &mira.token, capped("developer")).await.unwrap();
    let child = mint(&it, &developer, named("child")).await.unwrap();
    let entry = it.prove(&child).await.unwrap();
    assert_eq!(
        entry.principal.cap,
        Some(domain::Builtin::Developer.id()),
        "the presented cap where none is asked"
    );
    assert_eq!(mint(&it, &child, capped("member")).await, Err("forbidden"));
    assert_eq!(mint(&it, &child, capped("admin")).await, Err("forbidden"));
    assert_eq!(mint(&it, &child, capped("technician")).await, Err("forbidden"));
    let guest = mint(&it, &child, capped("guest")).await.unwrap();
    assert_eq!(mint(&it, &guest, named("x")).await, Err("forbidden"), "a guest mints nothing");
    assert!(!it.prove(&child).await.unwrap().principal.same_as(&it.prove(&guest).await.unwrap().principal));
    assert!(
        it.prove(&child).await.unwrap().principal.same_as(&it.prove(&developer).await.unwrap().principal)
    );
}

async fn a_cap_cuts_and_follows_its_owner(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    let key = mint(&it, &mira.token, capped("member")).await.unwrap();
    let tenant = Some(it.tenant_id("northwind").await);
    let may = |permission: &'static Permission| {
        let (it, key) = (&it, &key);
        async move {
            it.prove(key).await.unwrap().principal.authority.decide(permission, tenant, Door::Own).allowed
        }
    };
    it.tick().await;
    assert!(may(&Permission::ENDPOINTS_WRITE).await && !may(&Permission::USERS_WRITE).await);
    let guest = engine.uuid(domain::Builtin::Guest.id().uuid());
    it.change_user(demo::MIRA, &format!(
        "UPDATE membership_roles SET role_id = {guest} WHERE user_id = (SELECT id FROM users WHERE email LIKE 'mira%')"
    ))
    .await;
    assert!(!may(&Permission::ENDPOINTS_WRITE).await, "its owner may no more");
    assert!(may(&Permission::TOKENS_READ).await);
}

async fn a_key_for_another_program_opens_no_door(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    for (utility, opens) in [
        (None, true),
        (Some(Utility::ExternalApi), true),
        (Some(Utility::Cicd), false),
        (Some(Utility::Burp), false),
    ] {
        let mut command = named("u");
        command.utility = utility;
        let key = mint(&it, &mira.token, command).await.unwrap();
        let entry = it.prove(&key).await.unwrap();
        assert_eq!(entry.principal.credential.opens_doors(), opens, "{utility:?}");
    }
}

async fn a_scope_is_not_shed_by_minting(engine: Engine) {
    let it = Installation::on(engine).await;
    for (scopes, refused) in
        [("write", Some("no scope read")), ("read", Some("no scope write")), ("read write", None)]
    {
        let through = Through::Oauth { client: it.client(demo::CLIENT).await, scope: Scopes::parse(scopes) };
        let bound = it.try_command(command(demo::MIRA, demo::password(demo::MIRA), through)).await.unwrap();
        let caller = it.caller(&bound.token).await;
        let signed = sign::Command {
            provider: "local".into(),
            role: "guest".into(),
            lives: minutes(5),
            name: String::new(),
        };
        let own = entrust::Command {
            name: "the tenant's".into(),
            roles: vec!["guest".into()],
            lives: None,
            utility: None,
            revealable: None,
        };
        let northwind = TenantName::parse(demo::NORTHWIND);
        let before = value(&it, "SELECT COUNT(*) FROM tokens").await;
        let minted = mint(&it, &bound.token, named("esc")).await.map(drop);
        let signed = sign::run(&it.ctx, &caller, signed).await.map(drop).map_err(|error| match error {
            sign::Error::Refused(failure) => failure.code,
            other => panic!("{other:?}"),
        });
        let own = entrust::run(&it.ctx, &caller, &northwind, own).await;
        let own = own.map(drop).map_err(|Failure { code, .. }| code);
        let expected = if refused.is_some() { Err("forbidden") } else { Ok(()) };
        assert_eq!([minted, signed, own], [expected; 3], "{scopes}");
        let made = value(&it, "SELECT COUNT(*) FROM tokens").await != before;
        assert_eq!(made, refused.is_none(), "{scopes}");
        let told =
            "SELECT reason FROM audit WHERE action = 'access.refused' ORDER BY at DESC, id DESC LIMIT 1";
        if let Some(refused) = refused {
            let told = value(&it, told).await;
            assert!(told.contains(refused), "{scopes}: {told}");
        }
    }
}
