//! Lists are walked while people come and go: whoever stays is met once.

use domain::{EmailAddress, TenantId};
use herald_app::members::{list, remove};
use herald_app::users::create::{self, Membership};
use herald_app::users::{self, update};
use herald_app::{Caller, Failure};
use testkit::{Engine, Installation, demo, on_both_engines};

use super::{caller, from};

on_both_engines! {
    who_stays_is_met_once,
    a_search_is_a_beginning_and_nothing_else,
}

async fn make(it: &Installation, by: &Caller, tenant: TenantId, email: &str) -> domain::user::User {
    let command = create::Command {
        email: EmailAddress::parse(email).unwrap(),
        profile: herald_app::users::ProfileChange::default(),
        password: None,
        membership: Some(Membership { tenant, roles: None, sites: Vec::new() }),
        operator: false,
    };
    create::run(&it.ctx, by, command).await.unwrap()
}

async fn who_stays_is_met_once(engine: Engine) {
    let it = Installation::on(engine).await;
    it.apply("[[tenant]]\nkey = \"crowd\"\nname = \"Crowd\"\n").await;
    let (root, tenant) = (caller(&it, demo::ROOT).await, it.tenant_id("crowd").await);
    let mut leaving = Vec::new();
    let mut staying = Vec::new();
    for number in 0..40 {
        let made = make(&it, &root, tenant, &format!("p{number:02}@crowd.example")).await;
        if number % 3 == 0 { leaving.push(made) } else { staying.push(made.email.to_string()) }
    }
    let (mut met, mut after) = (Vec::new(), String::new());
    for part in 0.. {
        let page = list::run(&it.ctx, &root, tenant, from(&after, 4)).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.user.email.to_string();
        met.extend(page.iter().map(|member| member.user.email.to_string()));
        // Somebody in front and somebody behind goes; somebody in front and somebody behind comes.
        for gone in [leaving.pop(), (!leaving.is_empty()).then(|| leaving.remove(0))].into_iter().flatten() {
            remove::run(&it.ctx, &root, tenant, gone.id).await.unwrap();
        }
        make(&it, &root, tenant, &format!("a{part:02}@crowd.example")).await;
        make(&it, &root, tenant, &format!("z{part:02}@crowd.example")).await;
        if part > 6 {
            let stays = &staying[0];
            let id = it.user_id(stays).await;
            let name = Some(Some(format!("walked {part}")));
            let profile = users::ProfileChange { name, ..Default::default() };
            update::run(&it.ctx, &root, id, update::Command { profile, ..Default::default() }).await.unwrap();
        }
        if part > 14 {
            break;
        }
    }
    let mut once = met.clone();
    once.dedup();
    assert_eq!(once, met, "nobody twice");
    assert!(met.is_sorted());
    for stays in staying {
        assert!(met.contains(&stays), "{stays} was missed");
    }
}

async fn a_search_is_a_beginning_and_nothing_else(engine: Engine) {
    let it = Installation::on(engine).await;
    let (root, mira) = (caller(&it, demo::ROOT).await, caller(&it, demo::MIRA).await);
    let northwind = it.tenant_id(demo::NORTHWIND).await;
    let search = |text: &str| list::Query { search: text.to_owned(), ..from("", 50) };
    let emails = |found: Result<Vec<domain::user::User>, Failure>| -> Vec<String> {
        found.unwrap().into_iter().map(|user| user.email.to_string()).collect()
    };
    assert_eq!(emails(users::list::run(&it.ctx, &root, None, search(" O")).await), [demo::OTTO]);
    assert_eq!(emails(users::list::run(&it.ctx, &mira, None, search("")).await).len(), 5);
    assert_eq!(emails(users::list::run(&it.ctx, &mira, None, search("o")).await), [""; 0]);
    for hostile in ["%", "_", "\\", "*", "[a-z]", "'", "mira%", "m_ra", "\u{10FFFF}", "ｍira"] {
        assert_eq!(
            emails(users::list::run(&it.ctx, &root, None, search(hostile)).await),
            [""; 0],
            "{hostile}"
        );
    }
    let met = list::run(&it.ctx, &mira, northwind, search("MIRA.HOLT@NORTH")).await.unwrap();
    let [met] = met.as_slice() else { panic!("{met:?}") };
    let sites: Vec<&str> = met.sites.iter().map(|site| site.key.as_str()).collect();
    assert_eq!((met.roles[0].key.as_str(), sites), ("admin", vec!["lis", "por"]));
    let noor = list::run(&it.ctx, &mira, northwind, search("noor")).await.unwrap();
    let roles: Vec<&str> = noor[0].roles.iter().map(|role| role.key.as_str()).collect();
    assert_eq!(roles, ["member", "technician"], "strongest first");
    let gus = caller(&it, demo::GUS).await;
    let refused = users::list::run(&it.ctx, &gus, None, search("")).await.unwrap_err();
    assert!(refused.decision.is_some(), "a guest does not see the members");
}
