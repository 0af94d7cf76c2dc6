//! design.md §9: every write leaves exactly its event: who, what, to whom, from where, by which credential, why.

use domain::{EmailAddress, TokenId};
use herald_app::sessions::{end, sign_in::Through, sign_out};
use herald_app::tokens::revoke;
use herald_app::users::{change_password, change_profile, create, lock, set_password};
use testkit::{Engine, Installation, command, demo, on_both_engines, seconds};

use crate::support::{is_refused, mint, named, refresh, right, try_in};

on_both_engines! {
    an_event_says_who_what_to_whom_from_where_and_by_what,
    each_use_case_leaves_its_own_event,
    a_refusal_changes_nothing_and_tells_why,
    the_command_line_is_named,
}

const NEW: &str = "SELECT action, outcome FROM audit ORDER BY at, id";

/// `action outcome` of every event so far, sorted.
async fn events(it: &Installation) -> Vec<String> {
    let mut all: Vec<String> = it
        .sql(NEW)
        .await
        .into_iter()
        .map(|row| row.into_iter().flatten().collect::<Vec<_>>().join(" "))
        .collect();
    all.sort();
    all
}

/// Forgets what was told so far.
async fn forget(it: &Installation) {
    it.sql("DELETE FROM audit").await;
}

async fn an_event_says_who_what_to_whom_from_where_and_by_what(engine: Engine) {
    let it = Installation::on(engine).await;
    let mira = it.sign_in(demo::MIRA).await;
    let user = it.user_id(demo::MIRA).await.to_string();
    let tenant = it.tenant_id("northwind").await.to_string();
    let session = mira.opened.session.id.to_string();
    let columns = "tenant_id, actor_kind, actor_id, credential_kind, credential_id, action, target_kind, target_id, \
                   outcome, reason, ip, user_agent, request_id, at";
    let all = format!("SELECT {columns} FROM audit");
    let at = it.now().as_micros().to_string();
    let told = |row: Vec<Option<String>>| row.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>();
    let rows: Vec<_> = it.sql(&all).await.into_iter().map(told).collect();
    let from = ["192.0.2.7", "testkit/1", "a-request", &at];
    let what = [&tenant, "user", &user, "", "", "session.opened", "session", &session, "done", "password"];
    assert_eq!(rows, [[what.as_slice(), &from].concat()]);
    forget(&it).await;
    let key = mint(&it, &mira.token, named("ci")).await.unwrap();
    let token = it.prove(&key).await.unwrap().principal.credential.id.to_string();
    let rows: Vec<_> = it.sql(&all).await.into_iter().map(told).collect();
    let what = [
        &tenant,
        "user",
        &user,
        "session",
        &session,
        "token.minted",
        "token",
        &token,
        "done",
        "tokens:write: role admin (*)",
    ];
    assert_eq!(rows, [[what.as_slice(), &from].concat()]);
}

async fn each_use_case_leaves_its_own_event(engine: Engine) {
    let it = Installation::on(engine).await;
    let (mira, other) = (it.sign_in(demo::MIRA).await, it.sign_in(demo::MIRA).await);
    let caller = it.caller(&mira.token).await;
    assert_eq!(events(&it).await, ["session.opened done"; 2]);
    let key = mint(&it, &mira.token, named("ci")).await.unwrap();
    let id = TokenId::from_uuid(it.prove(&key).await.unwrap().principal.credential.id);

    forget(&it).await;
    revoke::run(&it.ctx, &caller, id).await.unwrap();
    assert_eq!(events(&it).await, ["token.revoked done"]);
    assert!(revoke::run(&it.ctx, &caller, id).await.is_err());
    assert_eq!(events(&it).await.len(), 1, "what did not happen is not told");

    forget(&it).await;
    let rename = change_profile::Command { name: Some(None), ..Default::default() };
    change_profile::run(&it.ctx, &caller, rename).await.unwrap();
    assert_eq!(events(&it).await, ["user.profile_changed done"]);

    forget(&it).await;
    end::one(&it.ctx, &caller, other.opened.session.id).await.unwrap();
    assert_eq!(events(&it).await, ["session.ended done"]);

    forget(&it).await;
    let (old, new) = (demo::password(demo::MIRA).into(), "eleven quiet lighthouses".into());
    change_password::run(&it.ctx, &caller, change_password::Command { current: old, new }).await.unwrap();
    assert_eq!(events(&it).await, ["user.password_changed done"]);

    forget(&it).await;
    sign_out::session(&it.ctx, &caller).await.unwrap();
    assert_eq!(events(&it).await, ["session.ended done"]);
    sign_out::session(&it.ctx, &caller).await.unwrap();
    assert_eq!(events(&it).await.len(), 1, "it had ended");

    forget(&it).await;
    let presented = it.grant(demo::NOOR).await.refresh.unwrap();
    refresh(&it, &presented).await.unwrap();
    it.advance(seconds(11));
    assert!(is_refused(&it, &presented).await && is_refused(&it, &presented).await);
    assert_eq!(events(&it).await, ["session.opened done", "session.reused refused"]);
    assert_eq!(it.sql("SELECT DISTINCT tenant_id FROM audit").await.len(), 1, "its tenant can read of it");
}

async fn a_refusal_changes_nothing_and_tells_why(engine: Engine) {
    let it = Installation::on(engine).await;
    it.sql("UPDATE users SET locked = TRUE WHERE email LIKE 'gus%'").await;
    assert_eq!(
        try_in(&it, "nobody@northwind.example", "not the right password").await,
        "invalid_credentials"
    );
    assert_eq!(try_in(&it, demo::NOOR, "not the right password").await, "invalid_credentials");
    assert_eq!(right(&it, demo::GUS).await, "locked");
    assert_eq!(right(&it, demo::TOVA).await, "mfa_required");
    let mut wrong = command(demo::TOVA, demo::password(demo::TOVA), Through::Native);
    wrong.code = Some("000000".to_owned());
    assert!(it.try_command(wrong).await.is_err());
    assert!(
        it.try_command(command(demo::TOVA, demo::password(demo::TOVA), Through::Frontegg)).await.is_err()
    );
    let rows = it.sql("SELECT action, outcome, reason, actor_kind FROM audit").await;
    assert_eq!(rows.len(), 6);
    for row in rows {
        let row: Vec<String> = row.into_iter().flatten().collect();
        assert_eq!([&*row[0], &row[1], &row[3]], ["session.refused", "refused", "anonymous"]);
        assert!(!row[2].is_empty());
    }
    let known = it.sql("SELECT DISTINCT target_id FROM audit WHERE target_id IS NOT NULL").await;
    assert_eq!(known.len(), 3, "whom it was tried for, where there is one");
}

async fn the_command_line_is_named(engine: Engine) {
    let it = Installation::on(engine).await;
    let address = |email: &str| EmailAddress::parse(email).unwrap();
    let ada = create::CommandLine {
        email: address("ada@northwind.example"),
        name: None,
        membership: Some(("northwind".into(), "guest".into())),
        operator: false,
        password: "eleven quiet lighthouses".into(),
    };
    create::from_command_line(&it.ctx, ada).await.unwrap();
    lock::run(&it.ctx, address("ada@northwind.example"), true).await.unwrap();
    lock::run(&it.ctx, address("ada@northwind.example"), true).await.unwrap();
    lock::run(&it.ctx, address("ada@northwind.example"), false).await.unwrap();
    set_password::run(&it.ctx, address("ada@northwind.example"), &"twelve quiet lighthouses".into())
        .await
        .unwrap();
    assert!(lock::run(&it.ctx, address(demo::ROOT), true).await.is_err());
    let told = ["user.created done", "user.locked done", "user.password_set done", "user.unlocked done"];
    assert_eq!(events(&it).await, told);
    let rows = it.sql("SELECT DISTINCT actor_kind, actor_id FROM audit").await;
    assert_eq!(rows, [[Some("command line".to_owned()), None]]);
}
