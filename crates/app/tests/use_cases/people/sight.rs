//! Whoever sees some collections alone lets nobody see others, and does not change who does.

use domain::{EmailAddress, UserId};
use herald_app::invitations::create as inviting;
use herald_app::members::{self, Member, appoint, dismiss, remove};
use herald_app::tenants::TenantName;
use herald_app::tokens::mint;
use herald_app::users::{self, create, lock, set_password};
use herald_app::{Caller, Failure, password_resets, roles as app_roles};
use secrecy::ExposeSecret;
use testkit::{Engine, Installation, demo, on_both_engines};

use super::{caller, give, roles};
use crate::links::{accepted, handed};
use crate::support::named;

on_both_engines! {
    nobody_lets_others_see_more,
    nobody_changes_who_sees_more,
    an_invitation_shows_what_its_maker_sees_when_it_is_used,
}

const DESK: &str = r#"
[[role]]
key = "desk-of-seven"
tenant = "northwind"
permissions = ["users:*", "roles:read", "endpoints:read", "tokens:write"]
assigns = ["guest", "developer", "seven"]
collections = [7]
[[role]]
key = "seven"
tenant = "northwind"
permissions = ["endpoints:read"]
collections = [7]
[[role]]
key = "eight"
tenant = "northwind"
permissions = ["endpoints:read"]
collections = [8]
[[user]]
email = "desi@northwind.example"
password = "desk of the seven seas"
[[user.membership]]
tenant = "northwind"
roles = ["desk-of-seven"]
[[user]]
email = "sam@northwind.example"
password = "guest of the seven seas"
[[user.membership]]
tenant = "northwind"
roles = ["guest", "seven"]
[[user]]
email = "sol@northwind.example"
password = "sun of the seven seas"
[[user.membership]]
tenant = "northwind"
roles = ["seven"]
"#;

const DESI: (&str, &str) = ("desi@northwind.example", "desk of the seven seas");
const SAM: &str = "sam@northwind.example";
const SOL: &str = "sol@northwind.example";

/// Desi, and an administrator's key that is cut down to what she is.
async fn desks(engine: Engine) -> (Installation, [Caller; 2]) {
    let it = Installation::on(engine).await;
    it.apply(DESK).await;
    let desi = it.caller(&it.try_sign_in(DESI.0, DESI.1).await.unwrap().token).await;
    let mira = caller(&it, demo::MIRA).await;
    let capped = mint::Command { role: Some("desk-of-seven".to_owned()), ..named("capped") };
    let key = mint::run(&it.ctx, &mira, capped).await.map_err(Failure::from).unwrap().key;
    let key = it.caller(key.expose_secret()).await;
    (it, [desi, key])
}

fn code<T>(done: Result<T, Failure>) -> &'static str {
    done.err().map_or("done", |failure| failure.code)
}

fn told<T>(done: Result<T, members::AddressedError>) -> &'static str {
    match done {
        Ok(_) => "done",
        Err(members::AddressedError::Refused(failure)) => failure.code,
        Err(members::AddressedError::NotAssignable) => "not assignable",
        Err(members::AddressedError::Missing | members::AddressedError::Role) => "missing",
    }
}

fn address(email: &str) -> EmailAddress {
    EmailAddress::parse(email).unwrap()
}

fn new(email: &str, it: domain::TenantId, roles: &[&str]) -> create::Command {
    let roles = Some(roles.iter().map(|role| (*role).to_owned()).collect());
    create::Command {
        email: address(email),
        profile: users::ProfileChange::default(),
        password: None,
        membership: Some(create::Membership { tenant: it, roles, sites: Vec::new() }),
        operator: false,
    }
}

fn invitation(email: &str, roles: &[&str]) -> inviting::Command {
    inviting::Command { roles: roles.iter().map(|role| (*role).to_owned()).collect(), ..plain(email) }
}

fn plain(email: &str) -> inviting::Command {
    inviting::Command {
        email: address(email),
        roles: Vec::new(),
        sites: Vec::new(),
        member_until: None,
        name: None,
        lives: None,
    }
}

fn keys(member: &Member) -> Vec<&str> {
    member.roles.iter().map(|role| role.key.as_str()).collect()
}

/// Each way of letting somebody hold these roles: changed, made, appointed (to one), invited.
async fn ways(it: &Installation, by: &Caller, held: &[&str], count: &mut usize) -> Vec<&'static str> {
    *count += 1;
    let (tenant, sam) = (it.tenant_id("northwind").await, it.user_id(SAM).await);
    let email = format!("new{count}@northwind.example");
    let mut all = vec![
        code(give(it, by, roles(tenant, sam, held)).await),
        code(create::run(&it.ctx, by, new(&email, tenant, held)).await),
    ];
    if let [one] = held {
        let role = Some((*one).to_owned());
        let appointed = appoint::Command { email: address(SOL), role, active: None };
        all.push(told(appoint::run(&it.ctx, by, appointed).await));
    }
    let email = format!("guest{count}@northwind.example");
    let at = TenantName::Key("northwind".to_owned());
    all.push(code(inviting::run(&it.ctx, by, &at, invitation(&email, held)).await));
    all
}

async fn nobody_lets_others_see_more(engine: Engine) {
    let (it, desks) = desks(engine).await;
    let (tenant, sam) = (it.tenant_id("northwind").await, it.user_id(SAM).await);
    let mut count = 0;
    for desk in &desks {
        // Also to take away the one that narrows him is to show him more, though he holds the rest already.
        for more in [&["guest"][..], &["developer"], &["guest", "developer"]] {
            let refused = ways(&it, desk, more, &mut count).await;
            assert!(refused.iter().all(|code| ["forbidden", "not assignable"].contains(code)), "{refused:?}");
        }
        assert_eq!(
            code(create::run(&it.ctx, desk, new("default@northwind.example", tenant, &[])).await),
            "done"
        );
        it.sql("DELETE FROM users WHERE email = 'default@northwind.example'").await;
        for within in [&["seven"][..], &["developer", "seven"], &["guest", "seven"]] {
            let done = ways(&it, desk, within, &mut count).await;
            assert!(done.iter().all(|code| *code == "done"), "{within:?} {done:?}");
        }
    }
    // Each of them may be given beside one that narrows it.
    let may = app_roles::assignable::run(&it.ctx, &desks[0]).await.unwrap();
    assert_eq!(may, ["guest", "developer", "seven"]);
    let mira = caller(&it, demo::MIRA).await;
    let held = give(&it, &mira, roles(tenant, sam, &["guest", "seven", "eight"])).await.unwrap();
    assert_eq!(keys(&held).len(), 3, "an administrator sees all");
}

/// Each way of changing a person or a membership.
async fn changes(it: &Installation, by: &Caller, whom: (UserId, &str)) -> Vec<&'static str> {
    let ((id, email), tenant) = (whom, it.tenant_id("northwind").await);
    let shut = members::change::Command { roles: None, active: Some(false), ..roles(tenant, id, &[]) };
    let appointed = appoint::Command { email: address(email), role: None, active: Some(false) };
    vec![
        code(give(it, by, shut).await),
        code(give(it, by, roles(tenant, id, &["seven"])).await),
        told(appoint::run(&it.ctx, by, appointed).await),
        code(set_password::set(&it.ctx, by, id, &"taken over by the desk".into()).await),
        code(password_resets::issue::run(&it.ctx, by, id).await),
        code(lock::set(&it.ctx, by, id, true).await),
        told(dismiss::run(&it.ctx, by, address(email)).await),
        code(remove::run(&it.ctx, by, tenant, id).await),
    ]
}

async fn nobody_changes_who_sees_more(engine: Engine) {
    let (it, desks) = desks(engine).await;
    let tenant = it.tenant_id("northwind").await;
    let (gus, sam) = (it.user_id(demo::GUS).await, it.user_id(SAM).await);
    for desk in &desks {
        let refused = changes(&it, desk, (gus, demo::GUS)).await;
        assert!(refused.iter().all(|code| ["forbidden", "not assignable"].contains(code)), "{refused:?}");
    }
    let [desi, _] = &desks;
    let mira = caller(&it, demo::MIRA).await;
    let done = changes(&it, desi, (sam, SAM)).await;
    assert_eq!(done[..3], ["done", "done", "done"], "who sees no more is hers to change");
    give(&it, &mira, roles(tenant, gus, &["guest", "seven"])).await.unwrap();
    assert_eq!(code(set_password::set(&it.ctx, desi, gus, &"narrowed, and now hers".into()).await), "done");
}

async fn an_invitation_shows_what_its_maker_sees_when_it_is_used(engine: Engine) {
    let (it, [desi, _]) = desks(engine).await;
    let at = TenantName::Key("northwind".to_owned());
    let made = async |email: &str| {
        let invited = inviting::run(&it.ctx, &desi, &at, invitation(email, &["guest", "seven"])).await;
        handed(&invited.unwrap().delivery)
    };
    let (first, second) = (made("first@northwind.example").await, made("second@northwind.example").await);
    assert_eq!(accepted(&it, &first, "a password of her own").await, "in");
    it.sql("UPDATE roles SET collections = '[8]' WHERE key = 'desk-of-seven'").await;
    assert_eq!(accepted(&it, &second, "a password of her own").await, "invalid_token");
}
