//! Tenants and their sites.

use domain::tenant::{MfaEnforcement, MfaPolicy, Site, Tenant};
use domain::{TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;

macro_rules! columns {
    () => {
        "t.id, t.number, t.key, t.name, t.features, t.quotas, t.metadata, t.billing_id, t.mfa_enforce, \
         t.mfa_remember_device, t.mfa_device_ttl, t.lockout_attempts, t.created_at, t.updated_at"
    };
}

statements! { "tenants";
    BY_ID = concat!("SELECT ", columns!(), " FROM live_tenants t WHERE t.id = $1");
    BY_KEY = concat!("SELECT ", columns!(), " FROM live_tenants t WHERE t.key = $1");
    OF_USER = concat!("SELECT ", columns!(), " FROM live_tenants t JOIN memberships m ON m.tenant_id = t.id \
        WHERE m.user_id = $1 ORDER BY t.number");
    SITES_OF_USER = "SELECT ms.tenant_id, s.id, s.key, s.name FROM membership_sites ms \
        JOIN live_sites s ON s.id = ms.site_id WHERE ms.user_id = $1 ORDER BY s.name, s.id";
    SITE_OF = "SELECT s.id, s.key, s.name FROM sites s WHERE s.tenant_id = $1 AND s.id = $2";
    PAGE = concat!("SELECT ", columns!(), " FROM live_tenants t WHERE t.key > $1 AND t.key >= $2 AND t.key < $3 \
        ORDER BY t.key LIMIT $4");
    SITES_PAGE = "SELECT s.id, s.key, s.name FROM sites s WHERE s.tenant_id = $1 AND s.key > $2 ORDER BY s.key LIMIT $3";
    COUNT_SITES = "SELECT COUNT(*) FROM (SELECT id FROM sites WHERE tenant_id = $1 LIMIT $2) AS counted";
    REVISE = "UPDATE tenants SET revision = revision + 1 WHERE id = $1 AND ended_at IS NULL \
        RETURNING revision";
    SITES = "SELECT s.id, s.key, s.name FROM sites s WHERE s.tenant_id = $1 ORDER BY s.name, s.id";
    COUNT_USERS = "SELECT COUNT(*) FROM (SELECT user_id FROM memberships WHERE tenant_id = $1 \
        AND (expires_at IS NULL OR expires_at > $2) LIMIT $3) AS counted";
    COUNT_TOKENS = "SELECT COUNT(*) FROM (SELECT k.id FROM tokens k WHERE k.tenant_id = $1 AND k.revoked_at IS NULL \
        AND (k.expires_at IS NULL OR k.expires_at > $2) AND NOT EXISTS (SELECT 1 FROM memberships m \
            WHERE m.user_id = k.owner_id AND m.tenant_id = k.tenant_id AND m.expires_at <= $2) LIMIT $3) AS counted";
}

pub async fn by_id(tx: &mut ReadTx<'_>, id: TenantId) -> Result<Option<Tenant>, StoreError> {
    tx.row(&BY_ID, params![id]).await?.map(read).transpose()
}

pub async fn by_key(tx: &mut ReadTx<'_>, key: &str) -> Result<Option<Tenant>, StoreError> {
    tx.row(&BY_KEY, params![key]).await?.map(read).transpose()
}

/// Tenants by key, `limit` at most, behind the key `after`, whose key begins with `prefix`.
pub async fn page(
    tx: &mut ReadTx<'_>,
    prefix: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Tenant>, StoreError> {
    // Behind every character that a key may have.
    let end = format!("{prefix}~");
    tx.list(&PAGE, params![after, prefix, end, limit], read).await
}

/// Sites of the tenant by key, `limit` at most, behind the key `after`.
pub async fn sites_page(
    tx: &mut ReadTx<'_>,
    id: TenantId,
    after: &str,
    limit: i64,
) -> Result<Vec<Site>, StoreError> {
    tx.list(&SITES_PAGE, params![id, after, limit], site).await
}

/// Counts no further than `upto`.
pub async fn count_sites(tx: &mut ReadTx<'_>, id: TenantId, upto: i64) -> Result<i64, StoreError> {
    count(tx.row(&COUNT_SITES, params![id, upto]).await?)
}

/// Tenants in which the user is or was a member, by number.
pub async fn of_user(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<Tenant>, StoreError> {
    tx.list(&OF_USER, params![user], read).await
}

/// The sites that the user's memberships name, by name.
pub async fn sites_of_user(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<(TenantId, Site)>, StoreError> {
    tx.list(&SITES_OF_USER, params![user], |mut row| Ok((row.take("tenant_id")?, site(row)?))).await
}

/// A site of the tenant; `None` for one of another.
pub async fn site_of(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    id: domain::SiteId,
) -> Result<Option<Site>, StoreError> {
    tx.row(&SITE_OF, params![tenant, id]).await?.map(site).transpose()
}

/// Comes first in every write that judges something tenant-wide: such writes then happen one after the other.
/// `false`: no such tenant.
pub async fn revise(tx: &mut WriteTx<'_>, id: TenantId) -> Result<bool, StoreError> {
    tx.any(&REVISE, params![id]).await
}

/// All sites of the tenant, by name.
pub async fn sites(tx: &mut ReadTx<'_>, tenant: TenantId) -> Result<Vec<Site>, StoreError> {
    tx.list(&SITES, params![tenant], site).await
}

/// Memberships that have not ended; counts no further than `upto`.
pub async fn count_users(
    tx: &mut ReadTx<'_>,
    id: TenantId,
    now: Timestamp,
    upto: i64,
) -> Result<i64, StoreError> {
    count(tx.row(&COUNT_USERS, params![id, now, upto]).await?)
}

/// API keys and signed tokens that are neither revoked nor expired, nor of somebody whose membership is over; counts no
/// further than `upto`.
pub async fn count_tokens(
    tx: &mut ReadTx<'_>,
    id: TenantId,
    now: Timestamp,
    upto: i64,
) -> Result<i64, StoreError> {
    count(tx.row(&COUNT_TOKENS, params![id, now, upto]).await?)
}

fn count(row: Option<Row>) -> Result<i64, StoreError> {
    row.map_or(Ok(0), |mut row| row.take("count"))
}

fn site(mut row: Row) -> Result<Site, StoreError> {
    Ok(Site { id: row.take("id")?, key: row.take("key")?, name: row.take("name")? })
}

fn read(mut row: Row) -> Result<Tenant, StoreError> {
    Ok(Tenant {
        id: row.take("id")?,
        number: row.take("number")?,
        key: row.take("key")?,
        name: row.take("name")?,
        features: sorted(row.take("features")?),
        quotas: row.parse("quotas", |text: String| quotas(&text))?,
        metadata: row.take("metadata")?,
        billing_id: row.take("billing_id")?,
        mfa: policy(&mut row)?,
        lockout_attempts: row.take("lockout_attempts")?,
        created_at: row.take("created_at")?,
        updated_at: row.take("updated_at")?,
    })
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names.dedup();
    names
}

fn policy(row: &mut Row) -> Result<Option<MfaPolicy>, StoreError> {
    let enforce: Option<String> = row.take("mfa_enforce")?;
    let remember_device = row.take("mfa_remember_device")?;
    let device_ttl = row.take("mfa_device_ttl")?;
    let Some(enforce) = enforce else { return Ok(None) };
    let enforce = MfaEnforcement::parse(&enforce).ok_or_else(|| row.corrupt("mfa_enforce"))?;
    Ok(Some(MfaPolicy { enforce, remember_device, device_ttl }))
}

/// `{"users":50}` as pairs, sorted by name.
fn quotas(text: &str) -> Option<Vec<(String, i64)>> {
    let map: std::collections::BTreeMap<String, i64> = serde_json::from_str(text).ok()?;
    Some(map.into_iter().collect())
}
