//! Live tokens page by page, whoever owns them: for the operator's command line, and for who administers a tenant's.

use domain::Permission;
use domain::token::Token;
use store::{ReadTx, StoreError, roles, tenants, tokens, users};

use super::list::After;
use crate::Ctx;
use crate::authorize::authorize;
use crate::failure::{Failure, Kind};
use crate::principal::Caller;
use crate::tenants::{TenantName, reach};

/// A token and what its ids stand for.
#[derive(Debug)]
pub struct Surveyed {
    pub token: Token,
    /// Key of the tenant.
    pub tenant: String,
    /// E-mail of the owner; `None`: the tenant's own.
    pub owner: Option<String>,
    /// Keys of the cap, or of the roles of a tenant's own.
    pub roles: Vec<String>,
}

/// `limit` at most behind `after`, oldest first; of one tenant where its key is given.
///
/// # Errors
/// `NotFound` names a tenant that is not there.
pub async fn page(
    ctx: &Ctx,
    tenant: Option<&str>,
    after: After,
    limit: i64,
) -> Result<Vec<Surveyed>, Failure> {
    let (key, now) = (tenant.map(str::to_owned), ctx.now());
    let found: Result<Option<Vec<Surveyed>>, StoreError> = ctx
        .store
        .scan(move |tx| {
            let key = key.clone();
            Box::pin(async move {
                let listed = match key {
                    None => tokens::all(tx, now, after, limit).await?,
                    Some(key) => match tenants::by_key(tx, &key).await? {
                        None => return Ok(None),
                        Some(tenant) => tokens::list(tx, (tenant.id, None), now, after, limit).await?,
                    },
                };
                let mut named = Vec::new();
                for token in listed {
                    named.push(name(tx, token).await?);
                }
                Ok(Some(named))
            })
        })
        .await;
    let missing = || format!("There is no tenant {}.", tenant.unwrap_or_default());
    found?.ok_or_else(|| Failure::new(Kind::NotFound, "not_found", missing()))
}

/// The live tokens of one tenant, whoever owns them, oldest first: `limit` at most behind `after`. Asks for
/// `tokens:admin`.
///
/// # Errors
/// `Hidden` for another tenant; `Forbidden`.
pub async fn of_tenant(
    ctx: &Ctx,
    caller: &Caller,
    tenant: &TenantName,
    (after, limit): (After, i64),
) -> Result<Vec<Surveyed>, Failure> {
    let tenant = reach(ctx, caller, tenant).await?;
    authorize(ctx, caller, &Permission::TOKENS_ADMIN, Some(tenant)).await?;
    let now = ctx.now();
    let listed: Result<Vec<Surveyed>, StoreError> = ctx
        .store
        .scan(move |tx| {
            Box::pin(async move {
                let mut named = Vec::new();
                for token in tokens::list(tx, (tenant, None), now, after, limit).await? {
                    named.push(name(tx, token).await?);
                }
                Ok(named)
            })
        })
        .await;
    Ok(listed?)
}

async fn name(tx: &mut ReadTx<'_>, token: Token) -> Result<Surveyed, StoreError> {
    let tenant = tenants::by_id(tx, token.tenant).await?;
    let owner = match token.owner {
        Some(owner) => users::by_id(tx, owner).await?.map(|user| user.email.as_str().to_owned()),
        None => None,
    };
    let held = match (token.cap, token.owner) {
        (Some(cap), _) => roles::by_id(tx, cap).await?.into_iter().collect(),
        (None, Some(_)) => Vec::new(),
        (None, None) => roles::of_token(tx, token.id).await?,
    };
    let roles = held.into_iter().map(|role| role.key).collect();
    Ok(Surveyed { token, tenant: tenant.map(|tenant| tenant.key).unwrap_or_default(), owner, roles })
}
