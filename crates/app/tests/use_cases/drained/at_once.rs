//! In the very next request nothing of it is honoured, whoever asks, on whichever node.

use herald_app::oauth::introspect;
use herald_app::users;
use testkit::{Engine, demo, hours, on_both_engines};

use super::{crowded, delete, root};
use crate::links::{NEU, PASSWORD, accepted, invite};
use crate::support::{into_tenant, is_refused, lives, mint, named};
use crate::tokens_signed::{by, signed, wanted};

on_both_engines! {
    every_kind_of_credential_is_dead_on_every_node,
    who_was_in_two_tenants_is_the_other_ones_now,
    a_token_goes_with_its_session_wherever_that_is_by_now,
}

async fn every_kind_of_credential_is_dead_on_every_node(engine: Engine) {
    let it = crowded(engine).await;
    let other = it.another().await;
    let (mira, root) = (it.sign_in(demo::MIRA).await.token, root(&it).await);
    let (grant, key) = (it.grant(demo::NOOR).await, mint(&it, &mira, named("k")).await.unwrap());
    let jwt = signed(&it, &by(&it, &mira).await, wanted("guest", hours(1))).await.unwrap();
    let invitation = invite(&it, &mira, "northwind", (NEU, "guest")).await;
    let all = [&mira, &grant.token, &key, &jwt, demo::key(demo::GUS)];
    it.hear().await;
    other.hear().await;
    for credential in all {
        assert!(lives(&it, credential).await && lives(&other, credential).await);
    }
    delete(&it, &root, demo::NORTHWIND).await;
    other.hear().await;
    for credential in all {
        assert!(!lives(&it, credential).await && !lives(&other, credential).await, "{credential}");
        let asked = introspect::run(&it.ctx, &introspect::Asker::Client, credential).await;
        assert!(asked.unwrap().is_none(), "inactive");
    }
    let refresh = grant.refresh.unwrap();
    assert!(is_refused(&it, &refresh).await && is_refused(&other, &refresh).await);
    assert_eq!(accepted(&it, &invitation, PASSWORD).await, "invalid_token");
    assert_eq!(into_tenant(&it, demo::MIRA, None).await, "contoso", "where she is a guest");
    assert_eq!(into_tenant(&it, demo::MIRA, Some("northwind")).await, "invalid_credentials");
}

async fn who_was_in_two_tenants_is_the_other_ones_now(engine: Engine) {
    let it = crowded(engine).await;
    let (otto, root) = (it.caller(&it.sign_in(demo::OTTO).await.token).await, root(&it).await);
    let person = it.user_id("p1000001@crowd.example").await;
    let refused = users::delete::run(&it.ctx, &otto, person).await.unwrap_err();
    assert_eq!(refused.code, "forbidden", "of two tenants");
    delete(&it, &root, demo::NORTHWIND).await;
    let shown = users::show::run(&it.ctx, &root, person).await.unwrap();
    assert_eq!(shown.profile.memberships.len(), 1);
    assert_eq!((shown.profile.user.default_tenant, shown.profile.user.default_site), (None, None));
    users::delete::run(&it.ctx, &otto, person).await.unwrap();
}

/// A session may move to another tenant while a token of it is in hand.
async fn a_token_goes_with_its_session_wherever_that_is_by_now(engine: Engine) {
    let it = crowded(engine).await;
    let token = it.grant(demo::OTTO).await.token;
    let moved = "UPDATE sessions SET tenant_id = (SELECT id FROM tenants WHERE key = 'northwind') \
                 WHERE user_id = (SELECT id FROM users WHERE email LIKE 'otto.%')";
    it.sql(moved).await;
    it.hear().await;
    assert!(lives(&it, &token).await);
    delete(&it, &root(&it).await, demo::NORTHWIND).await;
    assert!(!lives(&it, &token).await);
}
