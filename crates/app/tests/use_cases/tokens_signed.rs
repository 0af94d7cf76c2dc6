//! Signed API tokens, and the lists of what was made for a provider.

use std::time::Duration;

use domain::Timestamp;
use domain::decision::Door;
use herald_app::Caller;
use herald_app::tokens::of_provider::{self, Listed};
use herald_app::tokens::{revoke, sign};
use secrecy::ExposeSecret;
use testkit::{Engine, Installation, Setup, demo, hours, on_both_engines, seconds};

use crate::support::{dead, lives, mint, named, value};

on_both_engines! {
    what_is_signed_lives_to_its_end,
    what_is_wrong_is_named_and_nothing_is_made,
    it_does_no_more_than_the_credential_that_signed_it,
    the_quota_counts_signed_ones_ten_at_once,
    who_sees_what,
    a_provider_of_the_settings_has_its_own,
}

pub async fn by(it: &Installation, credential: &str) -> Caller {
    Caller { door: Door::Product, ..it.caller(credential).await }
}

pub fn wanted(role: &str, lives: Duration) -> sign::Command {
    sign::Command { provider: "local".to_owned(), role: role.to_owned(), lives, name: String::new() }
}

fn said(error: &sign::Error) -> &'static str {
    match error {
        sign::Error::Refused(failure) => failure.code,
        sign::Error::Provider => "no provider",
        sign::Error::Role => "no role",
        sign::Error::Lives => "lives",
        sign::Error::Name => "name",
        sign::Error::Exceeds => "exceeds",
        sign::Error::Quota => "quota",
    }
}

/// The JWT, or what was said.
pub async fn signed(it: &Installation, by: &Caller, command: sign::Command) -> Result<String, &'static str> {
    let signed = sign::run(&it.ctx, by, command).await.map_err(|error| said(&error))?;
    Ok(signed.jwt.expose_secret().to_owned())
}

async fn listed(it: &Installation, by: &Caller, provider: &str) -> Result<Vec<Listed>, &'static str> {
    match of_provider::run(&it.ctx, by, provider.to_owned()).await {
        Ok(tokens) => {
            assert!(!tokens.truncated);
            Ok(tokens.listed)
        }
        Err(of_provider::Error::Provider) => Err("no provider"),
        Err(of_provider::Error::Refused(failure)) => Err(failure.code),
    }
}

async fn what_is_signed_lives_to_its_end(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = by(&it, demo::key(demo::MIRA)).await;
    let made = sign::run(&it.ctx, &mira, wanted("guest", hours(1))).await.unwrap();
    let jwt = made.jwt.expose_secret();
    assert_eq!(jwt.split('.').count(), 3);
    assert_eq!(made.token.expires_at, Some(it.now().plus(hours(1))));
    let proven = it.caller(jwt).await;
    assert_eq!((proven.principal().credential.id, proven.user_id()), (made.token.id.uuid(), mira.user_id()));
    let told = value(&it, "SELECT reason FROM audit WHERE action = 'token.minted'").await;
    let until = made.token.expires_at.map(Timestamp::rfc3339_secs).unwrap();
    assert!(told.ends_with(&format!("role guest, expires {until}")), "{told}");
    assert!(!format!("{:?}", it.sql("SELECT * FROM audit").await).contains(jwt));
    assert!(lives(&it.another().await, jwt).await, "on every node");
    it.advance(hours(1) - seconds(1));
    assert!(lives(&it, jwt).await);
    it.advance(seconds(1));
    assert!(dead(&it, jwt).await.is_some());
    // One that is revoked is dead at once, on another node too.
    let early = sign::run(&it.ctx, &mira, wanted("guest", hours(1))).await.unwrap();
    revoke::of_tenant(&it.ctx, &mira, early.token.id).await.unwrap();
    for node in [&it, &it.another().await] {
        assert!(dead(node, early.jwt.expose_secret()).await.is_some());
    }
    assert!(revoke::of_tenant(&it.ctx, &mira, early.token.id).await.is_err(), "it is not there any more");
}

async fn what_is_wrong_is_named_and_nothing_is_made(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = by(&it, demo::key(demo::MIRA)).await;
    let max = it.ctx.config.tokens.max_ttl;
    let other = |provider: &str| sign::Command { provider: provider.to_owned(), ..wanted("guest", hours(1)) };
    let called = |name: &str| sign::Command { name: name.to_owned(), ..wanted("guest", hours(1)) };
    let long = "x".repeat(101);
    for (command, why) in [
        (other("aaaa"), "no provider"),
        (other("LOCAL"), "no provider"),
        (other(""), "no provider"),
        (wanted("captain", hours(1)), "no role"),
        (wanted("Admin", hours(1)), "no role"),
        (wanted("guest", Duration::ZERO), "lives"),
        (wanted("guest", max + seconds(1)), "lives"),
        (wanted("guest", Duration::MAX), "lives"),
        (called(&long), "name"),
        (called("a\0b"), "name"),
    ] {
        assert_eq!(signed(&it, &mira, command).await, Err(why));
    }
    assert_eq!(value(&it, "SELECT COUNT(*) FROM tokens").await, "3", "the demo's");
    assert!(signed(&it, &mira, wanted("guest", max)).await.is_ok());
}

async fn it_does_no_more_than_the_credential_that_signed_it(engine: Engine) {
    let it = Installation::on(engine).await;
    let tova = by(&it, &it.sign_in(demo::TOVA).await.token).await;
    for role in ["admin", "member", "threat_viewer"] {
        assert_eq!(signed(&it, &tova, wanted(role, hours(1))).await, Err("exceeds"), "{role}");
    }
    let own = signed(&it, &tova, wanted("developer", hours(1))).await.unwrap();
    let lesser = signed(&it, &tova, wanted("guest", hours(1))).await.unwrap();
    // Signed with a token: no more than its cap, and no longer than it lives.
    let again = by(&it, &own).await;
    assert_eq!(signed(&it, &again, wanted("member", hours(1))).await, Err("exceeds"));
    it.advance(seconds(600));
    let made = sign::run(&it.ctx, &again, wanted("guest", hours(1))).await.unwrap();
    assert_eq!(made.token.expires_at, again.principal().credential.expires_at);
    assert_eq!(signed(&it, &by(&it, &lesser).await, wanted("guest", hours(1))).await, Err("forbidden"));
    let gus = by(&it, demo::key(demo::GUS)).await;
    assert_eq!(signed(&it, &gus, wanted("guest", hours(1))).await, Err("forbidden"));
}

async fn the_quota_counts_signed_ones_ten_at_once(engine: Engine) {
    let it = Installation::on(engine).await;
    let otto = by(&it, demo::key(demo::OTTO)).await;
    let all = testkit::join_all((0..10).map(|_| signed(&it, &otto, wanted("guest", hours(1))))).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 4);
    assert!(all.iter().filter(|one| one.is_err()).all(|one| *one == Err("quota")));
    let first = &listed(&it, &otto, "local").await.unwrap()[1].token;
    revoke::of_tenant(&it.ctx, &otto, first.id).await.unwrap();
    assert!(signed(&it, &otto, wanted("guest", hours(1))).await.is_ok(), "room for one again");
    assert_eq!(signed(&it, &otto, wanted("guest", hours(1))).await, Err("quota"));
    it.advance(hours(1));
    assert!(
        signed(&it, &otto, wanted("guest", hours(1))).await.is_ok(),
        "those that have ended do not count"
    );
}

async fn who_sees_what(engine: Engine) {
    let it = Installation::on(engine).await;
    let [mira, gus, otto] = [demo::MIRA, demo::GUS, demo::OTTO].map(demo::key);
    let (mira, gus, otto) = (by(&it, mira).await, by(&it, gus).await, by(&it, otto).await);
    it.advance(seconds(1));
    signed(&it, &mira, wanted("member", hours(1))).await.unwrap();
    it.advance(seconds(1));
    let session = it.sign_in(demo::MIRA).await.token;
    mint(&it, &session, named("of another dialect")).await.unwrap();
    let shown = async |caller: &Caller| {
        let rows = listed(&it, caller, "local").await.unwrap();
        let row = |row: &Listed| {
            let role = row.role.as_ref().map_or("none", |role| role.key.as_str());
            format!("{} {role} {}", row.token.name, row.created_by.as_deref().unwrap_or("nobody"))
        };
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let all = shown(&mira).await;
    assert_eq!(all.len(), 4, "{all:?}");
    let of = |role: &str, email: &str| format!("external_api {role} {email}");
    assert!(
        all[..2].contains(&of("admin", demo::MIRA)) && all[..2].contains(&of("guest", demo::GUS)),
        "{all:?}"
    );
    assert_eq!(
        all[2..],
        [format!(" member {}", demo::MIRA), format!("of another dialect admin {}", demo::MIRA)]
    );
    assert_eq!(shown(&gus).await, [of("guest", demo::GUS)], "his own");
    assert_eq!(shown(&otto).await, [of("admin", demo::OTTO)], "nothing of northwind");
    let capped = signed(&it, &mira, wanted("member", hours(1))).await.unwrap();
    assert_eq!(shown(&by(&it, &capped).await).await.len(), 4, "without tokens:admin her own alone");
    it.advance(hours(2));
    assert_eq!(shown(&mira).await.len(), 3, "those that live");
    for provider in ["aaaa", "LOCAL", "", "local "] {
        assert_eq!(listed(&it, &mira, provider).await.err(), Some("no provider"), "{provider:?}");
    }
}

async fn a_provider_of_the_settings_has_its_own(engine: Engine) {
    let it = Installation::with(Setup::on(engine).config(|config| {
        config.aegis_providers = vec!["aaaa".to_owned()];
    }))
    .await;
    let mira = by(&it, demo::key(demo::MIRA)).await;
    let command = sign::Command { provider: "aaaa".to_owned(), ..wanted("guest", hours(1)) };
    signed(&it, &mira, command).await.unwrap();
    let count = async |provider: &str| listed(&it, &mira, provider).await.map(|rows| rows.len());
    assert_eq!(
        (count("aaaa").await, count("local").await, count("bbbb").await),
        (Ok(1), Ok(2), Err("no provider"))
    );
}
