//! The audit trail: a row in the transaction of the write that it tells of.

use domain::Timestamp;
use domain::audit::AuditEvent;
use uuid::Uuid;

use crate::db::{WriteTx, params, statements};
use crate::error::StoreError;

statements! { "audit";
    ADD = "INSERT INTO audit (id, at, tenant_id, actor_kind, actor_id, credential_kind, credential_id, action, \
        target_kind, target_id, outcome, reason, ip, user_agent, request_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
}

/// `id` is a fresh UUID v7 of `at`.
pub async fn add(
    tx: &mut WriteTx<'_>,
    id: Uuid,
    at: Timestamp,
    event: &AuditEvent,
) -> Result<(), StoreError> {
    let (credential_kind, credential_id) = event.actor.credential.unzip();
    let (target_kind, target_id) = event.target.unzip();
    let origin = &event.origin;
    let row = params![
        id,
        at,
        event.tenant,
        event.actor.kind,
        event.actor.id,
        credential_kind,
        credential_id,
        event.action,
        target_kind,
        target_id,
        event.outcome.as_str(),
        &event.reason,
        &origin.ip,
        &origin.user_agent,
        &origin.request_id,
    ];
    tx.run(&ADD, row).await.map(drop)
}
