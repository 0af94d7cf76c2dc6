//! A tenant's members by e-mail, page by page: three statements a page, each along an index.

use std::collections::HashMap;

use domain::tenant::Site;
use domain::user::User;
use domain::{EmailRange, RoleId, TenantId, Timestamp, UserId};

use crate::db::{ReadTx, Row, params, statements};
use crate::error::StoreError;
use crate::users;

statements! { "memberships";
    ADDRESSES = "SELECT email FROM memberships WHERE tenant_id = $1 AND email >= $2 AND email < $3 \
        ORDER BY email LIMIT $4";
    PAGE = concat!("SELECT ", users::columns!(), ", m.active, m.expires_at, m.created_at \
        FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.tenant_id = $1 AND m.email >= $2 AND m.email < $3 ORDER BY m.email LIMIT $4");
    ROLES = "SELECT mr.user_id, mr.role_id FROM memberships m \
        JOIN membership_roles mr ON mr.user_id = m.user_id AND mr.tenant_id = m.tenant_id \
        WHERE m.tenant_id = $1 AND m.email >= $2 AND m.email < $3";
    SITES = "SELECT ms.user_id, s.id, s.key, s.name FROM memberships m \
        JOIN membership_sites ms ON ms.user_id = m.user_id AND ms.tenant_id = m.tenant_id \
        JOIN sites s ON s.id = ms.site_id \
        WHERE m.tenant_id = $1 AND m.email >= $2 AND m.email < $3 ORDER BY s.name, s.id";
}

/// A user and his membership, live or not.
#[derive(Clone, Debug)]
pub struct Member {
    pub user: User,
    /// Of the membership.
    pub active: bool,
    pub expires_at: Option<Timestamp>,
    pub joined_at: Timestamp,
    /// In no order.
    pub roles: Vec<RoleId>,
    /// By name.
    pub sites: Vec<Site>,
}

/// The addresses alone, in their order, `limit` at most: read from the index.
pub async fn addresses(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    range: &EmailRange,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    tx.list(&ADDRESSES, params![tenant, range.from(), range.until(), limit], |mut row| row.take("email"))
        .await
}

/// By e-mail, `limit` at most.
pub async fn page(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    range: &EmailRange,
    limit: i64,
) -> Result<Vec<Member>, StoreError> {
    let mut members = tx.list(&PAGE, params![tenant, range.from(), range.until(), limit], member).await?;
    let Some(last) = members.last() else { return Ok(members) };
    let range = range.clone().up_to(last.user.email.as_str());
    let bounds = params![tenant, range.from(), range.until()];
    let mut roles =
        of_each(tx.list(&ROLES, bounds, |mut row| Ok((row.take("user_id")?, row.take("role_id")?))).await?);
    let mut sites = of_each(tx.list(&SITES, bounds, |mut row| Ok((row.take("user_id")?, site(row)?))).await?);
    for member in &mut members {
        member.roles = roles.remove(&member.user.id).unwrap_or_default();
        member.sites = sites.remove(&member.user.id).unwrap_or_default();
    }
    Ok(members)
}

fn of_each<T>(pairs: Vec<(UserId, T)>) -> HashMap<UserId, Vec<T>> {
    let mut all: HashMap<UserId, Vec<T>> = HashMap::new();
    for (user, item) in pairs {
        all.entry(user).or_default().push(item);
    }
    all
}

fn site(mut row: Row) -> Result<Site, StoreError> {
    Ok(Site { id: row.take("id")?, key: row.take("key")?, name: row.take("name")? })
}

fn member(mut row: Row) -> Result<Member, StoreError> {
    Ok(Member {
        user: users::read_from(&mut row)?,
        active: row.take("active")?,
        expires_at: row.take("expires_at")?,
        joined_at: row.take("created_at")?,
        roles: Vec::new(),
        sites: Vec::new(),
    })
}
