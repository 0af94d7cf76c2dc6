//! What changed between the look-up of a credential and the write that it asked for is felt inside the write.

use herald_app::tokens::{mint, revoke};
use herald_app::users::{change_password, change_profile};
use herald_app::{Caller, Failure, sessions};
use testkit::{Engine, Installation, demo, on_both_engines};

use crate::support::value;

on_both_engines! {
    a_revoked_credential_writes_nothing_more,
    a_role_taken_away_mints_nothing_more,
    nodes_that_start_together_share_their_keys,
    a_node_is_ready_on_either_engine,
}

fn minting() -> mint::Command {
    mint::Command { name: "late".to_owned(), role: None, lives: None, utility: None, revealable: None }
}

async fn caller(it: &Installation) -> Caller {
    let session = it.sign_in(demo::NOOR).await;
    it.caller(&session.token).await
}

async fn a_revoked_credential_writes_nothing_more(engine: Engine) {
    let it = Installation::on(engine).await;
    let late = caller(&it).await;
    it.sql(&format!("UPDATE sessions SET ended_at = {}", it.now().as_micros())).await;
    let code = |failure: Failure| failure.code;
    let minted = mint::run(&it.ctx, &late, minting()).await.err().map(Failure::from).map(code);
    assert_eq!(minted, Some("unauthenticated"));
    let name = Some(Some("Late".to_owned()));
    let profile = change_profile::Command { name, ..Default::default() };
    let changed = change_profile::run(&it.ctx, &late, profile).await.err().map(code);
    assert_eq!(changed, Some("unauthenticated"));
    let password = change_password::Command {
        current: demo::password(demo::NOOR).into(),
        new: "eight bridges, to be sure".into(),
    };
    assert_eq!(change_password::run(&it.ctx, &late, password).await.err().map(code), Some("unauthenticated"));
    assert_eq!(sessions::end::others(&it.ctx, &late).await.err().map(code), Some("unauthenticated"));
    let token = domain::TokenId::from_uuid(it.ctx.new_id());
    assert_eq!(revoke::run(&it.ctx, &late, token).await.err().map(code), Some("unauthenticated"));
    assert_eq!(value(&it, "SELECT COUNT(*) FROM tokens WHERE name = 'late'").await, "0");
}

async fn a_role_taken_away_mints_nothing_more(engine: Engine) {
    let it = Installation::on(engine).await;
    let late = caller(&it).await;
    it.sql("DELETE FROM membership_roles").await;
    let refused = mint::run(&it.ctx, &late, minting()).await.err().map(Failure::from);
    assert_eq!(refused.map(|failure| failure.code), Some("forbidden"));
}

async fn nodes_that_start_together_share_their_keys(engine: Engine) {
    let it = Installation::on(engine).await;
    it.sql("DELETE FROM signing_keys").await;
    let nodes = testkit::join_all((0..4).map(|_| it.another())).await;
    assert_eq!(value(&it, "SELECT COUNT(*) FROM signing_keys").await, "3");
    for node in &nodes {
        assert_eq!(node.ctx.keys.jwks(), nodes[0].ctx.keys.jwks());
    }
}

async fn a_node_is_ready_on_either_engine(engine: Engine) {
    let it = Installation::on(engine).await;
    it.hear().await;
    assert!(it.ctx.ready().await.is_ok());
}
