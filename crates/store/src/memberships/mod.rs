//! Users in tenants, assembled with the roles and sites that they hold there.

pub(crate) mod list;

use std::collections::HashMap;
use std::sync::Arc;

use domain::membership::Membership;
use domain::{Role, RoleId, SiteId, TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;
use crate::{population, roles, tenants};

pub use list::{AT_ONCE, Member, addresses, named, page};

statements! { "memberships";
    OF_USER = "SELECT tenant_id, active, expires_at FROM live_memberships WHERE user_id = $1";
    ADD = "INSERT INTO memberships (user_id, tenant_id, email, active, expires_at, origin, created_at) \
        VALUES ($1, $2, (SELECT email FROM users WHERE id = $1), $3, $4, '', $5) \
        ON CONFLICT (user_id, tenant_id) DO NOTHING RETURNING user_id";
    SET = "UPDATE memberships SET active = $3, expires_at = $4 WHERE user_id = $1 AND tenant_id = $2 \
        RETURNING user_id";
    REMOVE = "DELETE FROM memberships WHERE user_id = $1 AND tenant_id = $2 RETURNING user_id";
    FORGET_HOME = "UPDATE users SET default_tenant_id = NULL, default_site_id = NULL \
        WHERE id = $1 AND default_tenant_id = $2";
    DROP_WEBHOOKS = "DELETE FROM webhooks WHERE owner_id = $1 AND tenant_id = $2";
    DROP_OWN_WEBHOOKS = "DELETE FROM webhooks WHERE owner_id = $1 AND tenant_id = $2 AND origin <> 'world'";
    GIVE = "INSERT INTO membership_roles (user_id, tenant_id, role_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    PLACE = "INSERT INTO membership_sites (user_id, tenant_id, site_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    DROP_ROLES = "DELETE FROM membership_roles WHERE user_id = $1 AND tenant_id = $2";
    DROP_SITES = "DELETE FROM membership_sites WHERE user_id = $1 AND tenant_id = $2";
    ADMINISTRATORS = "SELECT COUNT(DISTINCT m.user_id), \
        COUNT(DISTINCT CASE WHEN m.expires_at IS NULL THEN m.user_id END), \
        COUNT(DISTINCT CASE WHEN u.password_hash IS NOT NULL THEN m.user_id END), \
        COUNT(DISTINCT CASE WHEN u.password_hash IS NOT NULL AND m.expires_at IS NULL THEN m.user_id END) \
        FROM membership_roles mr \
        JOIN memberships m ON m.user_id = mr.user_id AND m.tenant_id = mr.tenant_id \
        JOIN users u ON u.id = mr.user_id \
        WHERE mr.tenant_id = $1 AND mr.role_id IN (SELECT r.id FROM roles r \
            WHERE r.base = 'admin' AND (r.tenant_id IS NULL OR r.tenant_id = $1)) \
        AND m.active AND (m.expires_at IS NULL OR m.expires_at > $2) AND u.active AND NOT u.locked";
    OPERATORS = "SELECT COUNT(*), COUNT(password_hash) FROM users WHERE is_operator AND active AND NOT locked";
}

/// What a membership holds besides who and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub active: bool,
    /// `None`: it does not end by itself.
    pub expires_at: Option<Timestamp>,
    pub roles: Vec<RoleId>,
    pub sites: Vec<SiteId>,
}

/// All memberships of a user, live or not, by the tenant's number.
pub async fn of_user(tx: &mut ReadTx<'_>, user: UserId) -> Result<Vec<Membership>, StoreError> {
    let bare: Vec<(TenantId, (bool, Option<Timestamp>))> = tx.list(&OF_USER, params![user], bare).await?;
    let mut bare: HashMap<TenantId, _> = bare.into_iter().collect();
    let mut held: HashMap<TenantId, Vec<Arc<Role>>> = HashMap::new();
    for (tenant, role) in roles::of_user(tx, user).await? {
        held.entry(tenant).or_default().push(Arc::new(role));
    }
    let mut sites: HashMap<TenantId, Vec<_>> = HashMap::new();
    for (tenant, site) in tenants::sites_of_user(tx, user).await? {
        sites.entry(tenant).or_default().push(site);
    }
    let mut all = Vec::new();
    for tenant in tenants::of_user(tx, user).await? {
        let Some((active, expires_at)) = bare.remove(&tenant.id) else { continue };
        let mut roles = held.remove(&tenant.id).unwrap_or_default();
        roles.sort_by(|a, b| a.by_strength(b));
        let sites = sites.remove(&tenant.id).unwrap_or_default();
        all.push(Membership { user, tenant: Arc::new(tenant), active, expires_at, roles, sites });
    }
    Ok(all)
}

/// # Errors
/// `Conflict` names `membership` when there is one.
pub async fn add(
    tx: &mut WriteTx<'_>,
    (user, tenant): (UserId, TenantId),
    seat: &Seat,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !tx.any(&ADD, params![user, tenant, seat.active, seat.expires_at, now]).await? {
        return Err(StoreError::Conflict { field: "membership" });
    }
    give(tx, (user, tenant), seat).await
}

/// A new membership in the place of an old one, of which nothing stays; the tenant stays the user's home where it is.
pub async fn renew(
    tx: &mut WriteTx<'_>,
    (user, tenant): (UserId, TenantId),
    seat: &Seat,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.any(&REMOVE, params![user, tenant]).await?;
    add(tx, (user, tenant), seat, now).await
}

/// The membership as it shall be, its roles and sites included; `false`: there is none.
pub async fn set(
    tx: &mut WriteTx<'_>,
    (user, tenant): (UserId, TenantId),
    seat: &Seat,
) -> Result<bool, StoreError> {
    if !tx.any(&SET, params![user, tenant, seat.active, seat.expires_at]).await? {
        return Ok(false);
    }
    tx.run(&DROP_ROLES, params![user, tenant]).await?;
    tx.run(&DROP_SITES, params![user, tenant]).await?;
    give(tx, (user, tenant), seat).await?;
    Ok(true)
}

/// Takes the person's webhooks in the tenant away; but for those of a world file, unless `all`.
pub async fn drop_webhooks(
    tx: &mut WriteTx<'_>,
    (user, tenant): (UserId, TenantId),
    all: bool,
) -> Result<(), StoreError> {
    let drop = if all { &DROP_WEBHOOKS } else { &DROP_OWN_WEBHOOKS };
    tx.run(drop, params![user, tenant]).await.map(|_| ())
}

/// Takes the membership away with its roles and sites. What hung on it goes before. `false`: there is none.
pub async fn remove(tx: &mut WriteTx<'_>, user: UserId, tenant: TenantId) -> Result<bool, StoreError> {
    let gone = tx.any(&REMOVE, params![user, tenant]).await?;
    if gone {
        tx.run(&FORGET_HOME, params![user, tenant]).await?;
        tx.changed(user.uuid());
        population::moved(tx, tenant);
    }
    Ok(gone)
}

async fn give(
    tx: &mut WriteTx<'_>,
    (user, tenant): (UserId, TenantId),
    seat: &Seat,
) -> Result<(), StoreError> {
    for role in &seat.roles {
        tx.run(&GIVE, params![user, tenant, *role]).await?;
    }
    for site in &seat.sites {
        tx.run(&PLACE, params![user, tenant, *site]).await?;
    }
    tx.changed(user.uuid());
    population::moved(tx, tenant);
    Ok(())
}

/// How many administer a tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Administrators {
    /// Account and membership live now.
    pub live: i64,
    /// Of them, those whose membership does not end by itself.
    pub lasting: i64,
    /// Of the live ones, those who have a password to sign in with.
    pub able: i64,
    /// Those who are both.
    pub able_lasting: i64,
}

/// How many run the installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Operators {
    /// Neither deactivated nor locked.
    pub live: i64,
    /// Of them, those who have a password to sign in with.
    pub able: i64,
}

/// Built on base `admin`, membership and account live.
pub async fn administrators(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    now: Timestamp,
) -> Result<Administrators, StoreError> {
    let row = tx.row(&ADMINISTRATORS, params![tenant, now]).await?;
    let Some(mut row) = row else { return Ok(Administrators::default()) };
    let (live, lasting) = (row.take("live")?, row.take("lasting")?);
    Ok(Administrators { live, lasting, able: row.take("able")?, able_lasting: row.take("able_lasting")? })
}

pub async fn operators(tx: &mut ReadTx<'_>) -> Result<Operators, StoreError> {
    let row = tx.row(&OPERATORS, params![]).await?;
    let Some(mut row) = row else { return Ok(Operators::default()) };
    Ok(Operators { live: row.take("live")?, able: row.take("able")? })
}

fn bare(mut row: Row) -> Result<(TenantId, (bool, Option<Timestamp>)), StoreError> {
    Ok((row.take("tenant_id")?, (row.take("active")?, row.take("expires_at")?)))
}
