//! The last administrator of a tenant stays, and the last operator, whoever acts at once.

use domain::audit::{Actor, Origin};
use domain::{TenantId, UserId};
use herald_app::members::{change, remove};
use herald_app::users::{delete, lock, set_password, update};
use herald_app::{Caller, Kind};
use testkit::{Engine, Installation, days, demo, on_both_engines};

use super::{caller, give, roles};
use crate::support::value;

on_both_engines! {
    of_two_administrators_who_demote_each_other_one_stays,
    of_two_operators_who_lock_each_other_one_stays,
    the_last_administrator_is_not_lost_in_any_way,
    the_last_operator_is_not_lost_in_any_way,
    who_cannot_sign_in_does_not_hold_a_tenant,
    who_cannot_sign_in_does_not_run_the_installation,
    a_tenant_whose_first_administrator_has_not_come_yet_can_be_set_up,
}

/// Demotes at once: how many got through.
async fn duel(it: &Installation, tenant: TenantId, pair: &[(String, UserId); 2]) -> Vec<bool> {
    let [(one, one_id), (other, other_id)] = pair;
    let (a, b) = (it.caller(one).await, it.caller(other).await);
    let (a, b) = tokio::join!(
        give(it, &a, roles(tenant, *other_id, &["guest"])),
        give(it, &b, roles(tenant, *one_id, &["guest"])),
    );
    let outcome = [a, b].map(|done| match done {
        Ok(_) => true,
        Err(failure) => {
            assert!(["last_administrator", "forbidden"].contains(&failure.code), "{failure:?}");
            false
        }
    });
    outcome.to_vec()
}

async fn of_two_administrators_who_demote_each_other_one_stays(engine: Engine) {
    let it = Installation::on(engine).await;
    let tenant = it.tenant_id(demo::NORTHWIND).await;
    let (mira, noor) = (it.user_id(demo::MIRA).await, it.user_id(demo::NOOR).await);
    give(&it, &caller(&it, demo::MIRA).await, roles(tenant, noor, &["admin"])).await.unwrap();
    let pair = [(it.sign_in(demo::MIRA).await.token, mira), (it.sign_in(demo::NOOR).await.token, noor)];
    for round in 0..200 {
        let done = duel(&it, tenant, &pair).await;
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "round {round}: {done:?}");
        let (winner, loser) = if done[0] { (&pair[0], &pair[1]) } else { (&pair[1], &pair[0]) };
        give(&it, &it.caller(&winner.0).await, roles(tenant, loser.1, &["admin"])).await.unwrap();
    }
}

const SECOND: &str = r#"
[[user]]
email = "second@herald.example"
password = "another lamp at the pier"
operator = true
"#;

async fn of_two_operators_who_lock_each_other_one_stays(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply(SECOND).await;
    for _ in 0..20 {
        let second = it.try_sign_in("second@herald.example", "another lamp at the pier").await.unwrap();
        let (one, other) = (caller(&it, demo::ROOT).await, it.caller(&second.token).await);
        let (one_id, other_id) = (one.user_id().unwrap(), other.user_id().unwrap());
        let (a, b) =
            tokio::join!(lock::set(&it.ctx, &one, other_id, true), lock::set(&it.ctx, &other, one_id, true),);
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        let loser = if a.is_ok() { "second@herald.example" } else { demo::ROOT };
        lock::run(&it.ctx, domain::EmailAddress::parse(loser).unwrap(), false).await.unwrap();
    }
}

async fn the_last_administrator_is_not_lost_in_any_way(engine: Engine) {
    let it = Installation::on(engine).await;
    let tenant = it.tenant_id(demo::CONTOSO).await;
    let (otto, root) = (caller(&it, demo::OTTO).await, caller(&it, demo::ROOT).await);
    let id = otto.user_id().unwrap();
    let is_kept = |failure: herald_app::Failure| {
        assert_eq!((failure.kind, failure.code), (Kind::Conflict, "last_administrator"));
    };
    for by in [&otto, &root] {
        let plain = roles(tenant, id, &["admin"]);
        is_kept(give(&it, by, roles(tenant, id, &["guest"])).await.unwrap_err());
        is_kept(give(&it, by, change::Command { active: Some(false), ..plain.clone() }).await.unwrap_err());
        for end in [it.now(), it.now().plus(days(30))] {
            let ends = change::Command { expires_at: Some(Some(end)), ..plain.clone() };
            is_kept(give(&it, by, ends).await.unwrap_err());
        }
        is_kept(remove::run(&it.ctx, by, tenant, id).await.unwrap_err());
        is_kept(lock::set(&it.ctx, by, id, true).await.unwrap_err());
        let inactive = update::Command { active: Some(false), ..Default::default() };
        is_kept(update::run(&it.ctx, by, id, inactive).await.unwrap_err());
        is_kept(delete::run(&it.ctx, by, id).await.unwrap_err());
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action LIKE 'member.%'").await, "0");
    // With a second one the first may go.
    let mira = it.user_id(demo::MIRA).await;
    give(&it, &otto, roles(tenant, mira, &["admin"])).await.unwrap();
    give(&it, &otto, roles(tenant, id, &["guest"])).await.unwrap();
    let left: Result<_, _> = give(&it, &otto, roles(tenant, mira, &["guest"])).await;
    assert_eq!(left.unwrap_err().code, "forbidden", "he is no administrator any more");
}

async fn the_last_operator_is_not_lost_in_any_way(engine: Engine) {
    let it = Installation::on(engine).await;
    let root: Caller = caller(&it, demo::ROOT).await;
    let id = root.user_id().unwrap();
    let changes = [
        update::Command { active: Some(false), ..Default::default() },
        update::Command { operator: Some(false), ..Default::default() },
    ];
    for change in changes {
        assert_eq!(update::run(&it.ctx, &root, id, change).await.unwrap_err().code, "last_operator");
    }
    assert_eq!(lock::set(&it.ctx, &root, id, true).await.unwrap_err().code, "last_operator");
    assert_eq!(delete::run(&it.ctx, &root, id).await.unwrap_err().code, "last_operator");
}

/// Administrators and operators without a password.
const WITHOUT: &str = r#"
[[user]]
email = "late@contoso.example"
[[user.membership]]
tenant = "contoso"
roles = ["admin"]
[[user]]
email = "ops@herald.example"
operator = true
"#;

async fn choose(it: &Installation, email: &str) {
    let (address, password) = (domain::EmailAddress::parse(email).unwrap(), "chosen at last by late");
    set_password::run(&it.ctx, address, &password.into()).await.unwrap();
}

async fn who_cannot_sign_in_does_not_hold_a_tenant(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply(WITHOUT).await;
    let tenant = it.tenant_id(demo::CONTOSO).await;
    let (otto, root) = (caller(&it, demo::OTTO).await, caller(&it, demo::ROOT).await);
    let id = otto.user_id().unwrap();
    let demote = || roles(tenant, id, &["guest"]);
    for by in [&otto, &root] {
        let refused = give(&it, by, demote()).await.unwrap_err();
        assert_eq!((refused.kind, refused.code), (Kind::Conflict, "last_administrator"));
        assert!(refused.public.contains("who can sign in"), "{refused}");
        assert_eq!(lock::set(&it.ctx, by, id, true).await.unwrap_err().code, "last_administrator");
        assert_eq!(delete::run(&it.ctx, by, id).await.unwrap_err().code, "last_administrator");
    }
    let file = "[[user]]\nemail = \"otto.vance@contoso.example\"\nlocked = true\n";
    let (by, from) = (Actor::COMMAND_LINE, Origin::default());
    let refused = herald_app::world::apply(&it.ctx, file, &by, &from).await.err().unwrap().to_string();
    assert!(refused.contains("would lose its last administrator"), "{refused}");
    // A key of the one without a password is no way in.
    let key = "[[token]]\ntenant = 'contoso'\nowner = 'late@contoso.example'\nname = 'k'\nsecret = 'a-key-of-sixteen'\n";
    it.apply(key).await;
    assert_eq!(give(&it, &otto, demote()).await.unwrap_err().code, "last_administrator");
    // One who can sign in for thirty days is not enough for one who can for ever.
    let late = it.user_id("late@contoso.example").await;
    choose(&it, "late@contoso.example").await;
    let ends = change::Command {
        expires_at: Some(Some(it.now().plus(days(30)))),
        ..roles(tenant, late, &["admin"])
    };
    give(&it, &root, ends.clone()).await.unwrap();
    assert_eq!(give(&it, &otto, demote()).await.unwrap_err().code, "last_administrator");
    give(&it, &root, change::Command { expires_at: Some(None), ..ends }).await.unwrap();
    give(&it, &otto, demote()).await.unwrap();
}

async fn who_cannot_sign_in_does_not_run_the_installation(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply(WITHOUT).await;
    let root = caller(&it, demo::ROOT).await;
    let id = root.user_id().unwrap();
    let change = || update::Command { operator: Some(false), ..Default::default() };
    assert_eq!(update::run(&it.ctx, &root, id, change()).await.unwrap_err().code, "last_operator");
    assert_eq!(lock::set(&it.ctx, &root, id, true).await.unwrap_err().code, "last_operator");
    choose(&it, "ops@herald.example").await;
    update::run(&it.ctx, &root, id, change()).await.unwrap();
}

/// Nobody can sign in yet, so nobody is lost; that there is one at all is kept as ever.
async fn a_tenant_whose_first_administrator_has_not_come_yet_can_be_set_up(engine: Engine) {
    let it = Installation::on(engine).await;
    let world = "[[tenant]]\nkey = \"fresh\"\nname = \"Fresh\"\n\
                 [[user]]\nemail = \"one@fresh.example\"\n[[user.membership]]\ntenant = \"fresh\"\nroles = [\"admin\"]\n\
                 [[user]]\nemail = \"two@fresh.example\"\n[[user.membership]]\ntenant = \"fresh\"\nroles = [\"admin\"]\n";
    it.apply(world).await;
    let (tenant, root) = (it.tenant_id("fresh").await, caller(&it, demo::ROOT).await);
    let (one, two) = (it.user_id("one@fresh.example").await, it.user_id("two@fresh.example").await);
    remove::run(&it.ctx, &root, tenant, one).await.unwrap();
    assert_eq!(remove::run(&it.ctx, &root, tenant, two).await.unwrap_err().code, "last_administrator");
    // Another one who can sign in takes the place of who never came.
    let otto = it.user_id(demo::OTTO).await;
    let add = herald_app::members::add::Command {
        tenant,
        user: herald_app::users::UserName::Id(otto),
        roles: Some(vec!["admin".to_owned()]),
        sites: Vec::new(),
        expires_at: None,
        active: true,
    };
    herald_app::members::add::run(&it.ctx, &root, add).await.unwrap();
    remove::run(&it.ctx, &root, tenant, two).await.unwrap();
}
