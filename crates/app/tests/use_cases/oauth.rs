//! Tokens of programs in their own name: what they prove, and what ends them (insights.md §2b, 2c).

use domain::client::Scopes;
use domain::standing::Dead;
use herald_app::oauth::{client_credentials, introspect, revoke};
use herald_app::{Kind, Subject};
use testkit::{Engine, Installation, demo, on_both_engines, origin, seconds};

use crate::support::{asking, dead, lives, refresh_as, value};

on_both_engines! {
    a_program_is_itself_until_its_token_ends,
    another_secret_or_no_client_ends_it_at_once,
    what_a_client_lost_since_it_proved_itself_gets_it_nothing,
    a_revoked_family_is_felt_by_the_other_node,
    who_may_ask_what_a_token_proves,
}

const GATEWAY: &str = r#"
[[client]]
id = "gateway"
secret = "a secret of the gateway's own"
grants = ["client_credentials"]
scopes = ["read", "write"]
"#;

async fn gateway(engine: Engine) -> Installation {
    let it = Installation::on(engine).await;
    it.apply(GATEWAY).await;
    it.hear().await;
    it
}

async fn asked(it: &Installation) -> client_credentials::Command {
    let client = it.client("gateway").await;
    client_credentials::Command { client, scope: Scopes::parse("write"), origin: origin() }
}

async fn issue(it: &Installation) -> String {
    let command = asked(it).await;
    client_credentials::run(&it.ctx, command).await.unwrap().sign(&it.ctx).unwrap()
}

async fn a_program_is_itself_until_its_token_ends(engine: Engine) {
    let it = gateway(engine).await;
    let token = issue(&it).await;
    let entry = it.prove(&token).await.unwrap();
    assert!(matches!(&entry.principal.subject, Subject::Client(client) if &*client.client_id == "gateway"));
    assert!(entry.principal.tenant.is_none() && !entry.principal.credential.is_interactive());
    assert!(entry.principal.credential.in_scope("write") && !entry.principal.credential.in_scope("read"));
    let told = "SELECT COUNT(*) FROM audit WHERE action = 'token.issued' AND actor_kind = 'client'";
    assert_eq!(value(&it, told).await, "1");
    it.advance(seconds(3_599));
    assert!(lives(&it, &token).await);
    it.advance(seconds(1));
    assert_eq!(dead(&it, &token).await, Some(Dead::Expired));
}

async fn another_secret_or_no_client_ends_it_at_once(engine: Engine) {
    let it = gateway(engine).await;
    let other = it.another().await;
    let first = issue(&it).await;
    assert!(lives(&it, &first).await && lives(&other, &first).await);
    it.apply(&GATEWAY.replace("a secret of the gateway's own", "another secret of the gateway's")).await;
    assert_eq!(dead(&it, &first).await, Some(Dead::ClientGone), "another secret");
    other.hear().await;
    assert_eq!(dead(&other, &first).await, Some(Dead::ClientGone), "on every node");
    let second = issue(&it).await;
    assert!(lives(&it, &second).await);
    it.apply(&GATEWAY.replace("a secret of", "another secret of").replace("own", "own, no more")).await;
    assert!(!lives(&it, &second).await);
    let third = issue(&it).await;
    it.sql("DELETE FROM clients WHERE client_id = 'gateway'").await;
    assert_eq!(dead(&other, &third).await, Some(Dead::Unknown), "no client");
}

async fn what_a_client_lost_since_it_proved_itself_gets_it_nothing(engine: Engine) {
    let changes = [
        "UPDATE clients SET secret_digest = NULL WHERE client_id = 'gateway'",
        "UPDATE clients SET grants = '[]' WHERE client_id = 'gateway'",
        "UPDATE clients SET scopes = '[\"read\"]' WHERE client_id = 'gateway'",
        "DELETE FROM clients WHERE client_id = 'gateway'",
    ];
    for change in changes {
        let it = gateway(engine).await;
        let command = asked(&it).await;
        it.sql(change).await;
        let refused = client_credentials::run(&it.ctx, command).await;
        assert!(matches!(refused, Err(client_credentials::Error::Changed)), "{change}");
        assert_eq!(value(&it, "SELECT COUNT(*) FROM access_tokens").await, "0");
        assert_eq!(value(&it, "SELECT COUNT(*) FROM audit WHERE action = 'token.issued'").await, "0");
    }
}

async fn a_revoked_family_is_felt_by_the_other_node(engine: Engine) {
    let it = Installation::on(engine).await;
    let other = it.another().await;
    it.hear().await;
    other.hear().await;
    let grant = it.grant(demo::MIRA).await;
    assert!(lives(&it, &grant.token).await && lives(&other, &grant.token).await);
    let (client, token) = (it.client(demo::CLIENT).await, grant.refresh.clone().unwrap());
    let command = revoke::Command { client, token: token.as_str().into(), origin: origin() };
    revoke::run(&it.ctx, command).await.unwrap();
    other.hear().await;
    for node in [&it, &other] {
        assert_eq!(dead(node, &grant.token).await, Some(Dead::Revoked));
        assert!(refresh_as(node, asking(node, &token).await).await.is_err());
    }
}

async fn who_may_ask_what_a_token_proves(engine: Engine) {
    let it = Installation::on(engine).await;
    let grant = it.grant(demo::NOOR).await;
    let active = async |asker: &introspect::Asker, token: &str| {
        introspect::run(&it.ctx, asker, token)
            .await
            .map(|found| found.is_some())
            .map_err(|failure| failure.kind)
    };
    let caller = async |credential: &str| introspect::Asker::Caller(Box::new(it.caller(credential).await));
    let (mira, noor) = (caller(demo::key(demo::MIRA)).await, caller(&grant.token).await);
    assert_eq!(active(&introspect::Asker::Client, &grant.token).await, Ok(true));
    assert_eq!(active(&mira, &grant.token).await, Ok(true));
    assert_eq!(active(&mira, demo::key(demo::OTTO)).await, Ok(false), "of another tenant");
    assert_eq!(active(&introspect::Asker::Client, demo::key(demo::OTTO)).await, Ok(true));
    assert_eq!(active(&noor, demo::key(demo::MIRA)).await, Err(Kind::Forbidden));
    assert_eq!(active(&introspect::Asker::Client, &grant.refresh.unwrap()).await, Ok(false));
    it.change_user(demo::NOOR, "UPDATE users SET locked = TRUE WHERE email LIKE 'noor%'").await;
    assert_eq!(active(&introspect::Asker::Client, &grant.token).await, Ok(false));
}
