//! The audit trail: a row in the transaction of the write that it tells of.

use domain::audit::AuditEvent;
use domain::{TenantId, Timestamp};
use uuid::Uuid;

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

macro_rules! columns {
    () => {
        "SELECT id, at, tenant_id, actor_kind, actor_id, actor_email, credential_kind, credential_id, action, \
         target_kind, target_id, target_email, outcome, reason, ip, user_agent, request_id FROM audit "
    };
}
macro_rules! in_tenant {
    ($also:literal) => {
        concat!(
            columns!(),
            "WHERE tenant_id = $1 AND at >= $2 AND (at, id) < ($3, $4) ",
            $also,
            " ORDER BY at DESC, id DESC LIMIT $5"
        )
    };
}

statements! { "audit";
    ALL = concat!(columns!(), "WHERE at >= $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
    OF_TENANT = in_tenant!("");
    OF_ACTOR = in_tenant!("AND actor_id = $6");
    OF_CREDENTIAL = in_tenant!("AND credential_id = $6");
    OF_TARGET = in_tenant!("AND target_id = $6");
    OF_ACTION = in_tenant!("AND action = $6");
    OF_ID = in_tenant!("AND id = $6");
    REFUSED = in_tenant!("AND outcome = 'refused'");
    ADD = "INSERT INTO audit (id, at, tenant_id, actor_kind, actor_id, credential_kind, credential_id, action, \
        target_kind, target_id, outcome, reason, ip, user_agent, request_id, actor_email, target_email) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
        (SELECT u.email FROM users u WHERE u.id = $5), (SELECT u.email FROM users u WHERE u.id = $10))";
}

/// `id` is a fresh UUID v7 of `at`. The addresses of actor and target are kept as they are now.
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

/// An event as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub id: Uuid,
    pub at: Timestamp,
    pub tenant: Option<TenantId>,
    pub actor: (String, Option<Uuid>),
    /// Of a user, as it was then.
    pub actor_email: Option<String>,
    pub credential: Option<(String, Uuid)>,
    pub action: String,
    pub target: Option<(String, Uuid)>,
    /// Of a user, as it was then; `None` too for one whom the event deleted.
    pub target_email: Option<String>,
    pub outcome: String,
    pub reason: String,
    pub ip: String,
    pub user_agent: String,
    pub request_id: String,
}

/// By which index events are found: one condition at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    Time,
    Actor(Uuid),
    Credential(Uuid),
    Target(Uuid),
    Id(Uuid),
    Action(String),
    Refused,
}

/// A part of the trail: what happened at `from` or later and before (`until`, id), newest first.
#[derive(Clone, Debug)]
pub struct Part {
    /// `None`: of the whole installation, by time alone.
    pub tenant: Option<TenantId>,
    pub by: By,
    pub from: Timestamp,
    pub until: (Timestamp, Uuid),
    pub limit: i64,
}

pub async fn part(tx: &mut ReadTx<'_>, part: &Part) -> Result<Vec<Recorded>, StoreError> {
    let Part { from, until: (at, id), limit, .. } = part;
    let Some(tenant) = part.tenant else {
        return tx.list(&ALL, params![*from, *at, *id, *limit], read).await;
    };
    match &part.by {
        By::Time => tx.list(&OF_TENANT, params![tenant, *from, *at, *id, *limit], read).await,
        By::Refused => tx.list(&REFUSED, params![tenant, *from, *at, *id, *limit], read).await,
        By::Actor(actor) => tx.list(&OF_ACTOR, params![tenant, *from, *at, *id, *limit, *actor], read).await,
        By::Credential(credential) => {
            tx.list(&OF_CREDENTIAL, params![tenant, *from, *at, *id, *limit, *credential], read).await
        }
        By::Target(target) => {
            tx.list(&OF_TARGET, params![tenant, *from, *at, *id, *limit, *target], read).await
        }
        By::Id(wanted) => tx.list(&OF_ID, params![tenant, *from, *at, *id, *limit, *wanted], read).await,
        By::Action(action) => {
            tx.list(&OF_ACTION, params![tenant, *from, *at, *id, *limit, action], read).await
        }
    }
}

fn read(mut row: Row) -> Result<Recorded, StoreError> {
    let (id, at, tenant) = (row.take("id")?, row.take("at")?, row.take("tenant_id")?);
    let actor = (row.take("actor_kind")?, row.take("actor_id")?);
    let actor_email = row.take("actor_email")?;
    let credential: (Option<String>, Option<Uuid>) =
        (row.take("credential_kind")?, row.take("credential_id")?);
    let action = row.take("action")?;
    let target: (Option<String>, Option<Uuid>) = (row.take("target_kind")?, row.take("target_id")?);
    Ok(Recorded {
        id,
        at,
        tenant,
        actor,
        actor_email,
        credential: credential.0.zip(credential.1),
        action,
        target: target.0.zip(target.1),
        target_email: row.take("target_email")?,
        outcome: row.take("outcome")?,
        reason: row.take("reason")?,
        ip: row.take("ip")?,
        user_agent: row.take("user_agent")?,
        request_id: row.take("request_id")?,
    })
}
