//! Tenants, their roles, tokens and trail, where two at once or two engines could differ.

use domain::{EmailAddress, RoleId};
use herald_app::audit::list as trail;
use herald_app::roles::create::{Command, Place};
use herald_app::roles::{Given, change, create as role, delete};
use herald_app::tenants::{Settings, TenantName, create, delete as end};
use herald_app::tokens::entrust;
use herald_app::{Caller, clients, permissions, sites, users};
use testkit::{Engine, Installation, demo, on_both_engines};

use crate::support::lives;

on_both_engines! {
    a_deleted_tenant_takes_its_credentials_along,
    ten_keys_at_once_and_four_fit,
    a_role_is_made_once_and_not_lost_while_it_is_named,
    whoever_is_given_no_role_gets_every_default,
    ten_tenants_of_one_key_and_one_is_made,
    the_trail_is_found_by_every_index,
    a_deleted_client_takes_its_grants_along,
}

fn named(key: &str) -> TenantName {
    TenantName::Key(key.to_owned())
}

fn codes<T>(tries: &[Result<T, herald_app::Failure>]) -> (usize, Vec<&'static str>) {
    let refused: Vec<_> = tries.iter().filter_map(|one| one.as_ref().err().map(|f| f.code)).collect();
    (tries.len() - refused.len(), refused)
}

async fn a_deleted_tenant_takes_its_credentials_along(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let (otto, grant) = (it.sign_in(demo::OTTO).await.token, it.grant(demo::OTTO).await);
    let mira = it.sign_in(demo::MIRA).await.token;
    it.hear().await;
    for credential in [&*otto, &grant.token, demo::key(demo::OTTO), &mira] {
        assert!(lives(&it, credential).await);
    }
    end::run(&it.ctx, &root, &named("contoso")).await.unwrap();
    for credential in [&*otto, &grant.token, demo::key(demo::OTTO)] {
        assert!(!lives(&it, credential).await, "at once");
    }
    assert!(lives(&it, &mira).await, "a guest there, and at home here");
    assert!(crate::support::is_refused(&it, &grant.refresh.unwrap()).await);
    let left = it.sql("SELECT id FROM roles WHERE tenant_id IS NOT NULL").await;
    assert_eq!(left.len(), 1, "northwind's");
}

async fn ten_keys_at_once_and_four_fit(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = it.caller(&it.sign_in(demo::OTTO).await.token).await;
    let contoso = named("contoso");
    let command = entrust::Command {
        name: "k".to_owned(),
        roles: vec!["guest".to_owned()],
        lives: None,
        utility: None,
        revealable: None,
    };
    let tries = (0..10).map(|_| entrust::run(&it.ctx, &otto, &contoso, command.clone()));
    let (made, refused) = codes(&testkit::join_all(tries).await);
    assert_eq!((made, refused), (4, vec!["quota_exceeded"; 6]));
}

fn make(key: &str, assigns: &[&str]) -> Command {
    let assigns = assigns.iter().map(|key| (*key).to_owned()).collect();
    let given = Given { assigns: Some(Some(assigns)), ..Given::default() };
    Command { place: Place::Mine, key: key.to_owned(), given }
}

async fn a_role_is_made_once_and_not_lost_while_it_is_named(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    // The installation's and a tenant's of one key: no unique index forbids it.
    let tries = testkit::join_all([
        role::run(&it.ctx, &mira, make("twice", &[])),
        role::run(&it.ctx, &root, make("twice", &[])),
        role::run(&it.ctx, &mira, make("twice", &[])),
    ]);
    assert_eq!(codes(&tries.await), (1, vec!["conflict"; 2]));
    let lower = role::run(&it.ctx, &mira, make("lower", &[])).await.unwrap();
    let upper = role::run(&it.ctx, &mira, make("upper", &[])).await.unwrap();
    let names = Given { assigns: Some(Some(vec!["lower".to_owned()])), ..Given::default() };
    let (changed, deleted) = futures(&it, &mira, (upper, names), lower).await;
    assert!(changed != deleted, "one of the two: {changed} {deleted}");
    let said = it.sql("SELECT key FROM roles WHERE assigns LIKE '%lower%'").await.len();
    let there = it.sql("SELECT key FROM roles WHERE key = 'lower'").await.len();
    assert_eq!(said, there, "no role names one that is not there");
}

async fn whoever_is_given_no_role_gets_every_default(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let default = |place, key: &str| {
        let given = Given { is_default: Some(true), ..Given::default() };
        Command { place, key: key.to_owned(), given }
    };
    assert_eq!(new_member(&it, &root, "one").await, ["guest"]);
    role::run(&it.ctx, &root, default(Place::Everywhere, "everywhere")).await.unwrap();
    assert_eq!(new_member(&it, &root, "two").await, ["everywhere"]);
    for key in ["b", "a"] {
        role::run(&it.ctx, &mira, default(Place::Mine, key)).await.unwrap();
    }
    assert_eq!(new_member(&it, &root, "three").await, ["a", "b"]);
}

/// The keys of the roles that somebody new holds in northwind.
async fn new_member(it: &Installation, by: &Caller, name: &str) -> Vec<String> {
    let command = users::create::Command {
        email: EmailAddress::parse(&format!("{name}@northwind.example")).unwrap(),
        profile: users::ProfileChange::default(),
        password: None,
        membership: Some(users::create::Membership {
            tenant: it.tenant_id(demo::NORTHWIND).await,
            roles: None,
            sites: Vec::new(),
        }),
        operator: false,
    };
    let made = users::create::run(&it.ctx, by, command).await.unwrap();
    let held = "SELECT r.key FROM membership_roles m JOIN roles r ON r.id = m.role_id \
        JOIN users u ON u.id = m.user_id";
    let rows = it.sql(&format!("{held} WHERE u.email = '{}' ORDER BY r.key", made.email.as_str())).await;
    rows.into_iter().map(|row| row[0].clone().unwrap()).collect()
}

/// Whether the change, and whether the deletion, came through.
async fn futures(
    it: &Installation,
    caller: &herald_app::Caller,
    (upper, names): (RoleId, Given),
    lower: RoleId,
) -> (bool, bool) {
    let changing = async { change::run(&it.ctx, caller, upper, names).await.is_ok() };
    let deleting = async { delete::run(&it.ctx, caller, lower).await.is_ok() };
    let both: [std::pin::Pin<Box<dyn Future<Output = bool> + Send>>; 2] =
        [Box::pin(changing), Box::pin(deleting)];
    let done = testkit::join_all(both).await;
    (done[0], done[1])
}

async fn ten_tenants_of_one_key_and_one_is_made(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let settings =
        Settings { key: Some("new".to_owned()), name: Some("New".to_owned()), ..Settings::default() };
    let tries = (0..10).map(|_| create::run(&it.ctx, &root, settings.clone()));
    assert_eq!(codes(&testkit::join_all(tries).await), (1, vec!["conflict"; 9]));
    let site = || sites::add::Command { key: "hall".to_owned(), name: "Hall".to_owned() };
    let new = named("new");
    let tries = (0..3).map(|_| sites::add::run(&it.ctx, &root, &new, site()));
    assert_eq!(codes(&testkit::join_all(tries).await), (1, vec!["conflict"; 2]));
    let rooms = domain::Permission::parse("rooms:read").unwrap();
    let tries = (0..3).map(|_| permissions::declare::run(&it.ctx, &root, rooms.clone(), String::new()));
    assert_eq!(codes(&testkit::join_all(tries).await), (1, vec!["conflict"; 2]));
    permissions::withdraw::run(&it.ctx, &root, rooms).await.unwrap();
}

async fn the_trail_is_found_by_every_index(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let site = sites::add::Command { key: "hall".to_owned(), name: "Hall".to_owned() };
    let id = sites::add::run(&it.ctx, &mira, &named("northwind"), site).await.unwrap();
    let plain = trail::Command { limit: 10, ..trail::Command::default() };
    let by = |change: &dyn Fn(&mut trail::Command)| {
        let mut command = plain.clone();
        change(&mut command);
        command
    };
    for (command, expected) in [
        (plain.clone(), 2),
        (by(&|c| c.target = Some(id.uuid())), 1),
        (by(&|c| c.actor = mira.user_id().map(domain::UserId::uuid)), 2),
        (by(&|c| c.action = Some("site.added".to_owned())), 1),
        (by(&|c| c.refused = Some(true)), 0),
        (by(&|c| c.refused = Some(false)), 2),
        (by(&|c| c.from = Some(it.now().plus(testkit::seconds(1)))), 0),
        (by(&|c| c.until = Some(it.now())), 0),
    ] {
        let found = trail::run(&it.ctx, &mira, command.clone()).await.unwrap();
        assert_eq!((found.items.len(), found.next), (expected, None), "{command:?}");
    }
}

async fn a_deleted_client_takes_its_grants_along(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.caller(&it.sign_in(demo::ROOT).await.token).await;
    let grant = it.grant(demo::NOOR).await;
    it.hear().await;
    assert!(lives(&it, &grant.token).await);
    let uid = it.client(demo::CLIENT).await.uid;
    clients::delete::run(&it.ctx, &root, uid).await.unwrap();
    assert!(!lives(&it, &grant.token).await, "at once");
    let mira = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    let refused = clients::delete::run(&it.ctx, &mira, uid).await.unwrap_err();
    assert_eq!(refused.code, "forbidden");
}
