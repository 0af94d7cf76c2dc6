//! A token never exceeds its owner, nor what it was minted with.

use domain::Permission;
use domain::client::Scopes;
use domain::decision::Door;
use domain::token::Utility;
use herald_app::Failure;
use herald_app::sessions::sign_in::Through;
use herald_app::tenants::TenantName;
use herald_app::tokens::{entrust, sign};
use secrecy::ExposeSecret;
use testkit::{Engine, Installation, command, demo, minutes, on_both_engines};

use crate::support::{mint, named, value};

on_both_engines! {
    a_cap_is_within_what_the_maker_may,
    a_token_minted_with_a_token_keeps_its_cap,
    a_cap_cuts_and_follows_its_owner,
    a_key_for_another_program_opens_no_door,
    a_token_keeps_the_scopes_it_was_made_with,
    minting_is_a_write,
    scopes_are_those_of_the_moment,
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

/// An access token of mira with these scopes, by the password grant.
async fn bound_by(it: &Installation, scopes: &str) -> String {
    let through = Through::Oauth { client: it.client(demo::CLIENT).await, scope: Scopes::parse(scopes) };
    it.try_command(command(demo::MIRA, demo::password(demo::MIRA), through)).await.unwrap().token
}

/// Every token that a credential can make: one's own key, a signed one, the tenant's own.
async fn made_by(it: &Installation, by: &str) -> [Result<String, &'static str>; 3] {
    let caller = it.caller(by).await;
    let command = sign::Command {
        provider: "local".into(),
        role: "admin".into(),
        lives: minutes(5),
        name: String::new(),
    };
    let signed = sign::run(&it.ctx, &caller, command).await.map_err(|error| match error {
        sign::Error::Refused(failure) => failure.code,
        other => panic!("{other:?}"),
    });
    let command = entrust::Command {
        name: "the tenant's".into(),
        roles: vec!["admin".into()],
        lives: None,
        utility: None,
        revealable: None,
    };
    let own = entrust::run(&it.ctx, &caller, &TenantName::parse(demo::NORTHWIND), command).await;
    [
        mint(it, by, named("mine")).await,
        signed.map(|signed| signed.jwt.expose_secret().to_owned()),
        own.map(|own| own.key.expose_secret().to_owned()).map_err(|Failure { code, .. }| code),
    ]
}

/// Names of the scopes that bind a credential; `None`: none does.
async fn scopes_of(it: &Installation, credential: &str) -> Option<String> {
    let entry = it.prove(credential).await.unwrap();
    assert_eq!(entry.principal.credential.scopes, entry.principal.authority.scopes);
    entry.principal.authority.scopes.as_ref().map(Scopes::to_string)
}

async fn a_token_keeps_the_scopes_it_was_made_with(engine: Engine) {
    let it = Installation::on(engine).await;
    let tenant = Some(it.tenant_id(demo::NORTHWIND).await);
    let cases = [("write", "write"), ("write read", "read write"), ("read write trust", "read write")];
    for (scopes, kept) in cases {
        let bound = bound_by(&it, scopes).await;
        for made in made_by(&it, &bound).await {
            let made = made.unwrap();
            assert_eq!(scopes_of(&it, &made).await.as_deref(), Some(kept), "{scopes}");
            let authority = &it.prove(&made).await.unwrap().principal.authority;
            assert!(authority.decide(&Permission::USERS_WRITE, tenant, Door::Own).allowed);
            let reads = authority.decide(&Permission::USERS_READ, tenant, Door::Own);
            assert_eq!(reads.allowed, kept.contains("read"), "{reads}");
        }
        let [child, signed, own] = made_by(&it, &bound).await;
        for made in
            made_by(&it, &child.unwrap()).await.into_iter().chain(made_by(&it, &signed.unwrap()).await)
        {
            assert_eq!(scopes_of(&it, &made.unwrap()).await.as_deref(), Some(kept), "and hands them on");
        }
        let [mine, signed, next] = made_by(&it, &own.unwrap()).await;
        assert_eq!([mine, signed], ["forbidden"; 2].map(Err), "it is nobody's");
        assert_eq!(scopes_of(&it, &next.unwrap()).await.as_deref(), Some(kept));
    }
    let told = "SELECT COUNT(*) FROM audit WHERE action = 'token.minted' AND reason LIKE '%; scopes write'";
    assert_eq!(value(&it, told).await, "13", "the trail says so, each time");
    for made in made_by(&it, &it.sign_in(demo::MIRA).await.token).await {
        assert_eq!(scopes_of(&it, &made.unwrap()).await, None);
    }
}

async fn minting_is_a_write(engine: Engine) {
    let it = Installation::on(engine).await;
    let before = value(&it, "SELECT COUNT(*) FROM tokens").await;
    for scopes in ["read", "trust", "read trust"] {
        let bound = bound_by(&it, scopes).await;
        assert_eq!(made_by(&it, &bound).await, ["forbidden"; 3].map(Err), "{scopes}");
        let told =
            "SELECT reason FROM audit WHERE action = 'access.refused' ORDER BY at DESC, id DESC LIMIT 1";
        let told = value(&it, told).await;
        assert!(told.contains("no scope write"), "{scopes}: {told}");
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM tokens").await, before);
}

/// What an apply takes from a key is gone from what it makes afterwards.
async fn scopes_are_those_of_the_moment(engine: Engine) {
    let it = Installation::on(engine).await;
    let key = mint(&it, &bound_by(&it, "read write").await, named("ci")).await.unwrap();
    let caller = it.caller(&key).await;
    let id = engine.uuid(caller.principal().credential.id);
    it.sql(&format!("UPDATE tokens SET scopes = 'write' WHERE id = {id}")).await;
    let command = named("later");
    let minted = herald_app::tokens::mint::run(&it.ctx, &caller, command).await.unwrap();
    assert_eq!(minted.token.scopes, Some(Scopes::parse("write")), "as the transaction finds it");
    assert_eq!(scopes_of(&it, minted.key.expose_secret()).await.as_deref(), Some("write"));
}
