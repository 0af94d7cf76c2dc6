//! No credential makes a role or a token that gives, permits or shows more than it does itself, nor one that outlives it.

use domain::EmailAddress;
use domain::decision::Door;
use herald_app::audit::list as trail;
use herald_app::members::appoint;
use herald_app::roles::create::Place;
use herald_app::roles::{Given, change, create};
use herald_app::tenants::TenantName;
use herald_app::tokens::{entrust, mint, sign};
use herald_app::{Caller, Failure};
use secrecy::ExposeSecret;
use testkit::{Engine, Installation, days, demo, hours, on_both_engines};

use crate::support::{named, value};

on_both_engines! {
    a_key_mints_none_that_gives_more,
    a_key_mints_none_that_sees_more,
    a_cap_cut_down_meanwhile_counts,
    a_role_shows_no_more_collections_than_its_maker_sees,
    a_key_dies_with_the_one_that_minted_it_and_is_found_by_it,
    an_operator_is_a_member_at_a_products_door,
}

const ROLES: &str = r#"
[[role]]
key = "helper"
tenant = "northwind"
permissions = ["users:write", "users:read", "tokens:write", "tokens:admin"]
assigns = ["guest", "assistant"]
[[role]]
key = "recruiter"
tenant = "northwind"
permissions = ["users:write"]
assigns = ["admin"]
[[role]]
key = "assistant"
tenant = "northwind"
permissions = ["users:write"]
assigns = ["guest"]
[[role]]
key = "seven"
tenant = "northwind"
permissions = ["endpoints:*", "roles:*", "tokens:*"]
collections = [7]
[[role]]
key = "seven-reader"
tenant = "northwind"
permissions = ["endpoints:read"]
collections = [7]
[[role]]
key = "eight-reader"
tenant = "northwind"
permissions = ["endpoints:read"]
collections = [7, 8]
[[role]]
key = "reader"
tenant = "northwind"
permissions = ["endpoints:read"]
[[user]]
email = "sevi@northwind.example"
password = "seven swans a-swimming"
[[user.membership]]
tenant = "northwind"
roles = ["seven"]
"#;

fn capped(role: &str) -> mint::Command {
    mint::Command { role: Some(role.to_owned()), ..named("capped") }
}

fn own(role: &str) -> entrust::Command {
    entrust::Command {
        name: "own".to_owned(),
        roles: vec![role.to_owned()],
        lives: None,
        utility: None,
        revealable: None,
    }
}

async fn with_key(engine: Engine, cap: &str) -> (Installation, Caller) {
    let it = Installation::on(engine).await;
    it.apply(ROLES).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let key = mint::run(&it.ctx, &mira, capped(cap)).await.map_err(Failure::from).map(|minted| minted.key);
    let key = it.caller(key.unwrap().expose_secret()).await;
    (it, key)
}

/// A key, a signed token, and a key of the tenant's own: whether each may be made with the role.
async fn makes(it: &Installation, by: &Caller, role: &str) -> [bool; 3] {
    let minted = mint::run(&it.ctx, by, capped(role)).await.map_err(Failure::from);
    let command = sign::Command {
        provider: "local".to_owned(),
        role: role.to_owned(),
        lives: std::time::Duration::from_mins(1),
        name: String::new(),
    };
    let signed = sign::run(&it.ctx, by, command).await;
    let exceeds = matches!(signed, Err(sign::Error::Exceeds));
    assert!(exceeds || signed.is_ok(), "{role}");
    let northwind = TenantName::Key("northwind".to_owned());
    let entrusted = entrust::run(&it.ctx, by, &northwind, own(role)).await;
    for refused in [minted.as_ref().err(), entrusted.as_ref().err()].into_iter().flatten() {
        assert_eq!(refused.code, "forbidden", "{role}");
    }
    [minted.is_ok(), !exceeds, entrusted.is_ok()]
}

async fn a_key_mints_none_that_gives_more(engine: Engine) {
    let (it, helper) = with_key(engine, "helper").await;
    assert_eq!(makes(&it, &helper, "recruiter").await, [false; 3], "it gives admin");
    assert_eq!(makes(&it, &helper, "assistant").await, [true; 3]);
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    assert_eq!(makes(&it, &mira, "recruiter").await, [true; 3], "an administrator gives it");
}

async fn a_key_mints_none_that_sees_more(engine: Engine) {
    let (it, seven) = with_key(engine, "seven").await;
    assert_eq!(makes(&it, &seven, "reader").await, [false; 3], "it names none and sees all");
    assert_eq!(makes(&it, &seven, "eight-reader").await, [false; 3]);
    assert_eq!(makes(&it, &seven, "seven-reader").await, [true; 3]);
    let sevi = it.try_sign_in("sevi@northwind.example", "seven swans a-swimming").await.unwrap();
    let sevi = it.caller(&sevi.token).await;
    assert_eq!(makes(&it, &sevi, "reader").await, [true, true, false], "her role goes on to bind her own");
    let key = mint::run(&it.ctx, &sevi, capped("reader")).await.map_err(Failure::from);
    let key = it.caller(key.map(|minted| minted.key).unwrap().expose_secret()).await;
    assert_eq!(key.principal().authority.collections(), Some(vec![7]));
}

async fn a_cap_cut_down_meanwhile_counts(engine: Engine) {
    let (it, helper) = with_key(engine, "helper").await;
    it.sql("UPDATE roles SET assigns = NULL WHERE key = 'helper'").await;
    assert_eq!(makes(&it, &helper, "assistant").await, [false; 3], "nobody has heard of it");
}

async fn a_role_shows_no_more_collections_than_its_maker_sees(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply(ROLES).await;
    let sevi = it.try_sign_in("sevi@northwind.example", "seven swans a-swimming").await.unwrap();
    let sevi = it.caller(&sevi.token).await;
    let make = async |key: &str, collections: &[i64]| {
        let given = Given {
            permissions: Some(vec!["endpoints:read".to_owned()]),
            collections: Some(collections.to_vec()),
            ..Given::default()
        };
        let command = create::Command { place: Place::Mine, key: key.to_owned(), given };
        create::run(&it.ctx, &sevi, command).await
    };
    assert_eq!(make("all", &[]).await.unwrap_err().code, "forbidden");
    assert_eq!(make("more", &[7, 8]).await.unwrap_err().code, "forbidden");
    let mine = make("mine", &[7]).await.unwrap();
    let shows = |collections: &[i64]| Given { collections: Some(collections.to_vec()), ..Given::default() };
    let hers = sevi.principal().authority.roles[0].id;
    for (role, collections) in [(mine, &[][..]), (hers, &[]), (hers, &[7, 8])] {
        let refused = change::run(&it.ctx, &sevi, role, shows(collections)).await.unwrap_err();
        assert_eq!(refused.code, "forbidden", "{collections:?}");
    }
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    change::run(&it.ctx, &mira, mine, shows(&[8])).await.unwrap();
    let refused = change::run(&it.ctx, &sevi, mine, shows(&[7])).await.unwrap_err();
    assert_eq!(refused.code, "forbidden", "what it was counts too");
}

async fn a_key_dies_with_the_one_that_minted_it_and_is_found_by_it(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let lives = |lives| mint::Command { lives, ..named("leaked") };
    let leaked = mint::run(&it.ctx, &mira, lives(Some(hours(1))))
        .await
        .map_err(Failure::from)
        .unwrap_or_else(|why| panic!("{why:?}"));
    let end = leaked.token.expires_at;
    assert_eq!(end, Some(it.now().plus(hours(1))));
    let key = it.caller(leaked.key.expose_secret()).await;
    let mut children = Vec::new();
    for wanted in [None, Some(days(2)), Some(testkit::minutes(5))] {
        let child = mint::run(&it.ctx, &key, lives(wanted)).await.map_err(Failure::from);
        children.push(child.map(|minted| minted.token).unwrap());
    }
    let northwind = TenantName::Key("northwind".to_owned());
    children.push(entrust::run(&it.ctx, &key, &northwind, own("guest")).await.map(|own| own.token).unwrap());
    let ends: Vec<_> = children.iter().map(|child| child.expires_at).collect();
    assert_eq!(ends, [end, end, Some(it.now().plus(testkit::minutes(5))), end]);
    let asked = trail::Command {
        credential: Some(leaked.token.id.uuid()),
        action: Some("token.minted".to_owned()),
        limit: 10,
        ..trail::Command::default()
    };
    let found = trail::run(&it.ctx, &mira, asked).await.unwrap();
    let mut minted: Vec<_> =
        found.items.iter().filter_map(|event| event.target.as_ref()).map(|t| t.1).collect();
    let mut made: Vec<_> = children.iter().map(|child| child.id.uuid()).collect();
    minted.sort_unstable();
    made.sort_unstable();
    assert_eq!((minted, found.next), (made, None), "all of its children, and nothing of hers");
}

async fn an_operator_is_a_member_at_a_products_door(engine: Engine) {
    let it = Installation::on(engine).await;
    let own = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    // Both come to run the installation, and are an administrator and a guest of one tenant.
    it.sql("UPDATE users SET is_operator = true WHERE email LIKE 'mira%' OR email LIKE 'gus%'").await;
    let product = Caller { door: Door::Product, ..own.clone() };
    let email = value(&it, "SELECT email FROM users WHERE email LIKE 'gus%'").await;
    let email = EmailAddress::parse(&email).unwrap();
    let shut = appoint::Command { email, role: None, active: Some(false) };
    let refused = appoint::run(&it.ctx, &product, shut.clone()).await;
    assert!(matches!(refused, Err(herald_app::members::AddressedError::Refused(_))), "{:?}", refused.is_ok());
    let shut = appoint::run(&it.ctx, &own, shut).await.map(drop);
    assert!(shut.is_ok(), "at Herald's own door he is one: {shut:?}");
}
