//! Links that people are sent: invitations and password resets, under the digest of their token.
//!
//! One open invitation an address and tenant, one open reset a user: whoever adds one holds the tenant
//! (`tenants::revise`) or the user (`users::hold`) and has taken the older away.

use domain::ids::LinkId;
use domain::link::{Aim, Invitation, Link};
use domain::{EmailAddress, RoleId, SiteId, TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, WriteTx, list, params, statements};
use crate::error::StoreError;

macro_rules! columns {
    () => {
        "l.id, l.purpose, l.tenant_id, l.email, l.user_id, l.name, l.roles, l.sites, l.member_until, l.mailed, \
         l.created_by, l.created_at, l.expires_at, l.used_at"
    };
}

statements! { "links";
    ADD = "INSERT INTO links (id, digest, purpose, tenant_id, email, user_id, name, roles, sites, member_until, \
        mailed, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
        ON CONFLICT DO NOTHING RETURNING id";
    BY_DIGEST = concat!("SELECT ", columns!(), " FROM live_links l WHERE l.digest = $1");
    TAKE = "UPDATE links SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2 RETURNING id";
    INVITATION_OF = concat!("SELECT ", columns!(), " FROM links l \
        WHERE l.tenant_id = $1 AND l.email = $2 AND l.used_at IS NULL");
    RESET_OF = concat!("SELECT ", columns!(), " FROM links l WHERE l.user_id = $1 AND l.used_at IS NULL");
    DROP_INVITATION = "DELETE FROM links WHERE tenant_id = $1 AND email = $2 AND used_at IS NULL";
    DROP_RESET = "DELETE FROM links WHERE user_id = $1 AND used_at IS NULL";
    END_RESET = "UPDATE links SET used_at = $2, expires_at = $2 WHERE user_id = $1 AND used_at IS NULL";
    OPEN = concat!("SELECT ", columns!(), " FROM links l WHERE l.tenant_id = $1 AND l.used_at IS NULL \
        AND l.expires_at > $2 AND (l.created_at, l.id) > ($3, $4) ORDER BY l.created_at, l.id LIMIT $5");
    COUNT_OPEN = "SELECT COUNT(*) FROM (SELECT id FROM links WHERE tenant_id = $1 AND used_at IS NULL \
        AND expires_at > $2 LIMIT $3) AS counted";
    ROLES_OF_OPEN = "SELECT roles FROM live_links WHERE expires_at > $1 AND used_at IS NULL AND roles IS NOT NULL";
    WITHDRAW = "UPDATE links SET used_at = $3, expires_at = $3 WHERE tenant_id = $1 AND id = $2 \
        AND used_at IS NULL AND expires_at > $3 RETURNING id";
    INVITED_AT = "SELECT created_at FROM links WHERE tenant_id = $1 AND email = $2 AND mailed \
        ORDER BY created_at DESC LIMIT 1";
    RESET_AT = "SELECT created_at FROM links WHERE user_id = $1 AND mailed ORDER BY created_at DESC LIMIT 1";
}

const INVITATION: &str = "invitation";
const PASSWORD_RESET: &str = "password_reset";

/// Keeps a link under the digest of its token, in the place of an older open one for the same.
///
/// # Errors
/// `Conflict` where another came between: the caller did not hold the tenant or the user.
pub async fn put(tx: &mut WriteTx<'_>, link: &Link, digest: &[u8; 32]) -> Result<(), StoreError> {
    let (purpose, for_user, invitation) = match &link.aim {
        Aim::Invitation(invitation) => (INVITATION, None, Some(invitation)),
        Aim::PasswordReset(user) => (PASSWORD_RESET, Some(*user), None),
    };
    match (invitation, for_user) {
        (Some(i), _) => tx.run(&DROP_INVITATION, params![i.tenant, &i.email]).await?,
        (None, user) => tx.run(&DROP_RESET, params![user]).await?,
    };
    let roles = invitation.map(|i| texts(&i.roles));
    let sites = invitation.map(|i| texts(&i.sites));
    let row = params![
        link.id,
        digest,
        purpose,
        invitation.map(|i| i.tenant),
        invitation.map(|i| &i.email),
        for_user,
        invitation.and_then(|i| i.name.as_deref()),
        roles.as_deref(),
        sites.as_deref(),
        invitation.and_then(|i| i.member_until),
        link.mailed,
        link.created_by,
        link.created_at,
        link.expires_at,
    ];
    if tx.any(&ADD, row).await? { Ok(()) } else { Err(StoreError::Conflict { field: "link" }) }
}

/// Open, used or expired.
pub async fn by_digest(tx: &mut ReadTx<'_>, digest: &[u8; 32]) -> Result<Option<Link>, StoreError> {
    tx.row(&BY_DIGEST, params![digest]).await?.map(read).transpose()
}

/// Uses it up; `false` where it is used, over, or was never there. Of many at once one gets `true`.
pub async fn take(tx: &mut WriteTx<'_>, digest: &[u8; 32], now: Timestamp) -> Result<bool, StoreError> {
    tx.any(&TAKE, params![digest, now]).await
}

/// The one that is not used, expired or not.
pub async fn invitation_of(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    email: &EmailAddress,
) -> Result<Option<Link>, StoreError> {
    tx.row(&INVITATION_OF, params![tenant, email]).await?.map(read).transpose()
}

/// The one that is not used, expired or not.
pub async fn reset_of(tx: &mut ReadTx<'_>, user: UserId) -> Result<Option<Link>, StoreError> {
    tx.row(&RESET_OF, params![user]).await?.map(read).transpose()
}

/// Ends the open reset of a user: whose password was set in another way, or whose address changed. The row stays for a
/// while, since it tells when a letter went.
pub async fn end_reset(tx: &mut WriteTx<'_>, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    tx.run(&END_RESET, params![user, now]).await.map(drop)
}

/// When the last letter with an invitation of the tenant went to the address, whatever became of the invitation.
pub async fn invited_at(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    email: &EmailAddress,
) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.row(&INVITED_AT, params![tenant, email]).await?;
    row.map(|mut row| row.take("created_at")).transpose()
}

/// When the last letter with a reset went to the user, whatever became of it.
pub async fn reset_at(tx: &mut ReadTx<'_>, user: UserId) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.row(&RESET_AT, params![user]).await?;
    row.map(|mut row| row.take("created_at")).transpose()
}

/// Open invitations of the tenant, oldest first, behind `after` (time and id), `limit` at most.
pub async fn open(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    now: Timestamp,
    after: (Timestamp, LinkId),
    limit: i64,
) -> Result<Vec<Link>, StoreError> {
    tx.list(&OPEN, params![tenant, now, after.0, after.1, limit], read).await
}

/// How many of the tenant are open; counts no further than `upto`.
pub async fn count_open(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    now: Timestamp,
    upto: i64,
) -> Result<i64, StoreError> {
    let row = tx.row(&COUNT_OPEN, params![tenant, now, upto]).await?;
    row.map_or(Ok(0), |mut row| row.take("count"))
}

/// How many open invitations give the role; of one tenant, or of all.
pub async fn giving_role(
    tx: &mut ReadTx<'_>,
    role: RoleId,
    tenant: Option<TenantId>,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let Some(tenant) = tenant else {
        let all: Vec<Vec<String>> =
            tx.list(&ROLES_OF_OPEN, params![now], |mut row| row.take("roles")).await?;
        return Ok(all.iter().filter(|roles| roles.contains(&role.to_string())).count());
    };
    naming(tx, tenant, now, |invitation| invitation.roles.contains(&role)).await
}

/// How many open invitations of the tenant give a seat at the site.
pub async fn at_site(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    site: SiteId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    naming(tx, tenant, now, |invitation| invitation.sites.contains(&site)).await
}

/// Whoever makes them bounds how many are open.
async fn naming(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    now: Timestamp,
    names: impl Fn(&Invitation) -> bool,
) -> Result<usize, StoreError> {
    let start = (Timestamp::from_micros(i64::MIN), LinkId::from_uuid(uuid::Uuid::nil()));
    let all = open(tx, tenant, now, start, i64::MAX).await?;
    Ok(all.iter().filter_map(Link::invitation).filter(|invitation| names(invitation)).count())
}

/// Ends it, and keeps the row for a while, since it tells when a letter went. `false`: no such open invitation of the
/// tenant.
pub async fn withdraw(
    tx: &mut WriteTx<'_>,
    tenant: TenantId,
    id: LinkId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    tx.any(&WITHDRAW, params![tenant, id, now]).await
}

fn texts(ids: &[impl ToString]) -> String {
    list(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn read(mut row: Row) -> Result<Link, StoreError> {
    let id = row.take("id")?;
    let purpose: String = row.take("purpose")?;
    let tenant: Option<TenantId> = row.take("tenant_id")?;
    let email: Option<EmailAddress> = row.take("email")?;
    let user: Option<UserId> = row.take("user_id")?;
    let name = row.take("name")?;
    let roles = ids(&mut row, "roles", RoleId::parse)?;
    let sites = ids(&mut row, "sites", SiteId::parse)?;
    let member_until = row.take("member_until")?;
    let aim = match (purpose.as_str(), tenant, email, user) {
        (INVITATION, Some(tenant), Some(email), None) => {
            Aim::Invitation(Invitation { tenant, email, name, roles, sites, member_until })
        }
        (PASSWORD_RESET, None, None, Some(user)) => Aim::PasswordReset(user),
        _ => return Err(row.corrupt("purpose")),
    };
    Ok(Link {
        id,
        aim,
        mailed: row.take("mailed")?,
        created_by: row.take("created_by")?,
        created_at: row.take("created_at")?,
        expires_at: row.take("expires_at")?,
        used_at: row.take("used_at")?,
    })
}

/// A reset gives none: NULL.
fn ids<T>(
    row: &mut Row,
    column: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, StoreError> {
    let texts: Option<Vec<String>> = row.take(column)?;
    let ids: Option<Vec<T>> = texts.unwrap_or_default().iter().map(|text| parse(text)).collect();
    ids.ok_or_else(|| row.corrupt(column))
}
