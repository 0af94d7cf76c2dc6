//! Sessions: one row an interactive sign-in.

use std::time::Duration;

use domain::session::{Opening, Session};
use domain::{SessionId, TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

macro_rules! columns {
    () => {
        "s.id, s.number, s.user_id, s.tenant_id, s.client_id, s.opening, s.created_at, s.last_used_at, s.idle, \
         s.expires_at, s.ended_at, s.user_agent, s.ip, s.place, s.mfa"
    };
}

statements! { "sessions";
    ADD = "INSERT INTO sessions (id, number, user_id, tenant_id, client_id, opening, digest, created_at, \
        last_used_at, idle, expires_at, absolute_until, user_agent, ip, place, mfa) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14, $15)";
    BY_ID = concat!("SELECT ", columns!(), " FROM live_sessions s WHERE s.id = $1");
    BY_DIGEST = concat!("SELECT ", columns!(), " FROM live_sessions s WHERE s.digest = $1");
    OPEN = concat!("SELECT ", columns!(), " FROM live_sessions s WHERE s.user_id = $1 AND s.ended_at IS NULL \
        AND s.expires_at > $2 AND (s.idle IS NULL OR s.last_used_at + s.idle > $2) \
        ORDER BY s.created_at DESC, s.number DESC LIMIT $3");
    OPEN_BEFORE = concat!("SELECT ", columns!(), " FROM live_sessions s WHERE s.user_id = $1 AND s.ended_at IS NULL \
        AND s.expires_at > $2 AND (s.idle IS NULL OR s.last_used_at + s.idle > $2) \
        AND (s.created_at, s.number) < ($4, $5) ORDER BY s.created_at DESC, s.number DESC LIMIT $3");
    OPEN_AS_MEMBER = concat!("SELECT ", columns!(), " FROM live_sessions s \
        JOIN memberships m ON m.user_id = s.user_id AND m.tenant_id = s.tenant_id \
        WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 \
        AND (s.idle IS NULL OR s.last_used_at + s.idle > $2) \
        AND m.active AND (m.expires_at IS NULL OR m.expires_at > $2) \
        ORDER BY s.created_at DESC, s.number DESC LIMIT $3");
    END = "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING id";
    END_FAMILIES = "UPDATE families SET ended_at = $2 WHERE session_id = $1 AND ended_at IS NULL";
    END_ALL = "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 \
        AND id <> $3";
    END_ALL_FAMILIES = "UPDATE families SET ended_at = $2 WHERE ended_at IS NULL AND session_id IN \
        (SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NOT NULL)";
    END_IN = "UPDATE sessions SET ended_at = $3 WHERE user_id = $1 AND tenant_id = $2 AND ended_at IS NULL \
        AND expires_at > $3";
    END_ABOVE = "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND tenant_id IS NULL AND ended_at IS NULL \
        AND expires_at > $2";
    BOUND_TO = "SELECT DISTINCT tenant_id FROM live_sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2";
    OPEN_IN = concat!("SELECT ", columns!(), " FROM live_sessions s WHERE s.user_id = $1 AND s.tenant_id = $4 \
        AND s.ended_at IS NULL AND s.expires_at > $2 AND (s.idle IS NULL OR s.last_used_at + s.idle > $2) \
        ORDER BY s.created_at DESC, s.number DESC LIMIT $3");
    OPEN_IN_BEFORE = concat!("SELECT ", columns!(), " FROM live_sessions s WHERE s.user_id = $1 AND s.tenant_id = $4 \
        AND s.ended_at IS NULL AND s.expires_at > $2 AND (s.idle IS NULL OR s.last_used_at + s.idle > $2) \
        AND (s.created_at, s.number) < ($5, $6) ORDER BY s.created_at DESC, s.number DESC LIMIT $3");
    TOUCH = "UPDATE sessions SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2";
    EXTEND = "UPDATE sessions SET expires_at = $2, last_used_at = $3 WHERE id = $1";
    SET_TENANT = "UPDATE sessions SET tenant_id = $2 WHERE id = $1 RETURNING user_id";
    ABSOLUTE = "SELECT absolute_until FROM live_sessions WHERE id = $1";
}

/// What is kept besides the session itself.
pub struct Keep<'s> {
    /// SHA-256 of the session token, where there is one.
    pub digest: Option<&'s [u8; 32]>,
    pub absolute_until: Timestamp,
}

pub async fn add(tx: &mut WriteTx<'_>, session: &Session, keep: Keep<'_>) -> Result<(), StoreError> {
    let idle = session.idle.map(|idle| i64::try_from(idle.as_micros()).unwrap_or(i64::MAX));
    let row = params![
        session.id,
        session.number,
        session.user,
        session.tenant,
        session.client,
        session.opening.as_str(),
        keep.digest,
        session.created_at,
        idle,
        session.expires_at,
        keep.absolute_until,
        &session.user_agent,
        &session.ip,
        &session.place,
        session.mfa,
    ];
    tx.run(&ADD, row).await.map(drop)
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: SessionId) -> Result<Option<Session>, StoreError> {
    tx.row(&BY_ID, params![id]).await?.map(read).transpose()
}

pub async fn by_digest(tx: &mut ReadTx<'_>, digest: &[u8; 32]) -> Result<Option<Session>, StoreError> {
    tx.row(&BY_DIGEST, params![digest]).await?.map(read).transpose()
}

/// The user's open sessions, newest first, `limit` at most; behind `before` (its time and number) where given.
pub async fn open(
    tx: &mut ReadTx<'_>,
    user: UserId,
    now: Timestamp,
    limit: i64,
    before: Option<(Timestamp, i64)>,
) -> Result<Vec<Session>, StoreError> {
    match before {
        None => tx.list(&OPEN, params![user, now, limit], read).await,
        Some((at, number)) => tx.list(&OPEN_BEFORE, params![user, now, limit, at, number], read).await,
    }
}

/// As [`open`], bound to one tenant.
pub async fn open_in(
    tx: &mut ReadTx<'_>,
    (user, tenant): (UserId, TenantId),
    now: Timestamp,
    limit: i64,
    before: Option<(Timestamp, i64)>,
) -> Result<Vec<Session>, StoreError> {
    match before {
        None => tx.list(&OPEN_IN, params![user, now, limit, tenant], read).await,
        Some((at, number)) => {
            tx.list(&OPEN_IN_BEFORE, params![user, now, limit, tenant, at, number], read).await
        }
    }
}

/// As [`open`], of tenants in which the user is still a live member.
pub async fn open_as_member(
    tx: &mut ReadTx<'_>,
    user: UserId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Session>, StoreError> {
    tx.list(&OPEN_AS_MEMBER, params![user, now, limit], read).await
}

/// Ends a session with all that was refreshed from it; `false` when it had ended.
pub async fn end(tx: &mut WriteTx<'_>, id: SessionId, now: Timestamp) -> Result<bool, StoreError> {
    let ended = tx.any(&END, params![id, now]).await?;
    if ended {
        tx.run(&END_FAMILIES, params![id, now]).await?;
        tx.changed(id.uuid());
    }
    Ok(ended)
}

/// Ends every open session of the user but one; how many. Told to the feed as a change of the user, on whom every
/// credential of theirs hangs.
pub async fn end_all(
    tx: &mut WriteTx<'_>,
    user: UserId,
    but: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    // No session has the nil id.
    let but = but.unwrap_or(SessionId::from_uuid(uuid::Uuid::nil()));
    let count = tx.run(&END_ALL, params![user, now, but]).await?;
    if count > 0 {
        tx.run(&END_ALL_FAMILIES, params![user, now]).await?;
        tx.changed(user.uuid());
    }
    Ok(count)
}

/// The tenants of the sessions that [`end_all`] ends; `None`: of those without one.
pub async fn bound_to(
    tx: &mut ReadTx<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Option<TenantId>>, StoreError> {
    tx.list(&BOUND_TO, params![user, now], |mut row| row.take("tenant_id")).await
}

/// Ends every open session of the user that is bound to the tenant; how many.
pub async fn end_in(
    tx: &mut WriteTx<'_>,
    user: UserId,
    tenant: TenantId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let count = tx.run(&END_IN, params![user, tenant, now]).await?;
    if count > 0 {
        tx.run(&END_ALL_FAMILIES, params![user, now]).await?;
        tx.changed(user.uuid());
    }
    Ok(count)
}

/// Ends every open session of the user that is bound to no tenant; how many.
pub async fn end_above(tx: &mut WriteTx<'_>, user: UserId, now: Timestamp) -> Result<u64, StoreError> {
    let count = tx.run(&END_ABOVE, params![user, now]).await?;
    if count > 0 {
        tx.run(&END_ALL_FAMILIES, params![user, now]).await?;
        tx.changed(user.uuid());
    }
    Ok(count)
}

/// Notes the last use; without feed and audit (engine.md §4).
pub async fn touch(tx: &mut WriteTx<'_>, id: SessionId, at: Timestamp) -> Result<(), StoreError> {
    tx.run(&TOUCH, params![id, at]).await.map(drop)
}

/// Moves the end of a session to that of its newest refresh token.
pub async fn extend(
    tx: &mut WriteTx<'_>,
    id: SessionId,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(&EXTEND, params![id, expires_at, now]).await.map(drop)
}

/// Moves the session into another tenant of its user.
pub async fn set_tenant(tx: &mut WriteTx<'_>, id: SessionId, tenant: TenantId) -> Result<(), StoreError> {
    let Some(mut row) = tx.row(&SET_TENANT, params![id, tenant]).await? else { return Ok(()) };
    tx.changed(id.uuid());
    // Also of the user: a list of his sessions may hold it now and not before.
    let user: UserId = row.take("user_id")?;
    tx.changed(user.uuid());
    Ok(())
}

/// What the session may never outlive.
pub async fn absolute_until(tx: &mut ReadTx<'_>, id: SessionId) -> Result<Option<Timestamp>, StoreError> {
    tx.row(&ABSOLUTE, params![id]).await?.map(|mut row| row.take("absolute_until")).transpose()
}

fn read(mut row: Row) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.take("id")?,
        number: row.take("number")?,
        user: row.take("user_id")?,
        tenant: row.take("tenant_id")?,
        client: row.take("client_id")?,
        opening: row.parse("opening", |text: String| Opening::parse(&text))?,
        created_at: row.take("created_at")?,
        last_used_at: row.take("last_used_at")?,
        idle: row.take::<Option<i64>>("idle")?.map(|us| Duration::from_micros(us.unsigned_abs())),
        expires_at: row.take("expires_at")?,
        ended_at: row.take("ended_at")?,
        user_agent: row.take("user_agent")?,
        ip: row.take("ip")?,
        place: row.take("place")?,
        mfa: row.take("mfa")?,
    })
}
