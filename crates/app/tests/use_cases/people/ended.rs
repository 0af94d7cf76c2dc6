//! What hung on a membership that was over stays dead when it counts again, whoever lets it.

use domain::EmailAddress;
use herald_app::members::{appoint, change};
use herald_app::tokens::{list, of_provider, survey};
use herald_app::{Caller, Failure};
use testkit::{Engine, Installation, demo, hours, on_both_engines};

use super::{caller, give, roles};
use crate::support::{lives, mint, named};

on_both_engines! {
    no_key_or_session_comes_back_with_a_membership_that_was_over,
    a_membership_that_was_over_and_inactive_brings_none_back_in_two_steps,
    keys_rest_while_a_membership_is_inactive,
    what_is_dead_with_a_membership_is_neither_counted_nor_listed,
    no_webhook_comes_back_with_a_membership_that_was_over,
}

/// An administrator, and a member whose membership ends in an hour, with a session and a key in it.
struct Stage {
    it: Installation,
    mira: Caller,
    session: String,
    key: String,
}

impl Stage {
    async fn on(engine: Engine) -> Self {
        let it = Installation::on(engine).await;
        let mira = caller(&it, demo::MIRA).await;
        let session = it.sign_in(demo::NOOR).await.token;
        let key = mint(&it, &session, named("of old")).await.unwrap();
        let stage = Self { it, mira, session, key };
        stage.change(|c| c.expires_at = Some(Some(stage.it.now().plus(hours(1))))).await.unwrap();
        stage
    }

    async fn change(&self, set: impl FnOnce(&mut change::Command)) -> Result<(), Failure> {
        let (tenant, noor) = (self.it.tenant_id("northwind").await, self.it.user_id(demo::NOOR).await);
        let mut command = change::Command { roles: None, ..roles(tenant, noor, &[]) };
        set(&mut command);
        give(&self.it, &self.mira, command).await.map(drop)
    }

    async fn living(&self) -> [bool; 2] {
        [lives(&self.it, &self.session).await, lives(&self.it, &self.key).await]
    }
}

async fn no_key_or_session_comes_back_with_a_membership_that_was_over(engine: Engine) {
    let stage = Stage::on(engine).await;
    let it = &stage.it;
    assert_eq!(stage.living().await, [true, true]);
    stage.change(|c| c.expires_at = Some(Some(it.now().plus(hours(2))))).await.unwrap();
    assert_eq!(stage.living().await, [true, true], "it was not over");
    it.advance(hours(3));
    assert_eq!(stage.living().await, [false, false]);
    stage.change(|c| c.roles = Some(vec!["guest".to_owned()])).await.unwrap();
    stage.change(|c| c.expires_at = Some(None)).await.unwrap();
    assert_eq!(stage.living().await, [false, false]);
    let again = it.sign_in(demo::NOOR).await.token;
    assert!(lives(it, &again).await, "she is in again");
}

async fn a_membership_that_was_over_and_inactive_brings_none_back_in_two_steps(engine: Engine) {
    let stage = Stage::on(engine).await;
    let appointed = async |active| {
        let email = EmailAddress::parse(demo::NOOR).unwrap();
        let command = appoint::Command { email, role: None, active: Some(active) };
        appoint::run(&stage.it.ctx, &stage.mira, command).await.unwrap();
    };
    appointed(false).await;
    stage.it.advance(hours(3));
    stage.change(|c| c.expires_at = Some(None)).await.unwrap();
    appointed(true).await;
    assert_eq!(stage.living().await, [false, false]);
}

async fn keys_rest_while_a_membership_is_inactive(engine: Engine) {
    let stage = Stage::on(engine).await;
    for active in [false, true] {
        stage.change(|c| c.active = Some(active)).await.unwrap();
        assert_eq!(stage.living().await, [false, active], "sessions end, keys rest");
    }
}

/// Nobody revoked it, and it can never live again.
async fn what_is_dead_with_a_membership_is_neither_counted_nor_listed(engine: Engine) {
    let stage = Stage::on(engine).await;
    let it = &stage.it;
    let tenant = it.tenant_id("northwind").await;
    let counted = async || {
        let now = it.now();
        let counts = it.ctx.store.read(move |tx| {
            Box::pin(async move {
                let shown = store::population::count(tx, tenant, now).await?.tokens;
                Ok::<_, store::StoreError>((
                    shown,
                    store::tenants::count_tokens(tx, tenant, now, 1_000).await?,
                ))
            })
        });
        counts.await.unwrap()
    };
    let listed = async || {
        let mira = caller(it, demo::MIRA).await;
        let named = herald_app::tenants::TenantName::Id(tenant);
        let all = survey::of_tenant(&it.ctx, &mira, &named, (list::After::START, 100)).await.unwrap();
        let of_provider = of_provider::run(&it.ctx, &mira, "local".to_owned()).await;
        let Ok(of_provider) = of_provider else { panic!("refused") };
        (all.len(), of_provider.listed.len())
    };
    let (before, shown) = (counted().await, listed().await);
    it.advance(hours(3));
    assert_eq!(counted().await, (before.0 - 1, before.1 - 1));
    assert_eq!(listed().await, (shown.0 - 1, shown.1 - 1));
    assert_eq!(
        crate::support::value(it, "SELECT COUNT(*) FROM tokens WHERE revoked_at IS NOT NULL").await,
        "0"
    );
    stage.change(|c| c.expires_at = Some(None)).await.unwrap();
    assert_eq!(counted().await, (before.0 - 1, before.1 - 1), "revoked");
}

async fn no_webhook_comes_back_with_a_membership_that_was_over(engine: Engine) {
    let stage = Stage::on(engine).await;
    let it = &stage.it;
    let noor = it.caller(&stage.session).await;
    let given = herald_app::webhooks::Given {
        name: Some("room".into()),
        url: Some("https://hooks.northwind.example/secret".into()),
        kind: Some("SLACK".into()),
    };
    let here = herald_app::tenants::TenantName::parse("northwind");
    herald_app::webhooks::add::run(&it.ctx, &noor, &here, given).await.unwrap();
    let hooks = async || crate::support::value(it, "SELECT COUNT(*) FROM webhooks WHERE name = 'room'").await;
    stage.change(|c| c.expires_at = Some(Some(it.now().plus(hours(2))))).await.unwrap();
    assert_eq!(hooks().await, "1", "it was not over");
    it.advance(hours(3));
    stage.change(|c| c.expires_at = Some(None)).await.unwrap();
    assert_eq!(hooks().await, "0");
}
