//! The lists that hang on a row: roles and sites of a membership, roles of a tenant's own token.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::cell::param;
use crate::db::{Param, ReadTx, Row, Statement, Value, WriteTx, statements};
use crate::error::StoreError;

statements! { "links";
    LIST_ROLES = "SELECT role_id FROM membership_roles WHERE user_id = $1 AND tenant_id = $2";
    ADD_ROLE = "INSERT INTO membership_roles (user_id, tenant_id, role_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    DROP_ROLE = "DELETE FROM membership_roles WHERE user_id = $1 AND tenant_id = $2 AND role_id = $3";
    LIST_SITES = "SELECT site_id FROM membership_sites WHERE user_id = $1 AND tenant_id = $2";
    ADD_SITE = "INSERT INTO membership_sites (user_id, tenant_id, site_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    DROP_SITE = "DELETE FROM membership_sites WHERE user_id = $1 AND tenant_id = $2 AND site_id = $3";
    LIST_TOKEN_ROLES = "SELECT role_id FROM token_roles WHERE token_id = $1";
    ADD_TOKEN_ROLE = "INSERT INTO token_roles (token_id, role_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    DROP_TOKEN_ROLE = "DELETE FROM token_roles WHERE token_id = $1 AND role_id = $2";
}

/// A table of pairs; its owner is the key of another row.
pub struct Relation {
    /// How a world file calls the list.
    pub name: &'static str,
    list: &'static Statement,
    add: &'static Statement,
    remove: &'static Statement,
}

/// Owner: user, tenant.
pub static MEMBERSHIP_ROLES: Relation =
    Relation { name: "roles", list: &LIST_ROLES, add: &ADD_ROLE, remove: &DROP_ROLE };
/// Owner: user, tenant.
pub static MEMBERSHIP_SITES: Relation =
    Relation { name: "sites", list: &LIST_SITES, add: &ADD_SITE, remove: &DROP_SITE };
/// Owner: token.
pub static TOKEN_ROLES: Relation =
    Relation { name: "roles", list: &LIST_TOKEN_ROLES, add: &ADD_TOKEN_ROLE, remove: &DROP_TOKEN_ROLE };

/// What hangs on the owner.
pub async fn linked(
    tx: &mut ReadTx<'_>,
    relation: &Relation,
    owner: &[Value],
) -> Result<BTreeSet<Uuid>, StoreError> {
    let owner: Vec<Param<'_>> = owner.iter().map(param).collect();
    let ids = tx.list(relation.list, &owner, |mut row: Row| row.take("id")).await?;
    Ok(ids.into_iter().collect())
}

pub async fn link(
    tx: &mut WriteTx<'_>,
    relation: &Relation,
    owner: &[Value],
    item: Uuid,
) -> Result<(), StoreError> {
    let row: Vec<Param<'_>> = owner.iter().map(param).chain([Param::Uuid(item)]).collect();
    tx.run(relation.add, &row).await.map(drop)
}

pub async fn unlink(
    tx: &mut WriteTx<'_>,
    relation: &Relation,
    owner: &[Value],
    item: Uuid,
) -> Result<(), StoreError> {
    let row: Vec<Param<'_>> = owner.iter().map(param).chain([Param::Uuid(item)]).collect();
    tx.run(relation.remove, &row).await.map(drop)
}
