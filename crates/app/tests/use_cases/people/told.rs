//! Whose trail tells of what an operator does: the person's, not that of the tenant he is signed in to.

use std::collections::BTreeMap;

use domain::EmailAddress;
use herald_app::Caller;
use herald_app::audit::list;
use herald_app::members::{add, remove};
use herald_app::sessions::of_others;
use herald_app::tenants::TenantName;
use herald_app::users::{UserName, create, delete, lock, set_password, update};
use herald_app::{clients, sites, webhooks};
use secrecy::SecretString;
use testkit::{Engine, Installation, demo, on_both_engines};

use super::{caller, roles};
use crate::support::{lives, mint, named, value};

on_both_engines! {
    what_an_operator_does_is_told_in_the_persons_tenant,
    whom_an_operator_makes_without_a_tenant_no_tenant_reads_of,
    every_tenant_reads_of_the_sessions_that_ended_there,
    nothing_of_an_ended_membership_comes_back_with_another,
    the_command_line_tells_the_persons_tenant,
    what_was_and_what_is_are_told,
    whoever_leaves_is_told_no_more,
    who_runs_the_installation_no_more_is_signed_out_above_all_tenants,
    what_was_and_what_is_of_sites_webhooks_and_clients_are_told,
    the_trail_of_a_tenant_that_is_gone_stays_readable,
}

const BO: &str = "bo@contoso.example";

/// An operator who is a member of northwind and signed in to it; bo is in contoso alone.
async fn staged(engine: Engine) -> (Installation, Caller) {
    let it = Installation::on(engine).await;
    it.apply(
        "[[user]]\nemail = \"bo@contoso.example\"\npassword = \"a kettle on the hob\"\n\
         [[user.membership]]\ntenant = \"contoso\"\nroles = [\"guest\"]\n",
    )
    .await;
    join(&it, demo::ROOT, demo::NORTHWIND, None).await;
    let root = into(&it, demo::ROOT, demo::password(demo::ROOT), demo::NORTHWIND).await;
    let root = it.caller(&root).await;
    assert_eq!(root.principal().tenant, Some(it.tenant_id(demo::NORTHWIND).await));
    (it, root)
}

async fn join(it: &Installation, email: &str, tenant: &str, ends: Option<domain::Timestamp>) {
    let root = caller(it, demo::ROOT).await;
    let command = add::Command {
        tenant: it.tenant_id(tenant).await,
        user: UserName::Email(EmailAddress::parse(email).unwrap()),
        roles: Some(vec!["guest".into()]),
        sites: Vec::new(),
        expires_at: ends,
        active: true,
    };
    add::run(&it.ctx, &root, command).await.unwrap();
}

/// A session bound to the tenant.
async fn into(it: &Installation, email: &str, password: &str, tenant: &str) -> String {
    let mut command = testkit::command(email, password, herald_app::sessions::sign_in::Through::Native);
    command.tenant = Some(tenant.to_owned());
    it.try_command(command).await.unwrap().token
}

/// Key of the tenant and action of the events with that beginning, but what the stage made, and how many.
async fn told(it: &Installation, of: &str) -> BTreeMap<(String, String), usize> {
    let rows = it
        .sql(&format!(
            "SELECT COALESCE((SELECT key FROM tenants WHERE id = a.tenant_id), 'none'), action FROM audit a \
             WHERE action LIKE '{of}.%' AND action NOT IN ('user.created', 'session.opened')"
        ))
        .await;
    let mut counts = BTreeMap::new();
    for row in rows {
        let mut cells = row.into_iter().flatten();
        *counts.entry((cells.next().unwrap(), cells.next().unwrap())).or_default() += 1;
    }
    counts
}

fn expected(rows: &[(&str, &str, usize)]) -> BTreeMap<(String, String), usize> {
    rows.iter().map(|(tenant, action, n)| (((*tenant).to_owned(), (*action).to_owned()), *n)).collect()
}

async fn what_an_operator_does_is_told_in_the_persons_tenant(engine: Engine) {
    let (it, root) = staged(engine).await;
    let bo = it.user_id(BO).await;
    let signed = it.try_sign_in(BO, "a kettle on the hob").await.unwrap();
    of_others::end(&it.ctx, &root, bo, signed.opened.session.id).await.unwrap();
    assert!(!lives(&it, &signed.token).await);
    for locked in [true, false] {
        lock::set(&it.ctx, &root, bo, locked).await.unwrap();
    }
    let change = update::Command { active: Some(false), ..update::Command::default() };
    update::run(&it.ctx, &root, bo, change).await.unwrap();
    set_password::set(&it.ctx, &root, bo, &SecretString::from("another kettle on the hob")).await.unwrap();
    delete::run(&it.ctx, &root, bo).await.unwrap();
    let actions = ["user.changed", "user.deleted", "user.locked", "user.password_set", "user.unlocked"];
    let rows: Vec<_> = actions.iter().map(|action| ("contoso", *action, 1)).collect();
    assert_eq!(told(&it, "user").await, expected(&rows), "nothing in northwind");
    assert_eq!(told(&it, "session").await, expected(&[("contoso", "session.ended", 1)]));
}

async fn whom_an_operator_makes_without_a_tenant_no_tenant_reads_of(engine: Engine) {
    let (it, root) = staged(engine).await;
    for tenant in [None, Some(it.tenant_id(demo::CONTOSO).await)] {
        let command = create::Command {
            email: EmailAddress::parse(&format!("new{}@contoso.example", tenant.is_some())).unwrap(),
            profile: herald_app::users::ProfileChange::default(),
            password: None,
            membership: tenant.map(|tenant| create::Membership { tenant, roles: None, sites: Vec::new() }),
            operator: false,
        };
        create::run(&it.ctx, &root, command).await.unwrap();
    }
    let trails = "SELECT COALESCE((SELECT key FROM tenants WHERE id = a.tenant_id), 'none') FROM audit a \
        WHERE action = 'user.created' AND actor_kind = 'user' ORDER BY id";
    let trails: Vec<_> = it.sql(trails).await.into_iter().flatten().flatten().collect();
    assert_eq!(trails, ["none", "contoso"]);
}

async fn every_tenant_reads_of_the_sessions_that_ended_there(engine: Engine) {
    let (it, root) = staged(engine).await;
    let otto = demo::password(demo::OTTO);
    join(&it, demo::OTTO, demo::NORTHWIND, None).await;
    let mut open = Vec::new();
    for tenant in [demo::CONTOSO, demo::CONTOSO, demo::NORTHWIND] {
        open.push(into(&it, demo::OTTO, otto, tenant).await);
    }
    let id = it.user_id(demo::OTTO).await;
    assert_eq!(of_others::end_all(&it.ctx, &root, id).await.unwrap(), 3);
    for token in open {
        assert!(!lives(&it, &token).await);
    }
    let rows = [("contoso", "session.ended", 1), ("northwind", "session.ended", 1)];
    assert_eq!(told(&it, "session").await, expected(&rows));
    // Bo has sessions in contoso alone: northwind reads nothing more.
    it.try_sign_in(BO, "a kettle on the hob").await.unwrap();
    assert_eq!(of_others::end_all(&it.ctx, &root, it.user_id(BO).await).await.unwrap(), 1);
    let rows = [("contoso", "session.ended", 2), ("northwind", "session.ended", 1)];
    assert_eq!(told(&it, "session").await, expected(&rows));
}

async fn nothing_of_an_ended_membership_comes_back_with_another(engine: Engine) {
    let (it, root) = staged(engine).await;
    let otto = demo::password(demo::OTTO);
    join(&it, demo::OTTO, demo::NORTHWIND, None).await;
    let tenant = it.tenant_id(demo::NORTHWIND).await;
    let user = it.user_id(demo::OTTO).await;
    super::give(&it, &root, roles(tenant, user, &["member"])).await.unwrap();
    let session = into(&it, demo::OTTO, otto, demo::NORTHWIND).await;
    let elsewhere = into(&it, demo::OTTO, otto, demo::CONTOSO).await;
    let key = mint(&it, &session, named("of old")).await.unwrap();
    assert!(lives(&it, &key).await);
    let over = herald_app::members::change::Command {
        expires_at: Some(Some(it.now())),
        roles: None,
        ..roles(tenant, user, &[])
    };
    super::give(&it, &root, over).await.unwrap();
    it.advance(testkit::seconds(1));
    assert!(!lives(&it, &key).await && !lives(&it, &session).await);
    join(&it, demo::OTTO, demo::NORTHWIND, None).await;
    assert!(!lives(&it, &key).await, "a key of the membership that ended");
    assert!(!lives(&it, &session).await && lives(&it, &elsewhere).await);
    let joined = format!("SELECT COUNT(*) FROM memberships WHERE created_at = {}", it.now().as_micros());
    assert_eq!(value(&it, &joined).await, "1", "joined anew");
}

async fn the_command_line_tells_the_persons_tenant(engine: Engine) {
    let (it, _) = staged(engine).await;
    let bo = || EmailAddress::parse(BO).unwrap();
    for locked in [true, false] {
        lock::run(&it.ctx, bo(), locked).await.unwrap();
    }
    set_password::run(&it.ctx, bo(), &SecretString::from("another kettle on the hob")).await.unwrap();
    let actions = ["user.locked", "user.password_set", "user.unlocked"];
    let rows: Vec<_> = actions.iter().map(|action| ("contoso", *action, 1)).collect();
    assert_eq!(told(&it, "user").await, expected(&rows));
}

async fn what_was_and_what_is_are_told(engine: Engine) {
    let (it, root) = staged(engine).await;
    let bo = it.user_id(BO).await;
    for (change, expected) in [
        (update::Command { operator: Some(true), ..update::Command::default() }, "operator false -> true"),
        (update::Command { operator: Some(false), ..update::Command::default() }, "operator true -> false"),
        (update::Command { active: Some(false), ..update::Command::default() }, "active true -> false"),
        (
            update::Command {
                email: Some(EmailAddress::parse("b@contoso.example").unwrap()),
                default_tenant: Some(Some(TenantName::parse("contoso"))),
                ..update::Command::default()
            },
            "email bo@contoso.example -> b@contoso.example; verified true -> false; default_tenant none -> contoso",
        ),
    ] {
        it.advance(testkit::seconds(1));
        update::run(&it.ctx, &root, bo, change).await.unwrap();
        let told = "SELECT reason FROM audit WHERE action = 'user.changed' ORDER BY at DESC LIMIT 1";
        assert_eq!(value(&it, told).await, format!("users:write: operator; {expected}"));
    }
}

async fn whoever_leaves_is_told_no_more(engine: Engine) {
    let (it, root) = staged(engine).await;
    join(&it, demo::OTTO, demo::NORTHWIND, None).await;
    let tenant = it.tenant_id(demo::NORTHWIND).await;
    let user = it.user_id(demo::OTTO).await;
    super::give(&it, &root, roles(tenant, user, &["member"])).await.unwrap();
    for at in [demo::NORTHWIND, demo::CONTOSO] {
        let session = into(&it, demo::OTTO, demo::password(demo::OTTO), at).await;
        let given = webhooks::Given {
            name: Some("room".into()),
            url: Some("https://hooks.contoso.example/secret".into()),
            kind: Some("SLACK".into()),
        };
        let otto = it.caller(&session).await;
        webhooks::add::run(&it.ctx, &otto, &TenantName::parse(at), given).await.unwrap();
    }
    remove::run(&it.ctx, &root, tenant, user).await.unwrap();
    let left = format!(
        "SELECT t.key FROM webhooks w JOIN tenants t ON t.id = w.tenant_id WHERE owner_id = {}",
        engine.uuid(user.uuid())
    );
    assert_eq!(it.sql(&left).await, [[Some(demo::CONTOSO.to_owned())]], "of the tenant that he left alone");
}

/// By a caller and by a world file.
async fn who_runs_the_installation_no_more_is_signed_out_above_all_tenants(engine: Engine) {
    let (it, root) = staged(engine).await;
    let bo = it.user_id(BO).await;
    let operator = async |operator: bool| {
        let change = update::Command { operator: Some(operator), ..update::Command::default() };
        update::run(&it.ctx, &root, bo, change).await.unwrap();
    };
    for by_file in [false, true] {
        operator(true).await;
        let above = it.try_sign_in(BO, "a kettle on the hob").await.unwrap();
        assert_eq!(above.opened.session.tenant, None);
        let there = into(&it, BO, "a kettle on the hob", demo::CONTOSO).await;
        it.advance(testkit::seconds(1));
        if by_file {
            it.apply(&format!("[[user]]\nemail = \"{BO}\"\noperator = false\n")).await;
        } else {
            operator(false).await;
            let told = "SELECT reason FROM audit WHERE action = 'user.changed' ORDER BY at DESC LIMIT 1";
            let wanted =
                "users:write: operator; operator true -> false; signed out above all tenants, sessions: 1";
            assert_eq!(value(&it, told).await, wanted);
        }
        assert!(!lives(&it, &above.token).await, "nothing is left that it proves");
        assert!(lives(&it, &there).await, "he is still who he is in contoso");
        operator(true).await;
        assert!(!lives(&it, &above.token).await, "it does not come back with the power");
        operator(false).await;
        let again = it.try_sign_in(BO, "a kettle on the hob").await.unwrap();
        assert_eq!(again.opened.session.tenant, Some(it.tenant_id(demo::CONTOSO).await));
    }
}

async fn what_was_and_what_is_of_sites_webhooks_and_clients_are_told(engine: Engine) {
    let (it, root) = staged(engine).await;
    let mira = caller(&it, demo::MIRA).await;
    let here = TenantName::parse(demo::NORTHWIND);
    let last = async |action: &str| {
        let told =
            format!("SELECT reason FROM audit WHERE action = '{action}' ORDER BY at DESC, id DESC LIMIT 1");
        value(&it, &told).await
    };
    let new = sites::add::Command { key: "far".to_owned(), name: "Faro".to_owned() };
    let site = sites::add::run(&it.ctx, &mira, &here, new).await.unwrap();
    sites::change::run(&it.ctx, &mira, (&here, site), Some("Faro Sul".to_owned())).await.unwrap();
    let why = "tenants:write: role admin (*)";
    assert_eq!(last("site.changed").await, format!("{why}; name \"Faro\" -> \"Faro Sul\""));
    let given = |name: &str, url: &str| webhooks::Given {
        name: Some(name.to_owned()),
        url: Some(format!("https://hooks.example/{url}")),
        kind: Some("SLACK".to_owned()),
    };
    let hook = webhooks::add::run(&it.ctx, &mira, &here, given("one", "secret")).await.unwrap();
    webhooks::change::run(&it.ctx, &mira, (&here, hook), given("two", "other")).await.unwrap();
    let why = "tokens:write: role admin (*)";
    assert_eq!(last("webhook.changed").await, format!("{why}; name \"one\" -> \"two\"; url"));
    let given = |scopes: &[&str]| clients::Given {
        name: Some(Some("App".to_owned())),
        grants: Some(vec!["client_credentials".to_owned()]),
        scopes: Some(scopes.iter().map(|scope| (*scope).to_owned()).collect()),
        ..clients::Given::default()
    };
    let new = clients::create::Command { client_id: None, public: false, given: given(&["read"]) };
    let client = clients::create::run(&it.ctx, &root, new).await.unwrap().uid;
    clients::change::run(&it.ctx, &root, client, given(&["write"])).await.unwrap();
    assert_eq!(last("client.changed").await, "installation:write: operator; scopes +write, -read");
}

async fn the_trail_of_a_tenant_that_is_gone_stays_readable(engine: Engine) {
    let (it, root) = staged(engine).await;
    let contoso = it.tenant_id(demo::CONTOSO).await;
    let named = TenantName::Id(contoso);
    lock::set(&it.ctx, &root, it.user_id(BO).await, true).await.unwrap();
    herald_app::tenants::delete::run(&it.ctx, &root, &named).await.unwrap();
    let asked = || list::Command { tenant: Some(named.clone()), limit: 200, ..list::Command::default() };
    let told = list::run(&it.ctx, &root, asked()).await.unwrap();
    assert!(told.items.iter().any(|event| event.action == "user.locked"), "{:?}", told.items.len());
    let mira = caller(&it, demo::MIRA).await;
    assert_eq!(list::run(&it.ctx, &mira, asked()).await.unwrap_err().code, "not_found");
}
