//! A refusal by permission can be found again: its id is in the failure and in the audit trail.

use domain::Permission;
use herald_app::authorize::authorize;
use testkit::{Engine, Installation, demo, on_both_engines};

on_both_engines! {
    a_refusal_is_audited_by_its_id,
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
    for _ in 0..2 {
        let refused = authorize(&it.ctx, &caller, &Permission::USERS_WRITE, tenant).await.unwrap_err();
        ids.push(refused.decision.unwrap());
    }
    assert!(ids[0] != ids[1] && ids[0].get_version_num() == 7);
    let mut told = rows(&it).await;
    told.sort_by_key(|row| ids.iter().position(|id| row[4] == id.to_string()));
    let wanted = ids.iter().map(|id| {
        let reason = format!("users:write, decision {id}");
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
