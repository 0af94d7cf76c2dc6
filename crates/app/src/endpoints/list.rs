//! A part of the inventory, in the order of URL, collection and method. Asks for `endpoints:read`.

use domain::Permission;
use domain::endpoint::{Endpoint, Key};
use store::endpoints::{Part, page};
use store::{ReadTx, StoreError};

use super::tenant;
use crate::Ctx;
use crate::failure::Failure;
use crate::principal::Caller;
use crate::tenants::TenantName;

/// What is wanted of the inventory.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// `None`: that of the credential.
    pub tenant: Option<TenantName>,
    pub collection: Option<i64>,
    pub method: Option<&'static str>,
    /// How the URL begins.
    pub search: String,
    /// Where the list goes on.
    pub after: Option<Key>,
    /// Rows at most.
    pub limit: usize,
}

/// A part of the list. It may hold fewer than the limit, even none, while `next` says that there is more to look at.
#[derive(Debug)]
pub struct Listed {
    pub items: Vec<Endpoint>,
    pub next: Option<Key>,
}

/// Rows looked at for one answer at most: neither a method nor what the caller may see has an index of its own.
const LOOKED_AT: usize = 5_000;
const AT_ONCE: usize = 500;

pub async fn run(ctx: &Ctx, caller: &Caller, command: Command) -> Result<Listed, Failure> {
    let (tenant, _) = tenant(ctx, caller, command.tenant.as_ref(), &Permission::ENDPOINTS_READ).await?;
    // What somebody's roles in one tenant name says nothing about another one.
    let here = caller.principal().tenant == Some(tenant);
    let seen = if here { caller.principal().authority.collections() } else { None };
    let read: Result<Listed, StoreError> = ctx
        .store
        .scan(move |tx| {
            let (command, seen) = (command.clone(), seen.clone());
            Box::pin(async move { look(tx, tenant, &command, seen.as_deref()).await })
        })
        .await;
    Ok(read?)
}

async fn look(
    tx: &mut ReadTx<'_>,
    tenant: domain::TenantId,
    command: &Command,
    seen: Option<&[i64]>,
) -> Result<Listed, StoreError> {
    let fits = |endpoint: &Endpoint| {
        command.method.is_none_or(|method| endpoint.key.method == method)
            && seen.is_none_or(|seen| seen.contains(&endpoint.key.collection))
    };
    let (mut items, mut after, mut looked) = (Vec::new(), command.after.clone(), 0);
    loop {
        let part = Part {
            collection: command.collection,
            after: after.clone(),
            prefix: command.search.clone(),
            limit: i64::try_from(AT_ONCE).unwrap_or(i64::MAX),
        };
        let rows = page(tx, tenant, &part).await?;
        let is_last = rows.len() < AT_ONCE;
        for row in rows {
            if items.len() == command.limit || looked == LOOKED_AT {
                return Ok(Listed { items, next: after });
            }
            looked += 1;
            after = Some(row.key.clone());
            if fits(&row) {
                items.push(row);
            }
        }
        if is_last {
            return Ok(Listed { items, next: None });
        }
    }
}
