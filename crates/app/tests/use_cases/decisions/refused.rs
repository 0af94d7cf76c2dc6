//! A refusal by permission can be found again: its id is in the failure and in the audit trail.

use domain::Permission;
use herald_app::authorize::{authorize, tell};
use herald_app::tokens::mint;
use herald_app::{Caller, Failure};
use testkit::{Engine, Installation, demo, on_both_engines, seconds};

use crate::support::named;

on_both_engines! {
    a_refusal_is_audited_by_its_id,
    a_refusal_that_repeats_is_counted,
    a_refusal_inside_a_write_is_told_after_it,
    what_is_allowed_leaves_no_trace,
}

const ROWS: &str = "SELECT action, outcome, reason, target_kind, target_id, request_id FROM audit";

async fn rows(it: &Installation) -> Vec<Vec<String>> {
    let told = |row: Vec<Option<String>>| row.into_iter().map(Option::unwrap_or_default).collect();
    it.sql(ROWS).await.into_iter().map(told).collect()
}

async fn a_refusal_is_audited_by_its_id(engine: Engine) {
    let it = Installation::on(engine).await;
    let caller = it.caller(demo::key(demo::GUS)).await;
    it.sql("DELETE FROM audit").await;
    let tenant = caller.principal().tenant;
    let mut ids = Vec::new();
    for permission in [Permission::USERS_WRITE, Permission::ROLES_WRITE] {
        let refused = authorize(&it.ctx, &caller, &permission, tenant).await.unwrap_err();
        ids.push(refused.decision.unwrap());
    }
    assert!(ids[0] != ids[1] && ids[0].get_version_num() == 7);
    let mut told = rows(&it).await;
    told.sort_by_key(|row| ids.iter().position(|id| row[4] == id.to_string()));
    let wanted = ids.iter().zip(["users:write", "roles:write"]).map(|(id, permission)| {
        let reason = format!("{permission}: no role grants it among guest, decision {id}");
        ["access.refused", "refused", &reason, "decision", &id.to_string(), "a-request"].map(str::to_owned)
    });
    assert_eq!(told, wanted.collect::<Vec<_>>());
}

async fn what_is_allowed_leaves_no_trace(engine: Engine) {
    let it = Installation::on(engine).await;
    let caller = it.caller(demo::key(demo::GUS)).await;
    it.sql("DELETE FROM audit").await;
    let tenant = caller.principal().tenant;
    authorize(&it.ctx, &caller, &Permission::ROLES_READ, tenant).await.unwrap();
    assert!(rows(&it).await.is_empty());
}

async fn refuse(it: &Installation, caller: &Caller) -> String {
    let tenant = caller.principal().tenant;
    let refused = authorize(&it.ctx, caller, &Permission::USERS_WRITE, tenant).await.unwrap_err();
    refused.decision.unwrap().to_string()
}

async fn a_refusal_that_repeats_is_counted(engine: Engine) {
    let it = Installation::on(engine).await;
    let caller = it.caller(demo::key(demo::GUS)).await;
    it.sql("DELETE FROM audit").await;
    for _ in 0..9 {
        refuse(&it, &caller).await;
    }
    let last = refuse(&it, &caller).await;
    it.advance(seconds(59));
    for _ in 0..40 {
        assert_eq!(refuse(&it, &caller).await, last, "the id of the row that stands for it");
    }
    assert_eq!(rows(&it).await.len(), 10);
    let session = it.caller(&it.sign_in(demo::GUS).await.token).await;
    assert_ne!(refuse(&it, &session).await, last, "another credential");
    it.advance(seconds(1));
    let second = refuse(&it, &caller).await;
    let told = rows(&it).await;
    let told: Vec<_> = told.iter().filter(|row| row[4] == second).map(|row| row[2].as_str()).collect();
    let wanted = format!(
        "users:write: no role grants it among guest, decision {second}; the one before was repeated 40 times within a minute"
    );
    assert_eq!(told, [wanted]);
}

async fn a_refusal_inside_a_write_is_told_after_it(engine: Engine) {
    let it = Installation::on(engine).await;
    let late = it.caller(&it.sign_in(demo::NOOR).await.token).await;
    it.sql("DELETE FROM membership_roles; DELETE FROM audit").await;
    let failure = mint::run(&it.ctx, &late, named("late")).await.err().map(Failure::from).unwrap();
    assert!(failure.decision.is_none() && rows(&it).await.is_empty());
    let failure = tell(&it.ctx, failure).await;
    let id = failure.decision.clone().unwrap().to_string();
    let reason = format!("tokens:write: no role, decision {id}");
    let row = ["access.refused", "refused", &reason, "decision", &id, "a-request"].map(str::to_owned);
    assert_eq!(rows(&it).await, [row]);
    let again = tell(&it.ctx, failure).await;
    assert_eq!((again.decision.unwrap().to_string(), rows(&it).await.len()), (id, 1), "once");
}
