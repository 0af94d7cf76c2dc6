//! Users in tenants, assembled with the roles and sites that they hold there.

use std::collections::HashMap;
use std::sync::Arc;

use domain::membership::Membership;
use domain::standing::{Bond, Owner};
use domain::{Role, RoleId, TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, WriteTx, params, statements};
use crate::error::StoreError;
use crate::{population, roles, tenants};

statements! { "memberships";
    OF_USER = "SELECT tenant_id, active, expires_at FROM memberships WHERE user_id = $1";
    ADD = "INSERT INTO memberships (user_id, tenant_id, active, expires_at, origin, created_at) \
        VALUES ($1, $2, TRUE, NULL, '', $3) ON CONFLICT (user_id, tenant_id) DO NOTHING RETURNING user_id";
    GIVE = "INSERT INTO membership_roles (user_id, tenant_id, role_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    ADMINISTRATORS = "SELECT COUNT(DISTINCT m.user_id) FROM memberships m \
        JOIN membership_roles mr ON mr.user_id = m.user_id AND mr.tenant_id = m.tenant_id \
        JOIN roles r ON r.id = mr.role_id JOIN users u ON u.id = m.user_id \
        WHERE m.tenant_id = $1 AND m.user_id <> $2 AND m.active AND (m.expires_at IS NULL OR m.expires_at > $3) \
        AND u.active AND NOT u.locked AND r.base = 'admin'";
    OPERATORS = "SELECT COUNT(*) FROM users WHERE is_operator AND active AND NOT locked AND id <> $1";
    PAGE = "SELECT u.id, u.email, u.name, u.active, u.locked, u.is_operator, m.active AS member, m.expires_at \
        FROM users u JOIN memberships m ON m.user_id = u.id \
        WHERE m.tenant_id = $3 AND u.email > $1 ORDER BY u.email LIMIT $2";
    ROLES_OF_PAGE = "SELECT mr.user_id, mr.role_id FROM users u JOIN membership_roles mr ON mr.user_id = u.id \
        WHERE mr.tenant_id = $3 AND u.email > $1 AND u.email <= $2";
}

/// A user and his membership, live or not.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: UserId,
    pub email: String,
    pub name: Option<String>,
    pub owner: Owner,
    pub operator: bool,
    pub bond: Bond,
    /// In no order.
    pub roles: Vec<RoleId>,
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
    user: UserId,
    tenant: TenantId,
    role: RoleId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !tx.any(&ADD, params![user, tenant, now]).await? {
        return Err(StoreError::Conflict { field: "membership" });
    }
    tx.run(&GIVE, params![user, tenant, role]).await?;
    tx.changed(user.uuid());
    population::moved(tx, tenant);
    Ok(())
}

/// Live, active administrators of the tenant besides `but`.
pub async fn other_administrators(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    but: UserId,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let row = tx.row(&ADMINISTRATORS, params![tenant, but, now]).await?;
    row.map_or(Ok(0), |mut row| row.take("count"))
}

/// Operators who can sign in, besides `but`.
pub async fn other_operators(tx: &mut ReadTx<'_>, but: UserId) -> Result<i64, StoreError> {
    let row = tx.row(&OPERATORS, params![but]).await?;
    row.map_or(Ok(0), |mut row| row.take("count"))
}

fn bare(mut row: Row) -> Result<(TenantId, (bool, Option<Timestamp>)), StoreError> {
    Ok((row.take("tenant_id")?, (row.take("active")?, row.take("expires_at")?)))
}

/// By e-mail, `limit` at most, behind the address `after`.
pub async fn page(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    after: &str,
    limit: i64,
) -> Result<Vec<Member>, StoreError> {
    let mut members = tx.list(&PAGE, params![after, limit, tenant], member).await?;
    let Some(last) = members.last().map(|member| member.email.clone()) else { return Ok(members) };
    let held = tx.list(&ROLES_OF_PAGE, params![after, &last, tenant], pair).await?;
    let mut roles: HashMap<UserId, Vec<RoleId>> = HashMap::new();
    for (user, role) in held {
        roles.entry(user).or_default().push(role);
    }
    for member in &mut members {
        member.roles = roles.remove(&member.id).unwrap_or_default();
    }
    Ok(members)
}

fn pair(mut row: Row) -> Result<(UserId, RoleId), StoreError> {
    Ok((row.take("user_id")?, row.take("role_id")?))
}

fn member(mut row: Row) -> Result<Member, StoreError> {
    Ok(Member {
        id: row.take("id")?,
        email: row.take("email")?,
        name: row.take("name")?,
        owner: Owner { active: row.take("active")?, locked: row.take("locked")? },
        operator: row.take("is_operator")?,
        bond: Bond::Member { active: row.take("member")?, ends_at: row.take("expires_at")? },
        roles: Vec::new(),
    })
}
