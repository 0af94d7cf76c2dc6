//! Minting, listing and revoking one's own API keys.

use domain::token::Utility;
use domain::{Timestamp, TokenId};
use herald_app::Failure;
use herald_app::seal::Place;
use herald_app::tokens::{is_well_formed, list, mint as minting, revoke};
use secrecy::ExposeSecret;
use testkit::{Engine, Installation, days, demo, on_both_engines, seconds};

use crate::support::{dead, lives, mint, named, value};

on_both_engines! {
    a_key_has_its_form_and_its_time,
    a_quota_is_a_quota_ten_at_once_or_not,
    one_revokes_ones_own_alone,
    a_list_shows_what_is_live_page_by_page,
    only_a_revealable_key_is_kept_and_only_sealed,
    nobody_mints_without_a_tenant_or_the_permission,
}

async fn a_key_has_its_form_and_its_time(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    let caller = it.caller(&mira.token).await;
    let minted = minting::run(&it.ctx, &caller, named("ci")).await.unwrap();
    assert!(is_well_formed(minted.key.expose_secret()));
    assert_eq!(minted.token.expires_at, Some(it.now().plus(days(365))));
    assert_eq!((minted.token.cap, minted.token.utility, minted.token.revealable), (None, None, false));
    for lives_for in [seconds(0), days(365) + seconds(1)] {
        let mut bad = named("x");
        bad.lives = Some(lives_for);
        assert_eq!(mint(&it, &mira.token, bad).await, Err("invalid_field"));
    }
    for name in ["", " ", "a\u{0}b", &"x".repeat(101)] {
        assert_eq!(mint(&it, &mira.token, named(name)).await, Err("invalid_field"), "{name:?}");
    }
    let mut whole = named(&"ä".repeat(100));
    whole.lives = Some(days(365));
    assert!(mint(&it, &mira.token, whole).await.is_ok());
}

/// Contoso may have five, and Otto's of the demo is one.
async fn a_quota_is_a_quota_ten_at_once_or_not(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = it.sign_in(demo::OTTO).await;
    let tries = testkit::join_all((0..10).map(|n| mint(&it, &otto.token, named(&format!("k{n}"))))).await;
    let minted: Vec<&String> = tries.iter().flatten().collect();
    assert_eq!(minted.len(), 4);
    assert_eq!(tries.iter().filter(|one| **one == Err("quota_exceeded")).count(), 6);
    let id = it.prove(minted[0]).await.unwrap().principal.credential.id;
    revoke::run(&it.ctx, &it.caller(&otto.token).await, TokenId::from_uuid(id)).await.unwrap();
    let mut short = named("a place is free again");
    short.lives = Some(seconds(60));
    assert!(mint(&it, &otto.token, short).await.is_ok());
    assert_eq!(mint(&it, &otto.token, named("full")).await, Err("quota_exceeded"));
    it.advance(seconds(60));
    assert!(mint(&it, &otto.token, named("one has expired")).await.is_ok());
    let mira = it.sign_in(demo::MIRA).await;
    assert!(mint(&it, &mira.token, named("another tenant's quota")).await.is_ok());
}

async fn one_revokes_ones_own_alone(engine: Engine) {
    let it = Installation::on(engine).await;
    let (mira, noor) = (it.sign_in(demo::MIRA).await, it.sign_in(demo::NOOR).await);
    let key = mint(&it, &mira.token, named("mine")).await.unwrap();
    let id = TokenId::from_uuid(it.prove(&key).await.unwrap().principal.credential.id);
    let try_revoke = |by: String, id| {
        let it = &it;
        async move {
            let caller = it.caller(&by).await;
            revoke::run(&it.ctx, &caller, id).await.map_err(|failure: Failure| failure.code)
        }
    };
    assert_eq!(try_revoke(noor.token.clone(), id).await, Err("not_found"));
    let mut elsewhere = testkit::command(
        demo::MIRA,
        demo::password(demo::MIRA),
        herald_app::sessions::sign_in::Through::Native,
    );
    elsewhere.tenant = Some("contoso".to_owned());
    let elsewhere = it.try_command(elsewhere).await.unwrap_or_else(|why| panic!("{why:?}"));
    assert_eq!(try_revoke(elsewhere.token, id).await, Err("forbidden"), "a guest there");
    assert_eq!(try_revoke(mira.token.clone(), TokenId::from_uuid(it.ctx.new_id())).await, Err("not_found"));
    assert!(lives(&it, &key).await);
    assert_eq!(try_revoke(key.clone(), id).await, Ok(()), "itself");
    assert!(dead(&it, &key).await.is_some());
    assert_eq!(try_revoke(mira.token, id).await, Err("not_found"), "again");
}

async fn a_list_shows_what_is_live_page_by_page(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    for name in ["a", "b", "c"] {
        it.advance(seconds(1));
        mint(&it, &mira.token, named(name)).await.unwrap();
    }
    let mut short = named("short");
    short.lives = Some(seconds(1));
    mint(&it, &mira.token, short).await.unwrap();
    it.advance(seconds(1));
    let caller = it.caller(&mira.token).await;
    let (mut after, mut names) = (list::After::START, Vec::new());
    loop {
        let page = list::run(&it.ctx, &caller, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = list::After(last.token.created_at, last.token.id);
        names.extend(page.into_iter().map(|listed| listed.token.name));
    }
    assert_eq!(names, ["external_api", "a", "b", "c"]);
    let gus = it.sign_in(demo::GUS).await;
    let own = list::run(&it.ctx, &it.caller(&gus.token).await, list::After::START, 10).await.unwrap();
    assert_eq!(own.len(), 1, "a guest reads his own");
}

async fn only_a_revealable_key_is_kept_and_only_sealed(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    let caller = it.caller(&mira.token).await;
    let mut shown = named("shown");
    shown.utility = Some(Utility::ExternalApi);
    let shown = minting::run(&it.ctx, &caller, shown).await.unwrap();
    assert!(shown.token.revealable, "one with a utility is, unless asked otherwise");
    let mut asked = named("asked");
    (asked.utility, asked.revealable) = (Some(Utility::Cicd), Some(false));
    let asked = minting::run(&it.ctx, &caller, asked).await.unwrap();
    let sealed = |id: TokenId| {
        let (it, sql) = (&it, format!("SELECT sealed FROM tokens WHERE id = {}", engine.uuid(id.uuid())));
        async move { value(it, &sql).await }
    };
    assert_eq!(sealed(asked.token.id).await, "");
    let sealed = sealed(shown.token.id).await;
    let bytes: Vec<u8> =
        (0..sealed.len()).step_by(2).map(|at| u8::from_str_radix(&sealed[at..at + 2], 16).unwrap()).collect();
    let place = |id: &TokenId| *id.as_bytes();
    let row = place(&shown.token.id);
    let opened = it.ctx.sealer.open(Place { table: "tokens", column: "sealed", row: &row }, &bytes).unwrap();
    assert_eq!(opened.as_slice(), shown.key.expose_secret().as_bytes());
    let elsewhere = place(&asked.token.id);
    assert!(
        it.ctx.sealer.open(Place { table: "tokens", column: "sealed", row: &elsewhere }, &bytes).is_err()
    );
}

async fn nobody_mints_without_a_tenant_or_the_permission(engine: Engine) {
    let it = Installation::on(engine).await;
    let (gus, root) = (it.sign_in(demo::GUS).await, it.sign_in(demo::ROOT).await);
    assert_eq!(mint(&it, &gus.token, named("x")).await, Err("forbidden"));
    assert_eq!(mint(&it, &root.token, named("x")).await, Err("forbidden"));
    let tova = it.sign_in(demo::TOVA).await;
    assert!(mint(&it, &tova.token, named("x")).await.is_ok(), "a developer may");
    let id = it.prove(demo::key(demo::GUS)).await.unwrap().principal.credential.id;
    let refused =
        revoke::run(&it.ctx, &it.caller(&gus.token).await, TokenId::from_uuid(id)).await.unwrap_err();
    assert_eq!(refused.code, "forbidden", "not even his own");
    assert!(
        value(&it, "SELECT MIN(created_at) FROM tokens").await.parse::<i64>().unwrap()
            <= Timestamp::NEVER.as_micros()
    );
}
