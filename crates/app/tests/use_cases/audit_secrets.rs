//! design.md §9: no secret in the audit trail, nor in any other row but sealed, hashed or digested.

use domain::token::Utility;
use herald_app::sessions::sign_in::Through;
use testkit::{Engine, Installation, command, demo, on_both_engines, seconds};

use crate::support::{is_refused, mint, named, refresh, try_in};

on_both_engines! { no_row_holds_a_secret }

async fn tables(it: &Installation) -> Vec<String> {
    let sql = match it.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Engine::Postgres => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    it.sql(sql).await.into_iter().flatten().flatten().collect()
}

async fn no_row_holds_a_secret(engine: Engine) {
    let it = Installation::on(engine).await;
    let wrong = "a wrong password that somebody typed";
    let code = demo::code(demo::TOVA, it.now());
    let mut secrets: Vec<String> = vec![wrong.to_owned(), code.clone(), "JBSWY3DPEHPK3PXP".to_owned()];
    for email in [demo::MIRA, demo::NOOR, demo::TOVA, demo::OTTO, demo::ROOT, demo::GUS, demo::RAGU] {
        secrets.push(demo::password(email).to_owned());
        try_in(&it, email, wrong).await;
        secrets.push(it.sign_in(email).await.token);
    }
    try_in(&it, "nobody@northwind.example", wrong).await;
    secrets.extend([demo::key(demo::MIRA).to_owned(), demo::client_secret(demo::BACKEND).to_owned()]);
    let grant = it.grant(demo::MIRA).await;
    let presented = grant.refresh.unwrap();
    let next = refresh(&it, &presented).await.unwrap();
    let mut sealed = named("shown again");
    sealed.utility = Some(Utility::ExternalApi);
    let key = mint(&it, &grant.token, sealed).await.unwrap();
    assert!(it.prove(&key).await.is_ok());
    it.advance(seconds(11));
    assert!(is_refused(&it, &presented).await);
    let pending = it.try_command(command(demo::TOVA, demo::password(demo::TOVA), Through::Frontegg)).await;
    assert!(pending.is_err());
    it.tick().await;
    secrets.extend([grant.token, presented, next.refresh, next.access, key]);

    let all = tables(&it).await;
    assert!(all.len() > 20 && all.iter().any(|name| name == "audit"), "{all:?}");
    for table in all {
        for row in it.sql(&format!("SELECT * FROM {table}")).await {
            let text = row.into_iter().flatten().collect::<Vec<_>>().join("\u{1f}");
            for secret in &secrets {
                let hex = testkit::hex(secret.as_bytes());
                let is_code = *secret == code;
                // Six digits stand in many a number; they would be a value of their own.
                let bare = text.split('\u{1f}').any(|value| value == secret);
                assert!(!bare && (is_code || !text.contains(secret.as_str())), "{table} holds {secret}");
                assert!(is_code || !text.contains(&hex), "{table} holds {secret} as bytes");
            }
        }
    }
}
