//! What no longer works, and when it is judged.

use domain::ids::LinkId;
use herald_app::invitations::{list, withdraw};
use herald_app::tenants::TenantName;
use herald_app::{roles, sites};
use testkit::{Engine, Installation, days, demo, on_both_engines, seconds};

use super::{NEU, PASSWORD, accepted, handed, invite, invite_with, inviting};
use crate::support::value;
use crate::sweep::{count, swept};

on_both_engines! {
    a_token_works_once,
    a_token_ends_with_its_time,
    a_newer_one_takes_the_place_of_the_older,
    a_withdrawn_one_is_gone_and_only_the_tenants_own_are_seen,
    an_invitation_dies_with_its_tenant_its_role_and_its_site,
    what_an_open_invitation_gives_is_not_taken_away,
    a_common_role_too,
    an_invitation_dies_with_the_right_of_who_made_it,
    the_quota_is_judged_at_use_and_before,
    what_is_over_is_swept,
}

async fn a_token_works_once(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let token = invite(&it, &mira, "northwind", (NEU, "guest")).await;
    assert_eq!(accepted(&it, &token, PASSWORD).await, "in");
    assert_eq!(accepted(&it, &token, PASSWORD).await, "invalid_token");
    for wrong in ["", "hi_", "hp_x", &token[..token.len() - 1], &token.to_uppercase()] {
        assert_eq!(accepted(&it, wrong, PASSWORD).await, "invalid_token", "{wrong:?}");
    }
}

async fn a_token_ends_with_its_time(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let token = invite(&it, &mira, "northwind", (NEU, "guest")).await;
    it.advance(days(7) - seconds(1));
    let mira = it.sign_in(demo::MIRA).await.token;
    let later = invite(&it, &mira, "northwind", ("late@northwind.example", "guest")).await;
    it.advance(seconds(1));
    assert_eq!(accepted(&it, &token, PASSWORD).await, "invalid_token");
    assert_eq!(accepted(&it, &later, PASSWORD).await, "in");
}

async fn a_newer_one_takes_the_place_of_the_older(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let older = invite(&it, &mira, "northwind", (NEU, "admin")).await;
    let newer = invite(&it, &mira, "northwind", (NEU, "guest")).await;
    assert_eq!(count(&it, "links").await, 1);
    assert_eq!(accepted(&it, &older, PASSWORD).await, "invalid_token");
    assert_eq!(accepted(&it, &newer, PASSWORD).await, "in");
    let otto = it.sign_in(demo::OTTO).await.token;
    invite(&it, &otto, "contoso", (NEU, "guest")).await;
    assert_eq!(count(&it, "links").await, 2, "another tenant's is another one");
}

async fn a_withdrawn_one_is_gone_and_only_the_tenants_own_are_seen(engine: Engine) {
    let it = Installation::on(engine).await;
    let (mira, otto) = (it.sign_in(demo::MIRA).await.token, it.sign_in(demo::OTTO).await.token);
    let invited = invite_with(&it, &mira, "northwind", inviting(NEU, "guest")).await.unwrap();
    let (token, id) = (handed(&invited.delivery), invited.link.id);
    let seen = async |by: &str, tenant: &str| {
        let caller = it.caller(by).await;
        let open = list::run(&it.ctx, &caller, &TenantName::parse(tenant), list::After::START, 10).await;
        open.map(|open| open.into_iter().map(|open| open.link.id).collect::<Vec<LinkId>>())
    };
    assert_eq!(seen(&mira, "northwind").await.unwrap(), [id]);
    assert_eq!(seen(&otto, "contoso").await.unwrap(), []);
    assert_eq!(seen(&otto, "northwind").await.unwrap_err().code, "not_found");
    let end = async |by: &str, tenant: &str| {
        let caller = it.caller(by).await;
        withdraw::run(&it.ctx, &caller, &TenantName::parse(tenant), id).await.map_err(|failure| failure.code)
    };
    assert_eq!(end(&otto, "contoso").await, Err("not_found"));
    assert_eq!(end(&otto, "northwind").await, Err("not_found"));
    assert_eq!(end(&mira, "northwind").await, Ok(()));
    assert_eq!(end(&mira, "northwind").await, Err("not_found"));
    assert_eq!(accepted(&it, &token, PASSWORD).await, "invalid_token");
    assert_eq!(seen(&mira, "northwind").await.unwrap(), []);
}

async fn an_invitation_dies_with_its_tenant_its_role_and_its_site(engine: Engine) {
    let it = Installation::on(engine).await;
    let (mira, otto) = (it.sign_in(demo::MIRA).await.token, it.sign_in(demo::OTTO).await.token);
    let role = invite(&it, &mira, "northwind", (NEU, "payments-review")).await;
    let command = herald_app::invitations::create::Command {
        sites: vec!["por".to_owned()],
        ..inviting("site@northwind.example", "guest")
    };
    let site = handed(&invite_with(&it, &mira, "northwind", command).await.unwrap().delivery);
    let tenant = invite(&it, &otto, "contoso", (NEU, "guest")).await;
    it.sql("DELETE FROM roles WHERE key = 'payments-review'").await;
    it.sql("DELETE FROM sites WHERE key = 'por'").await;
    it.sql("DELETE FROM tenants WHERE key = 'contoso'").await;
    for token in [&role, &site, &tenant] {
        assert_eq!(accepted(&it, token, PASSWORD).await, "invalid_token");
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM users WHERE email LIKE 'neu%'").await, "0");
    let told = "SELECT reason FROM audit WHERE action = 'invitation.refused' ORDER BY reason";
    let why: Vec<_> = it.sql(told).await.into_iter().filter_map(|row| row[0].clone()).collect();
    assert_eq!(why, ["a role is gone", "a site is gone", "no such token, or over"]);
}

async fn an_invitation_dies_with_the_right_of_who_made_it(engine: Engine) {
    for change in [
        "UPDATE users SET locked = TRUE WHERE email LIKE 'mira%'",
        "UPDATE users SET active = FALSE WHERE email LIKE 'mira%'",
        "UPDATE memberships SET active = FALSE WHERE user_id = (SELECT id FROM users WHERE email LIKE 'mira%')",
        "DELETE FROM membership_roles WHERE user_id = (SELECT id FROM users WHERE email LIKE 'mira%')",
        "DELETE FROM users WHERE email LIKE 'mira%'",
    ] {
        let it = Installation::on(engine).await;
        let mira = it.sign_in(demo::MIRA).await.token;
        let token = invite(&it, &mira, "northwind", (NEU, "admin")).await;
        it.sql(change).await;
        assert_eq!(accepted(&it, &token, PASSWORD).await, "invalid_token", "{change}");
    }
    // Demoted, but still one who may give a guest's seat: that one works.
    let it = Installation::on(engine).await;
    it.apply(
        "[[role]]\nkey = \"recruiter\"\nname = \"Recruiter\"\ntenant = \"northwind\"\n\
         permissions = [\"users:write\"]\nassigns = [\"guest\"]\n",
    )
    .await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let admin = invite(&it, &mira, "northwind", ("boss@northwind.example", "admin")).await;
    let guest = invite(&it, &mira, "northwind", (NEU, "guest")).await;
    it.sql(
        "UPDATE membership_roles SET role_id = (SELECT id FROM roles WHERE key = 'recruiter') \
         WHERE user_id = (SELECT id FROM users WHERE email LIKE 'mira%') \
         AND tenant_id = (SELECT id FROM tenants WHERE key = 'northwind')",
    )
    .await;
    assert_eq!(accepted(&it, &admin, PASSWORD).await, "invalid_token");
    assert_eq!(accepted(&it, &guest, PASSWORD).await, "in");
}

async fn what_an_open_invitation_gives_is_not_taken_away(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let (caller, here) = (it.caller(&mira).await, TenantName::parse("northwind"));
    let new = roles::create::Command {
        place: roles::create::Place::Mine,
        key: "porter".to_owned(),
        given: roles::Given::default(),
    };
    let role = roles::create::run(&it.ctx, &caller, new).await.unwrap();
    let new = sites::add::Command { key: "far".to_owned(), name: "Faro".to_owned() };
    let site = sites::add::run(&it.ctx, &caller, &here, new).await.unwrap();
    let command = |n: usize| herald_app::invitations::create::Command {
        sites: vec!["far".to_owned()],
        ..inviting(&format!("neu{n}@northwind.example"), "porter")
    };
    let mut open = Vec::new();
    for n in 0..2 {
        open.push(invite_with(&it, &mira, "northwind", command(n)).await.unwrap());
    }
    let refused = async || {
        let role = roles::delete::run(&it.ctx, &caller, role).await.unwrap_err();
        let site = sites::remove::run(&it.ctx, &caller, &here, site).await.unwrap_err();
        assert_eq!([role.code, site.code], ["in_use"; 2]);
        [role.public.into_owned(), site.public.into_owned()]
    };
    let told = refused().await;
    assert!(told[0].starts_with("2 open invitations name this role;"), "{told:?}");
    assert!(told[1].starts_with("2 open invitations name this site;"), "{told:?}");
    withdraw::run(&it.ctx, &caller, &here, open[0].link.id).await.unwrap();
    let told = refused().await;
    assert!(told[0].starts_with("An open invitation names this role;"), "{told:?}");
    // One that is over stands in nobody's way.
    it.advance(days(7));
    let caller = it.caller(&it.sign_in(demo::MIRA).await.token).await;
    roles::delete::run(&it.ctx, &caller, role).await.unwrap();
    sites::remove::run(&it.ctx, &caller, &here, site).await.unwrap();
    assert_eq!(accepted(&it, &handed(&open[1].delivery), PASSWORD).await, "invalid_token");
}

/// A role of the whole installation is named by invitations of any tenant.
async fn a_common_role_too(engine: Engine) {
    let it = Installation::on(engine).await;
    let root = it.sign_in(demo::ROOT).await.token;
    let caller = it.caller(&root).await;
    let new = roles::create::Command {
        place: roles::create::Place::Everywhere,
        key: "porter".to_owned(),
        given: roles::Given::default(),
    };
    let role = roles::create::run(&it.ctx, &caller, new).await.unwrap();
    let mut open = Vec::new();
    for tenant in ["northwind", "contoso"] {
        open.push((tenant, invite_with(&it, &root, tenant, inviting(NEU, "porter")).await.unwrap()));
    }
    for (tenant, invited) in open {
        let refused = roles::delete::run(&it.ctx, &caller, role).await.unwrap_err();
        assert_eq!(refused.code, "in_use", "{refused}");
        withdraw::run(&it.ctx, &caller, &TenantName::parse(tenant), invited.link.id).await.unwrap();
    }
    roles::delete::run(&it.ctx, &caller, role).await.unwrap();
}

async fn the_quota_is_judged_at_use_and_before(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = it.sign_in(demo::OTTO).await.token;
    let used: u64 = value(
        &it,
        "SELECT COUNT(*) FROM memberships WHERE tenant_id = (SELECT id FROM tenants WHERE key = 'contoso')",
    )
    .await
    .parse()
    .unwrap();
    let mut tokens = Vec::new();
    for n in used..=5 {
        let email = format!("neu{n}@contoso.example");
        tokens.push(invite(&it, &otto, "contoso", (&email, "guest")).await);
    }
    let last = tokens.pop().unwrap();
    for token in &tokens {
        assert_eq!(accepted(&it, token, PASSWORD).await, "in");
    }
    let full = super::accept(&it, &last, PASSWORD).await.err().unwrap();
    assert_eq!(full.code, "quota_exceeded");
    let told = format!(
        "SELECT COUNT(*) FROM audit a JOIN tenants t ON t.id = a.tenant_id WHERE t.key = 'contoso' AND action = \
         'access.refused' AND actor_kind = 'anonymous' AND target_id = {} AND reason LIKE 'quota_exceeded, decision %'",
        engine.uuid(*full.decision.unwrap())
    );
    assert_eq!(value(&it, &told).await, "1");
    let more = invite_with(&it, &otto, "contoso", inviting("more@contoso.example", "guest")).await;
    assert_eq!(more.err().unwrap().code, "quota_exceeded");
    it.sql("DELETE FROM users WHERE email = 'neu4@contoso.example'").await;
    assert_eq!(accepted(&it, &last, PASSWORD).await, "in", "the token was kept");
}

async fn what_is_over_is_swept(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await.token;
    let used = invite(&it, &mira, "northwind", (NEU, "guest")).await;
    accepted(&it, &used, PASSWORD).await;
    invite(&it, &mira, "northwind", ("never@northwind.example", "guest")).await;
    it.advance(days(8) - seconds(120));
    let mira = it.sign_in(demo::MIRA).await.token;
    let open = invite(&it, &mira, "northwind", ("open@northwind.example", "guest")).await;
    assert!(!swept(&it).await.contains("links"));
    it.advance(seconds(120));
    assert!(swept(&it).await.contains("links: 2"));
    assert_eq!(accepted(&it, &open, PASSWORD).await, "in");
}
