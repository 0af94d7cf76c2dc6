//! A node hears of signing keys that another node has made.

use herald_app::Unproven;
use herald_app::jwt::{Algorithm, Purpose};
use testkit::{Engine, Installation, demo, on_both_engines, seconds};

use crate::support::{lives, value};

on_both_engines! {
    what_another_node_signs_with_a_new_key_is_taken_here,
    tokens_that_name_no_key_do_not_make_a_node_ask_each_time,
}

/// `{"alg":"ES256","kid":"made-up"}`, `{}`.
const MADE_UP: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6Im1hZGUtdXAifQ.e30.AAAA";

/// A node that signs differently, and so makes keys of its own.
async fn newer(it: &Installation) -> Installation {
    it.advance(seconds(1));
    it.another_with(|config| config.tokens.algorithm = Algorithm::EdDsa).await
}

fn kids(set: &serde_json::Value) -> usize {
    set["keys"].as_array().unwrap().len()
}

async fn what_another_node_signs_with_a_new_key_is_taken_here(engine: Engine) {
    let it = Installation::on(engine).await;
    let old = it.grant(demo::MIRA).await.token;
    assert_eq!(kids(&it.ctx.jwks().await.unwrap()), 3);
    let other = newer(&it).await;
    assert_eq!(value(&it, "SELECT COUNT(*) FROM signing_keys").await, "5");
    let new = other.grant(demo::MIRA).await.token;
    let signs = |node: &Installation| node.ctx.keys.public_pem(Purpose::OauthAccess);
    assert_ne!(signs(&it), signs(&other));
    it.advance(seconds(1));
    assert!(lives(&it, &new).await && lives(&it, &old).await);
    assert!(lives(&other, &old).await);
    it.advance(seconds(5));
    let (here, there) = (it.ctx.jwks().await.unwrap(), other.ctx.jwks().await.unwrap());
    assert_eq!((kids(&here), &here), (5, &there));
    assert!(lives(&other, &it.grant(demo::NOOR).await.token).await);
}

async fn tokens_that_name_no_key_do_not_make_a_node_ask_each_time(engine: Engine) {
    let it = Installation::on(engine).await;
    let other = newer(&it).await;
    let new = other.grant(demo::MIRA).await.token;
    // As if it had been made only now: first a stranger asks with a key that is nowhere.
    it.sql("ALTER TABLE signing_keys RENAME TO elsewhere").await;
    let away = it.prove(MADE_UP).await;
    assert!(matches!(away, Err(Unproven::Store(_))), "nobody could be asked: that is no \"no\"");
    it.sql("ALTER TABLE elsewhere RENAME TO signing_keys").await;
    it.sql("UPDATE signing_keys SET retired_at = 1 WHERE algorithm = 'EdDSA'").await;
    assert!(!lives(&it, MADE_UP).await);
    it.sql("UPDATE signing_keys SET retired_at = NULL").await;
    assert!(!lives(&it, &new).await, "it asked a moment ago");
    it.advance(seconds(1));
    assert!(lives(&it, &new).await);
    let sets = testkit::join_all((0..8).map(|_| it.prove(MADE_UP))).await;
    assert!(sets.iter().all(Result::is_err));
}
