//! A tenant's members by e-mail, page by page: three statements a page, each along an index.

use std::collections::HashMap;

use domain::tenant::Site;
use domain::user::User;
use domain::{EmailRange, RoleId, TenantId, Timestamp, UserId};

use crate::Statement;
use crate::db::{Param, ReadTx, Row, params, statements};
use crate::error::StoreError;
use crate::users;

/// Addresses that one statement looks up.
pub const AT_ONCE: usize = 32;

/// `$2` to `$33`: [`AT_ONCE`] of them.
macro_rules! one_of_these {
    () => {
        "m.tenant_id = $1 AND m.email IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)"
    };
}
macro_rules! within {
    () => {
        "m.tenant_id = $1 AND m.email >= $2 AND m.email < $3"
    };
}
macro_rules! select {
    ($($rest:expr),*) => {
        concat!("SELECT ", users::columns!(), ", m.active, m.expires_at, m.created_at \
            FROM memberships m JOIN users u ON u.id = m.user_id WHERE ", $($rest),*)
    };
}
macro_rules! roles {
    ($of:expr) => {
        concat!(
            "SELECT mr.user_id, mr.role_id FROM memberships m \
            JOIN membership_roles mr ON mr.user_id = m.user_id AND mr.tenant_id = m.tenant_id WHERE ",
            $of
        )
    };
}
macro_rules! sites {
    ($of:expr) => {
        concat!(
            "SELECT ms.user_id, s.id, s.key, s.name FROM memberships m \
            JOIN membership_sites ms ON ms.user_id = m.user_id AND ms.tenant_id = m.tenant_id \
            JOIN sites s ON s.id = ms.site_id WHERE ",
            $of,
            " ORDER BY s.name, s.id"
        )
    };
}

statements! { "memberships";
    ADDRESSES = "SELECT email FROM memberships WHERE tenant_id = $1 AND email >= $2 AND email < $3 \
        ORDER BY email LIMIT $4";
    PAGE = select!(within!(), " ORDER BY m.email LIMIT $4");
    ROLES = roles!(within!());
    SITES = sites!(within!());
    NAMED = select!(one_of_these!(), " ORDER BY m.email");
    ROLES_OF_NAMED = roles!(one_of_these!());
    SITES_OF_NAMED = sites!(one_of_these!());
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
    let members = tx.list(&PAGE, params![tenant, range.from(), range.until(), limit], member).await?;
    let Some(last) = members.last() else { return Ok(members) };
    let range = range.clone().up_to(last.user.email.as_str());
    filled(tx, members, [&ROLES, &SITES], params![tenant, range.from(), range.until()]).await
}

/// Those with one of these addresses, by e-mail: three statements for every [`AT_ONCE`].
pub async fn named(
    tx: &mut ReadTx<'_>,
    tenant: TenantId,
    addresses: &[String],
) -> Result<Vec<Member>, StoreError> {
    let mut all = Vec::with_capacity(addresses.len());
    for some in addresses.chunks(AT_ONCE) {
        // A place without an address of its own repeats the last one.
        let last = some.last().map(String::as_str).unwrap_or_default();
        let mut of_these = vec![Param::from(tenant)];
        of_these.extend((0..AT_ONCE).map(|at| Param::from(some.get(at).map_or(last, String::as_str))));
        let members = tx.list(&NAMED, &of_these, member).await?;
        all.extend(filled(tx, members, [&ROLES_OF_NAMED, &SITES_OF_NAMED], &of_these).await?);
    }
    Ok(all)
}

/// With the roles and sites that two statements find for them.
async fn filled(
    tx: &mut ReadTx<'_>,
    mut members: Vec<Member>,
    [roles, sites]: [&'static Statement; 2],
    of_these: &[Param<'_>],
) -> Result<Vec<Member>, StoreError> {
    let role = |mut row: Row| Ok((row.take("user_id")?, row.take("role_id")?));
    let mut roles = of_each(tx.list(roles, of_these, role).await?);
    let mut sites =
        of_each(tx.list(sites, of_these, |mut row| Ok((row.take("user_id")?, site(row)?))).await?);
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
